import { runAlone } from '#libs/messaging';
import { openCallers } from '#libs/platform';
import { PortalStage } from './portal-stage.ts';
import { PortalModule } from './portal.module.ts';

await runAlone('portal', (common, fatal) => {
  const callers = openCallers(common.configuration.callersFile, common.county);
  const parts = { ...common, fatal: (_stage: string, error: Error) => fatal(error) };
  const stage = new PortalStage(parts);
  return { stage, isOpen: () => stage.isOpen(), callers, imports: [PortalModule.register(parts)] };
});
