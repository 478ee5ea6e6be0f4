import { runAlone } from '#libs/hosting';
import { openCallers } from '#libs/platform';
import { RouterStage } from './router-stage.ts';
import { RouterModule } from './router.module.ts';

await runAlone('router', (shared, fatal) => {
  const callers = openCallers(shared.configuration.callersFile, shared.county);
  const authenticate = (authorization: string | undefined) => callers.byAuthorization(authorization);
  const parts = { ...shared, authenticate, fatal };
  const stage = new RouterStage(parts);
  return { stage, imports: [RouterModule.register(parts, stage)] };
});
