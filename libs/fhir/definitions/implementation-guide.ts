import type { ImplementationGuide, ImplementationGuideDefinitionResource } from 'fhir/r4.js';
import { FHIR_BASE } from '#libs/fhir';
import { definitionHead } from './closed-profile.ts';

/** The name of the package that `npm run package:fhir` makes, by which validators load it. */
const PACKAGE_ID = 'bryggan.fhir.samordning';
const DATE = '2026-11-28';

interface Listed {
  readonly resourceType: string;
  readonly id?: string | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
}

/** The guide that binds what the outside may rely on in FHIR. @param conformance what it defines */
export function implementationGuide(conformance: readonly Listed[]): ImplementationGuide {
  return {
    resourceType: 'ImplementationGuide',
    ...definitionHead(
      `${FHIR_BASE}/ImplementationGuide/${PACKAGE_ID}`,
      'Samordning vid utskrivning, Stockholms län',
      'Meddelanden mellan slutenvård, öppenvård och kommuner enligt lagen (2017:612) om samverkan vid utskrivning.',
    ),
    date: DATE,
    packageId: PACKAGE_ID,
    // What is published beside the code; the code itself has no licence.
    license: 'not-open-source',
    fhirVersion: ['4.0.1'],
    definition: {
      resource: conformance.map(({ resourceType, id = '', title }): ImplementationGuideDefinitionResource => ({
        reference: { reference: `${resourceType}/${id}` },
        ...(title !== undefined && { name: title }),
        exampleBoolean: false,
      })),
    },
  };
}
