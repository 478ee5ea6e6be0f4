import { openCallers } from '#libs/county';
import { runAlone } from '#libs/hosting';
import { WatcherStage } from './watcher-stage.ts';
import { DeviationsModule, SendersModule, WatcherModule } from './watcher.module.ts';

await runAlone('watcher', (shared, fatal) => {
  const stage = new WatcherStage({ ...shared, fatal });
  const callers = openCallers(shared.configuration.callersFile, shared.county);
  const senders = SendersModule.register(
    (since) => stage.senders(since),
    () => shared.clock.now(),
  );
  return { stage, callers, imports: [WatcherModule.register(stage), senders, DeviationsModule.register(shared)] };
});
