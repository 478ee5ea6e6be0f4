export { portalGroups, type PortalGroup } from './portal-groups.ts';
export type { PortalParts } from './portal-parts.ts';
export { PortalStage } from './portal-stage.ts';
export { PortalModule } from './portal.module.ts';
