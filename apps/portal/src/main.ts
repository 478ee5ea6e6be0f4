import { runAlone } from '#libs/hosting';
import { openCallers } from '#libs/platform';
import { PortalStage } from './portal-stage.ts';
import { PortalModule } from './portal.module.ts';

await runAlone('portal', (common, fatal) => {
  const callers = openCallers(common.configuration.callersFile, common.county);
  const parts = { ...common, callers, fatal: (_stage: string, error: Error) => fatal(error) };
  const stage = new PortalStage(parts);
  return { stage, isOpen: () => stage.isOpen(), imports: [PortalModule.register(parts)] };
});
