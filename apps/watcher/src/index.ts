export type { WatcherParts } from './watcher-parts.ts';
export { WatcherStage } from './watcher-stage.ts';
export { MIGRATIONS as WATCHER_MIGRATIONS, SCHEMA as WATCHER_SCHEMA } from './migrations/index.ts';
