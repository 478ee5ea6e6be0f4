export { PortalModule, PortalViewsModule } from './portal.module.ts';
export { PORTAL_CONSUMERS, PortalStage, type PortalParts } from './portal-stage.ts';
export { openFhirAnswers } from './fhir-api/fhir-answers.ts';
export type { FhirAnswers, FhirRequest, WrittenAnswer } from './fhir-api/fhir-message.ts';
