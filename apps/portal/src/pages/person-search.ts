import type { Patient } from 'fhir/r4.js';
import { IDENTIFIER_SYSTEM } from '#libs/fhir';
import type { IdMaker } from '#libs/platform';
import { wordsOf } from '../view/columns.ts';

/** Kinds of numbers by which people look for a person. */
const SYSTEMS = [
  IDENTIFIER_SYSTEM.personnummer,
  IDENTIFIER_SYSTEM.samordningsnummer,
  IDENTIFIER_SYSTEM.nationelltReservnummer,
  IDENTIFIER_SYSTEM['reservnummer-stockholm'],
  IDENTIFIER_SYSTEM['LMA-nummer'],
];

/** What somebody looks for: a number, as the ids that its person would have in the party's view, or words of a name. */
interface PersonSought {
  readonly patients: readonly string[];
  readonly words: string;
}

/**
 * Reads what was written into a search for a person. Nothing else can be searched for (SEC-04), and no number is kept: a view
 * knows a person by an id that is made of the party and the number.
 * @returns undefined for what is too short to be either
 */
export function personSought(text: string, party: string, ids: Pick<IdMaker, 'patientOf'>): PersonSought | undefined {
  const number = text.replace(/[\s-]/g, '').toUpperCase();
  if (/\d/.test(number)) {
    if (!/^[\dA-Z]{8,14}$/.test(number)) return undefined;
    return { patients: SYSTEMS.map((system) => ids.patientOf(party, system, number)), words: '' };
  }
  const words = wordsOf(text);
  return words.length < 3 ? undefined : { patients: [], words };
}

/** What a page calls a person; a name that is not told is said to be missing. */
export function personName(patient: Patient | undefined): string {
  const name = patient?.name?.[0];
  return [...(name?.given ?? []), name?.family].filter(Boolean).join(' ') || 'Namn saknas';
}
