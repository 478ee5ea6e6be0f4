import { runAlone } from '#libs/hosting';
import { openCallers } from '#libs/platform';
import { PortalStage } from './portal-stage.ts';
import { PortalModule } from './portal.module.ts';

await runAlone('portal', (shared, fatal) => {
  const callers = openCallers(shared.configuration.callersFile, shared.county);
  const parts = { ...shared, callers, fatal };
  return { stage: new PortalStage(parts), imports: [PortalModule.register(parts)] };
});
