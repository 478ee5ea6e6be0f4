import { runAlone } from '#libs/hosting';
import { WatcherStage } from './watcher-stage.ts';

await runAlone('watcher', (parts, fatal) => {
  const stage = new WatcherStage({ ...parts, fatal });
  return { stage, isOpen: () => stage.isOpen() };
});
