import { runAlone } from '#libs/hosting';
import { openCallers } from '#libs/county';
import { PortalStage } from './views.controller.ts';
import { PortalModule } from './portal.module.ts';
import { PortalViewsModule } from './views.module.ts';

await runAlone('portal', (shared, fatal) => {
  const callers = openCallers(shared.configuration.callersFile, shared.county);
  const parts = { ...shared, fatal };
  return {
    stage: new PortalStage(parts),
    callers,
    imports: [PortalModule.register(parts), PortalViewsModule.register(parts)],
  };
});
