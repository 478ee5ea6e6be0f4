import { runAlone } from '#libs/hosting';
import { DispatcherStage } from './dispatcher-stage.ts';
import { DispatcherModule } from './dispatcher.module.ts';

await runAlone('dispatcher', (shared, fatal) => {
  const parts = { ...shared, fatal };
  const stage = new DispatcherStage(parts);
  return { stage, imports: [DispatcherModule.register(parts, stage)] };
});
