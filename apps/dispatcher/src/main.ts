import { runAlone } from '#libs/hosting';
import { DispatcherModule, DispatcherStage } from './dispatcher.controller.ts';

await runAlone('dispatcher', (shared, fatal) => {
  const parts = { ...shared, fatal };
  const stage = new DispatcherStage(parts);
  return { stage, imports: [DispatcherModule.register(parts, stage)] };
});
