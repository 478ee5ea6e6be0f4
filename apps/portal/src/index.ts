export { PortalModule } from './portal.module.ts';
export { PortalStage, type PortalParts } from './portal-stage.ts';
export { openFhirAnswers } from './fhir-api/fhir-answers.ts';
export type { FhirAnswers, FhirRequest, WrittenAnswer } from './fhir-api/fhir-message.ts';
