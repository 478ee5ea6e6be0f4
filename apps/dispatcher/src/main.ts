import { runAlone } from '#libs/hosting';
import { DispatcherStage } from './dispatcher-stage.ts';

await runAlone('dispatcher', (parts, fatal) => {
  const stage = new DispatcherStage({ ...parts, fatal });
  return { stage, isOpen: () => stage.isOpen() };
});
