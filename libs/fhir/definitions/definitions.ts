import type {
  CodeSystem,
  ImplementationGuide,
  MessageDefinition,
  OperationDefinition,
  StructureDefinition,
  ValueSet,
} from 'fhir/r4.js';
import { codeSystems, valueSets } from './code-systems.ts';
import { extensions } from './extensions.ts';
import { hubProfiles } from './hub-profiles.ts';
import { implementationGuide } from './implementation-guide.ts';
import { incomingProfiles } from './incoming-profiles.ts';
import { messageDefinitions } from './message-definitions.ts';
import { operationDefinitions } from './operation-definitions.ts';
import { noticeProfiles } from './notice-profiles.ts';

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
