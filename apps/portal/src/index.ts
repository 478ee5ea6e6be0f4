export { PortalModule, PortalViewsModule } from './portal.module.ts';
export { PORTAL_CONSUMERS, PortalStage, type PortalParts } from './views.controller.ts';
export { openPortalReads, type PortalReads } from './portal-reads.ts';
export type { FhirRequest, WrittenAnswer } from './fhir-api/fhir-request.ts';
export type { Rejection, RejectionQuestion } from './hub-view/rejections.ts';
