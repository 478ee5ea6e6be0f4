export { DeviationsModule, SendersModule, WatcherModule } from './watcher.module.ts';
export type { SendersReport } from './senders/sender-report.ts';
export { WATCHER_CONSUMER, WatcherStage, type WatcherParts } from './watcher-stage.ts';
