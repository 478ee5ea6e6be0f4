export { PortalModule, PortalViewsModule } from './portal.module.ts';
export { PORTAL_CONSUMERS, PortalStage, type PortalParts } from './portal-stage.ts';
export { openPortalReads, type PortalReads } from './portal-reads.ts';
export type { FhirRequest, WrittenAnswer } from './fhir-api/fhir-message.ts';
export type { Rejection, RejectionQuestion } from './hub-view/rejections.ts';
