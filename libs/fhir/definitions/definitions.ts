import type { CodeSystem, StructureDefinition, ValueSet } from 'fhir/r4.js';
import { codeSystems, valueSets } from './code-systems.ts';
import { extensions } from './extensions.ts';
import { hubProfiles } from './hub-profiles.ts';
import { noticeProfiles } from './notice-profiles.ts';

/** A file of `schemas/fhir`, by its path there. */
export interface DefinitionFile {
  readonly path: string;
  readonly resource: CodeSystem | ValueSet | StructureDefinition;
}

const FOLDER = { CodeSystem: 'code-systems', ValueSet: 'value-sets', StructureDefinition: 'profiles' } as const;

function fileOf(resource: DefinitionFile['resource']): DefinitionFile {
  const extension = resource.resourceType === 'StructureDefinition' && resource.type === 'Extension';
  const folder = extension ? 'extensions' : FOLDER[resource.resourceType];
  return { path: `${folder}/${resource.id ?? ''}.json`, resource };
}

/** All that the outside may rely on in FHIR, freshly made; `schemas/fhir` holds the same, and a test compares. */
export function definitionFiles(): DefinitionFile[] {
  return [...codeSystems(), ...valueSets(), ...extensions(), ...noticeProfiles(), ...hubProfiles()].map(fileOf);
}
