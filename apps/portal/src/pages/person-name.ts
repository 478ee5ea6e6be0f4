import type { Patient } from 'fhir/r4.js';

/** What a page calls a person; a name that is not told is said to be missing. */
export function personName(patient: Patient | undefined): string {
  const name = patient?.name?.[0];
  return [...(name?.given ?? []), name?.family].filter(Boolean).join(' ') || 'Namn saknas';
}
