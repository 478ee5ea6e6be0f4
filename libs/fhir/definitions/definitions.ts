import type {
  CodeSystem,
  ImplementationGuide,
  ImplementationGuideDefinitionResource,
  MessageDefinition,
  OperationDefinition,
  StructureDefinition,
  ValueSet,
} from 'fhir/r4.js';
import { FHIR_BASE } from '#libs/fhir';
import { definitionHead } from './closed-profile.ts';
import { codeSystems, valueSets } from './code-systems.ts';
import { extensions } from './extensions.ts';
import { hubProfiles } from './hub-profiles.ts';
import { incomingProfiles } from './incoming-profiles.ts';
import { messageDefinitions } from './message-definitions.ts';
import { noticeProfiles } from './notice-profiles.ts';
import { operationDefinitions } from './operation-definitions.ts';

/** A file of `schemas/fhir`, by its path there. */
export interface DefinitionFile {
  readonly path: string;
  readonly resource:
    CodeSystem | ValueSet | StructureDefinition | MessageDefinition | OperationDefinition | ImplementationGuide;
}

const FOLDER = {
  CodeSystem: 'code-systems',
  ValueSet: 'value-sets',
  StructureDefinition: 'profiles',
  MessageDefinition: 'message-definitions',
  OperationDefinition: 'operation-definitions',
  ImplementationGuide: 'implementation-guides',
} as const;

function fileOf(resource: DefinitionFile['resource']): DefinitionFile {
  const extension = resource.resourceType === 'StructureDefinition' && resource.type === 'Extension';
  const folder = extension ? 'extensions' : FOLDER[resource.resourceType];
  return { path: `${folder}/${resource.id ?? ''}.json`, resource };
}

/** All that the outside may rely on in FHIR, freshly made; `schemas/fhir` holds the same, and a test compares. */
export function definitionFiles(): DefinitionFile[] {
  const conformance = [
    ...[...codeSystems(), ...valueSets(), ...extensions(), ...noticeProfiles(), ...hubProfiles()],
    ...[...incomingProfiles(), ...messageDefinitions(), ...operationDefinitions()],
  ];
  return [...conformance, implementationGuide([...conformance, CAPABILITIES])].map(fileOf);
}

/** Made by the API that it tells of: `npm run documents`. */
const CAPABILITIES = { resourceType: 'CapabilityStatement', id: 'bryggan', title: 'Vad hubben kan' };

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
function implementationGuide(conformance: readonly Listed[]): ImplementationGuide {
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
