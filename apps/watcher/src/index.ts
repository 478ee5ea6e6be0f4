export { WatcherModule } from './watcher.module.ts';
export { WatcherStage, type WatcherParts } from './watcher-stage.ts';
