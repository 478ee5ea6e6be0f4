export { PortalModule } from './portal.module.ts';
export { PortalStage, type PortalParts } from './portal-stage.ts';
