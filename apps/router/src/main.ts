import { runAlone } from '#libs/hosting';
import { openCallers } from '#libs/county';
import { RouterStage } from './router-stage.ts';
import { DirectoryModule } from './directory/directory.controller.ts';
import { RouterModule } from './router.controller.ts';

await runAlone('router', (shared, fatal) => {
  const callers = openCallers(shared.configuration.callersFile, shared.county);
  const parts = { ...shared, fatal };
  const stage = new RouterStage(parts);
  return { stage, callers, imports: [RouterModule.register(parts, stage), DirectoryModule.register(parts)] };
});
