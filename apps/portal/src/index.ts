export { PortalModule } from './portal.module.ts';
export { PORTAL_CONSUMERS } from './views.controller.ts';
export type { PortalReads } from './portal-reads.ts';
export type { FhirRequest, WrittenAnswer } from './fhir-api/fhir-request.ts';
export type { Rejection, RejectionQuestion } from './hub-view/rejections.ts';
