import { runAlone } from '#libs/hosting';
import { WatcherStage } from './watcher-stage.ts';
import { WatcherModule } from './watcher.module.ts';

await runAlone('watcher', (shared, fatal) => {
  const stage = new WatcherStage({ ...shared, fatal });
  return { stage, imports: [WatcherModule.register(stage)] };
});
