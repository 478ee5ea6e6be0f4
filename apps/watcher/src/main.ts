import { openCallers } from '#libs/county';
import { runAlone } from '#libs/hosting';
import { WatcherStage } from './watcher-stage.ts';
import { WatcherModule } from './watcher.module.ts';

await runAlone('watcher', (shared, fatal) => {
  const stage = new WatcherStage({ ...shared, fatal });
  const callers = openCallers(shared.configuration.callersFile, shared.county);
  return { stage, callers, imports: [WatcherModule.register(stage)] };
});
