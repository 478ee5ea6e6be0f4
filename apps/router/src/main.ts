import { runAlone } from '#libs/messaging';
import { openCallers } from '#libs/platform';
import type { RouterParts } from './router-parts.ts';
import { RouterStage } from './router-stage.ts';
import { RouterModule } from './router.module.ts';

await runAlone('router', (common, fatal) => {
  const callers = openCallers(common.configuration.callersFile, common.county);
  const authenticate: RouterParts['authenticate'] = (authorization) => callers.byAuthorization(authorization);
  const parts: RouterParts = { ...common, authenticate, fatal };
  const stage = new RouterStage(parts);
  return { stage, isOpen: () => stage.isOpen(), imports: [RouterModule.register(parts, stage)] };
});
