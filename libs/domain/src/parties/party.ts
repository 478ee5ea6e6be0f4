import type { NeedScope } from '../codes/scope.ts';
import type { AnswerCode } from '../codes/answer-code.ts';
import type { LegalForm } from '../codes/legal-form.ts';
import { plusDays } from '../time/time.ts';

/** Id of a party (contract 1): a municipality's code, a board's `0180-<slug>`, any other party's HSA-id. */
export type PartyId = string;

/**
 * What a party is.
 *
 *   municipality, district-board  those who answer for social services and municipal health care where a person is registered
 *   municipal-unit   an office that a municipality has given a group of people to, as a city's office for the homeless
 *   federation       a federation of region and municipality (RTE-08)
 *   clinic           the region's open care: primary care, psychiatry, addiction, child psychiatry, rehabilitation
 *   hospital, ward   those who send notices, and to whom what the parties answer goes back
 *   home-care, safe-return-team, placement-coordinator
 *                    told only when a municipality or board has added them; no rule ever chooses them
 *   association      Storsthlm; region-administration: HSF. They see statistics, and no patient
 */
export const PARTY_KINDS = [
  'municipality',
  'district-board',
  'municipal-unit',
  'federation',
  'clinic',
  'hospital',
  'ward',
  'home-care',
  'safe-return-team',
  'placement-coordinator',
  'association',
  'region-administration',
] as const;
export type PartyKind = (typeof PARTY_KINDS)[number];

/** Kinds that answer for a person's social services or municipal health care. */
export const MUNICIPAL_KINDS: ReadonlySet<PartyKind> = new Set<PartyKind>([
  'municipality',
  'district-board',
  'municipal-unit',
  'federation',
]);

/** Kinds that a municipality or board may add as recipients of its own (rules 12.7). */
export const ADDED_KINDS: ReadonlySet<PartyKind> = new Set<PartyKind>([
  'home-care',
  'safe-return-team',
  'placement-coordinator',
  'clinic',
]);

/**
 * The group of people by which a municipality divides its work (rules 4.4). `elderly-psychiatry` and `elderly-addiction` are
 * those for whom two desks could be right; `unknown` are those of whom nothing says which.
 */
export const TARGET_GROUPS = [
  'child',
  'addiction',
  'elderly-addiction',
  'psychiatry',
  'elderly-psychiatry',
  'disability',
  'elderly',
  'working-age',
  'unknown',
] as const;
export type TargetGroup = (typeof TARGET_GROUPS)[number];

/** A desk of a municipality or board: who there takes what comes. It is shown to its own party alone (rules 12.5). */
export interface Desk {
  /** Stable within the party, `[a-z-]+`. */
  readonly id: string;
  readonly name: string;
  readonly takes: readonly TargetGroup[];
  /** The desk that takes whatever no other takes; every municipality and board has exactly one. */
  readonly isDefault?: true;
}

/** A group or a need that another party answers for in a municipality's place: data, so that no municipality is a special case. */
export interface Entrustment {
  readonly to: PartyId;
  readonly scopes: readonly NeedScope[];
  /** Only people of these groups, or only those without a home; absent: everybody. */
  readonly groups?: readonly (TargetGroup | 'homeless')[];
}

export const CARE_KINDS = ['primary', 'psychiatry', 'addiction', 'child-psychiatry', 'rehab'] as const;
export type CareKind = (typeof CARE_KINDS)[number];

/**
 * In what capacity a unit is concerned (rules 12.2, 12.6).
 *
 *   municipality  of the registered address, in a divided city its board (SoL 29:3)
 *   placing       that decided where the person lives, and keeps the responsibility (RTE-02)
 *   clinic        where the person is listed
 *   contact       a psychiatric or addiction clinic with an ongoing contact
 *   rehab         named by the ward
 */
export const UNIT_ROLES = ['municipality', 'placing', 'clinic', 'contact', 'rehab'] as const;
export type UnitRole = (typeof UNIT_ROLES)[number];

/** One way by which a party is reached. `topic`: `deliveries.<party>`; the others are the dispatcher's. */
export interface DeliveryAddress {
  readonly channel: 'topic' | 'fhir' | 'sdk' | 'phone' | 'post';
  readonly address: string;
}

/** A party of the county in the period that the row holds (architecture 4: effective-dated data with its source). */
export interface Party {
  readonly id: PartyId;
  readonly name: string;
  readonly kind: PartyKind;
  /** Mostly one; a federation of region and municipality is both (RTE-08). Never empty. */
  readonly legalForms: readonly LegalForm[];
  readonly hsaId?: string;
  /** Local dates `YYYY-MM-DD`, first day in and last day in force. */
  readonly from: string;
  readonly to?: string;
  /** The party that took over when this one ended (RTE-24). */
  readonly successor?: PartyId;
  /** The organisation that a ward belongs to. */
  readonly partOf?: PartyId;
  /** A municipality that is divided into boards: its bare code is no address (RTE-20). */
  readonly divided?: true;
  readonly desks?: readonly Desk[];
  readonly entrusts?: readonly Entrustment[];
  /** What care a clinic gives, and the municipalities and boards whose unlisted people are its own. */
  readonly care?: CareKind;
  readonly areas?: readonly PartyId[];
  readonly delivery?: readonly DeliveryAddress[];
  /** Where the party is reached outside office hours, as the ward is told it; `none`: nowhere, and that is said (rules 12.6). */
  readonly outOfHours?: string;
  /**
   * What the party answers through the hub: code -> the first local day. A duty to answer is judged only of one who does, from
   * that day on (DEC-13): of any other its silence says nothing.
   */
  readonly answers?: Readonly<Partial<Record<AnswerCode, string>>>;
  readonly note?: string;
  readonly source: string;
}

/** What {@link Party.outOfHours} says of a party that nobody reaches outside office hours. */
export const NOT_REACHED = 'none';

/** True when a local date lies in the period, first and last day included; a side without a day is open. */
export function isInForce({ from, to }: { readonly from?: string; readonly to?: string }, date: string): boolean {
  return (from === undefined || from <= date) && (to === undefined || date <= to);
}

/** True when two periods share a day. */
export function overlap(
  a: { readonly from: string; readonly to?: string },
  b: { readonly from: string; readonly to?: string },
): boolean {
  return a.from <= (b.to ?? LAST_DAY) && b.from <= (a.to ?? LAST_DAY);
}

/** Later than every date that stands in a directory, as text. */
export const LAST_DAY = '9999-12-31';

/** The local days on which a row begins to hold, and holds no more. */
export function daysOf({ from, to }: { readonly from: string; readonly to?: string }): string[] {
  return to === undefined || to >= LAST_DAY ? [from] : [from, plusDays(to, 1)];
}
