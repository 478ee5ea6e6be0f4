import { UNLISTED } from '../events/statements.ts';
import type { LegalForm } from '../codes/legal-form.ts';
import { ageOnDay } from '../person/person.ts';
import { CARE_TYPES, type CareType } from '../routing/routing-facts.ts';
import { ofCode } from '../stay/facts.ts';
import { dischargeOf, type Stay } from '../stay/stay.ts';
import { type Instant, localDate } from '../time/time.ts';

export const AGE_BANDS = ['0-17', '18-64', '65-79', '80+', 'unknown'] as const;
export type AgeBand = (typeof AGE_BANDS)[number];
export type Sex = 'female' | 'male' | 'unknown';
export type NeedStated = 'stated' | 'none' | 'not-stated';
/** Whether the region's open care called to a plan, for a stay after which there was to be one. */
export type PlanCall = 'called' | 'not-called';
export type HospitalKind = 'region' | 'private';
export type MunicipalityKind = 'large' | 'other' | 'outside' | 'unknown';

/**
 * What statistics count of a stay (rules 6.3, 12.5): nothing of it names the person. It follows from the stay's events alone,
 * so that a replay counts the same.
 */
export interface StayProfile {
  readonly organisation: string;
  readonly unit: string;
  readonly hospitalKind: HospitalKind;
  readonly careType: CareType;
  readonly municipality?: string;
  readonly municipalityKind: MunicipalityKind;
  /** The district board where one is stated, else the municipality. */
  readonly board?: string;
  /** The clinic that the person is listed at. */
  readonly clinic?: string;
  readonly sex: Sex;
  readonly age: AgeBand;
  readonly need: NeedStated;
  /** Absent where no plan was to be called to. */
  readonly call?: PlanCall;
  /** Of a protected person, or cancelled: counted nowhere. */
  readonly isCounted: boolean;
  readonly admittedAt?: Instant;
  /** Of the discharge in force. */
  readonly dischargedAt?: Instant;
  /** A stay is counted in the month of its discharge, `2026-05`; one that goes on elsewhere is no discharge. */
  readonly month?: string;
}

/**
 * Which municipalities of the county are large, from a local day on: six, so that the kind in a live row names none of them. The row
 * of the day of admission holds for a stay (DEC-34).
 */
const LARGE: readonly {
  readonly from: string;
  readonly source: string;
  readonly municipalities: ReadonlySet<string>;
}[] = [
  {
    from: '2018-01-01',
    source: 'more than 90 000 inhabitants on 31 December 2024 (SCB); the bound is the hub’s own',
    municipalities: new Set(['0126', '0127', '0136', '0180', '0181', '0182']),
  },
];
const COUNTY = /^01\d\d$/;

/** The profile of a stay; undefined before its admission was stated, for then nothing of it is counted. */
export function stayProfile(stay: Stay): StayProfile | undefined {
  const { admittedAt, terms, patient, ward, need } = stay;
  if (admittedAt === undefined) return undefined;
  const discharge = dischargeOf(stay);
  const dischargedAt = discharge?.at.start;
  const municipality = patient.address?.municipality;
  const { address, listedClinic } = patient;
  const board = address?.district === undefined ? municipality : `${municipality ?? ''}-${address.district}`;
  const careType = ofCode(stay.concerns, 'CARETYPE').at(-1)?.values[0];
  return {
    organisation: terms.organisation,
    unit: ward ?? terms.organisation,
    hospitalKind: hospitalKindOf(terms.legalForm),
    careType: CARE_TYPES.find((known) => known === careType) ?? 'SOM',
    ...(municipality !== undefined && { municipality }),
    municipalityKind: municipalityKindOf(municipality, localDate(admittedAt)),
    ...(board !== undefined && { board }),
    ...(listedClinic != null && listedClinic !== UNLISTED && { clinic: listedClinic }),
    sex: sexOf(stay),
    age: ageBandOf(ageOnDay(patient.birthDate ?? undefined, localDate(admittedAt)) ?? ageInNumber(stay, admittedAt)),
    need: need === undefined ? 'not-stated' : need.scopes.length === 0 ? 'none' : 'stated',
    isCounted: stay.protection === undefined && stay.state !== 'cancelled',
    admittedAt,
    ...(dischargedAt !== undefined && { dischargedAt }),
    ...(discharge &&
      dischargedAt !== undefined &&
      discharge.leaving !== 'transfer' && { month: monthOf(dischargedAt) }),
  };
}

/** The local month of an instant, `2026-05`. */
export function monthOf(instant: Instant): string {
  return localDate(instant).slice(0, 7);
}

function hospitalKindOf(form: LegalForm): HospitalKind {
  return form === 'private' ? 'private' : 'region';
}

function municipalityKindOf(municipality: string | undefined, date: string): MunicipalityKind {
  if (municipality === undefined) return 'unknown';
  if (!COUNTY.test(municipality)) return 'outside';
  const row = LARGE.findLast(({ from }) => from <= date) ?? LARGE[0];
  return row?.municipalities.has(municipality) ? 'large' : 'other';
}

/** A personal or co-ordination number says the day of birth and the sex; no other number does (rules 4.5). */
function numberIn({ patient }: Stay): string | undefined {
  const number = patient.identities.find(({ type }) => type === 'personnummer' || type === 'samordningsnummer')?.value;
  return number !== undefined && /^\d{12}$/.test(number) ? number : undefined;
}

function sexOf(stay: Stay): Sex {
  const number = numberIn(stay);
  if (number === undefined) return 'unknown';
  return Number(number.charAt(10)) % 2 === 1 ? 'male' : 'female';
}

function ageInNumber(stay: Stay, at: Instant): number | undefined {
  const number = numberIn(stay);
  if (number === undefined) return undefined;
  const day = Number(number.slice(6, 8));
  const born = `${number.slice(0, 4)}-${number.slice(4, 6)}-${String(day > 60 ? day - 60 : day).padStart(2, '0')}`;
  return ageOnDay(born, localDate(at));
}

function ageBandOf(age: number | undefined): AgeBand {
  if (age === undefined) return 'unknown';
  if (age < 18) return '0-17';
  if (age < 65) return '18-64';
  return age < 80 ? '65-79' : '80+';
}
