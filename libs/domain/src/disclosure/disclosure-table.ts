import type { LegalForm } from '../codes/legal-form.ts';
import type { Element, Ground } from '../codes/elements-and-grounds.ts';
import type { PartyKind } from '../parties/party.ts';

/**
 * The one table of what may be said (rules 8.2, 12.2, 12.3, 12.4; DEC-22), in both directions, as dated rows with their source.
 * It has two halves, and something is told only where both have a row in force on the day:
 *
 *   what a kind holds     kind, who says it, who is told it -> its elements, and on which grounds
 *   between whom          ground, legal form from and to    -> whether it carries anything at all between these two
 *
 * `docs/what-may-be-said.md` is this table, printed. `gate.ts` is its only reader that decides anything.
 */

/** Who says or is told something, as far as the table tells parties apart. */
export const SIDES = ['hospital', 'municipality', 'open-care', 'home-care'] as const;
export type Side = (typeof SIDES)[number];

const SIDE_OF: Readonly<Partial<Record<PartyKind, Side>>> = {
  hospital: 'hospital',
  ward: 'hospital',
  municipality: 'municipality',
  'district-board': 'municipality',
  'municipal-unit': 'municipality',
  federation: 'municipality',
  clinic: 'open-care',
  'home-care': 'home-care',
  // Told by the municipality that has added them, as a provider of home care is (rules 12.7).
  'safe-return-team': 'home-care',
  'placement-coordinator': 'home-care',
};

/** The side of a kind of party; undefined for one that the table has no row for: it is told nothing of any person. */
export function sideOf(kind: PartyKind): Side | undefined {
  return SIDE_OF[kind];
}

/** When a row holds: local days, first and last. */
interface Dated {
  readonly validFrom: string;
  readonly validTo?: string;
  /** Statute or rule that it rests on. */
  readonly source: string;
}

/** What one or more kinds hold, from one side to another. */
export interface DisclosureRow extends Dated {
  /** Codes of `CodeSystem/notice`. */
  readonly kinds: readonly string[];
  readonly from: readonly Side[];
  readonly to: readonly Side[];
  /** Any one of these carries it, and the first that does is named; `free`: it says no more of the person than that this is, or is not, the right recipient. */
  readonly on: readonly Ground[] | 'free';
  readonly elements: readonly Element[];
}

/** Between which legal forms a ground holds, and how it comes to hold. */
export interface GroundRow extends Dated {
  readonly ground: Ground;
  readonly from: readonly LegalForm[];
  readonly to: readonly LegalForm[];
  /**
   *   follows   from the legal forms and the kind alone: nobody need state it
   *   asked     the person has said yes, and may take it back
   *   judged    somebody has judged that what the paragraph asks for is so; who did stands in the trace
   */
  readonly holds: 'follows' | 'asked' | 'judged';
}

/** LUS came into force on this day. */
const LUS = { validFrom: '2018-01-01' } as const;

/** Grounds on which more than the lawful items may be told, in the order in which they are named: consent first (rules 12.2). */
const MORE = [
  'CONSENT',
  'SAME_REGION',
  'CHILD_OR_ABUSE_OR_COMPULSORY',
  'CANNOT_CONSENT',
  'MENPROVNING',
  'PRIVATE_PROVIDER',
] as const satisfies readonly Ground[];

/** Whom a notice is of and from whom: without it no notice is one. */
const WHOSE = ['identity', 'name', 'care-provider'] as const satisfies readonly Element[];

/** What a notice that is taken back still shows: whose it was, and nothing that it said. */
export const TAKEN_BACK: readonly Element[] = WHOSE;

const FROM_HOSPITAL = { from: ['hospital'], to: ['municipality', 'open-care'], ...LUS } as const;
const TO_HOSPITAL = { from: ['municipality', 'open-care', 'home-care'], to: ['hospital'], ...LUS } as const;

/** What is for the plan goes between all who plan, the ward among them. */
const PLANNING = {
  from: ['hospital', 'municipality', 'open-care'],
  to: ['hospital', 'municipality', 'open-care'],
  on: MORE,
  ...LUS,
} as const;

/** What each kind holds. At most one row of a kind between two sides is in force on a day. */
export const DISCLOSURES: readonly DisclosureRow[] = [
  {
    ...FROM_HOSPITAL,
    kinds: ['INS'],
    on: ['LUS_2KAP'],
    elements: [...WHOSE, 'address', 'expected-discharge', 'own-need'],
    source: 'LUS 2:2; rules 12.4',
  },
  {
    ...FROM_HOSPITAL,
    kinds: ['BUT'],
    on: ['LUS_2KAP'],
    elements: [...WHOSE, 'expected-discharge'],
    source: 'LUS 2:4; rules 12.4',
  },
  { ...FROM_HOSPITAL, kinds: ['INS-WITHDRAWN'], on: ['LUS_2KAP'], elements: TAKEN_BACK, source: 'LUS 2:1; rules 12.2' },
  {
    ...FROM_HOSPITAL,
    kinds: ['UTK'],
    on: MORE,
    elements: [...WHOSE, 'ready-since'],
    source: 'LUS 3:1; rules 12.2',
  },
  { ...FROM_HOSPITAL, kinds: ['UTK-WITHDRAWN'], on: MORE, elements: TAKEN_BACK, source: 'LAW-43; rules 12.2' },
  {
    ...FROM_HOSPITAL,
    kinds: ['UTS'],
    on: MORE,
    elements: [...WHOSE, 'discharged-at'],
    source: 'DEC-03; rules 12.2',
  },
  {
    ...FROM_HOSPITAL,
    kinds: ['INFO'],
    on: MORE,
    elements: [...WHOSE, 'information-scope', 'information'],
    source: 'LUS 3:2; rules 12.2',
  },
  {
    ...FROM_HOSPITAL,
    kinds: ['OPT-DECISION'],
    on: ['LPT_7A'],
    elements: [...WHOSE, 'decided-at'],
    source: 'LPT 7 a st.3; DEC-11; DEC-22',
  },
  {
    ...{ kinds: ['HOME'], from: ['hospital'], to: ['home-care'], ...LUS },
    on: ['CONSENT'],
    elements: [...WHOSE, 'away-from', 'home-from'],
    source: 'OSL 10:1, 12:2; rules 12.2',
  },
  {
    ...{ kinds: ['HOME'], from: ['municipality'], to: ['home-care'], ...LUS },
    on: MORE,
    elements: [...WHOSE, 'away-from', 'home-from', 'measures-unchanged', 'whom-to-call'],
    source: 'OSL 26:1; rules 12.2',
  },
  { ...TO_HOSPITAL, kinds: ['KVI', 'PLAN'], on: 'free', elements: [], source: 'rules 12.2' },
  { ...TO_HOSPITAL, kinds: ['RET'], on: 'free', elements: ['return-reason', 'right-party'], source: 'rules 12.2' },
  { ...TO_HOSPITAL, kinds: ['OBSTACLE'], on: MORE, elements: ['obstacle'], source: 'LUS 5:5; OSL 26:1' },
  { ...TO_HOSPITAL, kinds: ['FOUND'], on: MORE, elements: ['found-where'], source: 'DEC-09; OSL 26:1' },
  { ...TO_HOSPITAL, kinds: ['PLAN-INFO'], on: MORE, elements: ['text'], source: 'OSL 26:1, 25:1; rules 12.2' },
  { ...TO_HOSPITAL, kinds: ['QUERY', 'ANSWER'], on: MORE, elements: ['thread', 'text'], source: 'OSL 26:1, 25:1' },
  { ...TO_HOSPITAL, kinds: ['OPPOSED'], on: MORE, elements: ['opposed-scopes'], source: 'OSL 26:1, 25:1' },
  { ...FROM_HOSPITAL, kinds: ['PLAN-INFO'], on: MORE, elements: ['text'], source: 'OSL 25:1; rules 12.2' },
  { ...FROM_HOSPITAL, kinds: ['QUERY', 'ANSWER'], on: MORE, elements: ['thread', 'text'], source: 'OSL 25:1' },
  {
    ...TO_HOSPITAL,
    kinds: ['FVK'],
    // A duty of the region's open care alone.
    from: ['open-care'],
    on: MORE,
    elements: ['confirmed', 'contact'],
    source: 'LUS 2:5; rules 12.2',
  },
  {
    ...PLANNING,
    kinds: ['SIP-CALL'],
    elements: ['invited', 'meeting-time', 'text'],
    source: 'LUS 4:3; DEC-12; rules 12.2',
  },
  {
    ...TO_HOSPITAL,
    kinds: ['CASE-OWNER'],
    // Theirs alone to say: they answer for social services, and know whose case it is.
    from: ['municipality'],
    on: MORE,
    elements: ['case-owner', 'desk'],
    source: 'OSL 26:1; RTE-23; rules 12.2',
  },
  {
    ...TO_HOSPITAL,
    kinds: ['RECIPIENT'],
    from: ['municipality'],
    // Who helps at home is told by HOME alone.
    to: ['hospital', 'open-care'],
    on: MORE,
    elements: ['own-recipient', 'home-word', 'text'],
    source: 'OSL 26:1; rules 12.2, 12.7',
  },
  { ...PLANNING, kinds: ['SIP-PROPOSE'], elements: ['meeting-time', 'text'], source: 'LUS 4:3' },
  {
    ...PLANNING,
    kinds: ['SIP-REPLY'],
    elements: ['answered-proposal', 'accepted', 'meeting-time', 'text'],
    source: 'LUS 4:3',
  },
  { ...PLANNING, kinds: ['SIP-DECLINED'], elements: ['declined-by', 'text'], source: 'LUS 4:3' },
  {
    ...PLANNING,
    kinds: ['SIP-PLAN'],
    elements: ['plan-state', 'plan-items', 'plan-consent', 'took-part', 'absence-reason', 'text'],
    source: 'LUS 4:2; DEC-10',
  },
  { ...PLANNING, kinds: ['SVPL'], elements: ['plan-state', 'units', 'text'], source: 'LPT 7 a' },
  { ...PLANNING, kinds: ['SVPL-ADJ'], elements: ['plan', 'unit'], source: 'LPT 7 a' },
];

const ANY: readonly LegalForm[] = ['region-authority', 'municipal-authority', 'private'];
const REGION: readonly LegalForm[] = ['region-authority'];
const MUNICIPAL: readonly LegalForm[] = ['municipal-authority'];
const AUTHORITIES: readonly LegalForm[] = [...REGION, ...MUNICIPAL];

/** The wording of OSL 25:12 and 26:9 changes after this day (SFS 2026:1310). */
const BEFORE_2028 = { validFrom: '2018-01-01', validTo: '2027-12-31' } as const;
const FROM_2028 = { validFrom: '2028-01-01' } as const;
const CHILD = { ground: 'CHILD_OR_ABUSE_OR_COMPULSORY', to: AUTHORITIES, holds: 'judged' } as const;

/** Between whom each ground holds (rules 12.3). */
export const GROUND_ROWS: readonly GroundRow[] = [
  {
    ...{ ground: 'LUS_2KAP', from: ANY, to: ANY, holds: 'follows', ...LUS },
    source: 'LUS 2:1-4; OSL 25:11 p.6, 10:28; PSL 6:12',
  },
  { ground: 'CONSENT', from: ANY, to: ANY, holds: 'asked', ...LUS, source: 'OSL 10:1, 12:2' },
  { ground: 'SAME_REGION', from: REGION, to: REGION, holds: 'follows', ...LUS, source: 'OSL 25:11 p.2' },
  { ...CHILD, ...BEFORE_2028, from: REGION, source: 'OSL 25:12' },
  { ...CHILD, ...FROM_2028, from: REGION, source: 'OSL 25:12 (SFS 2026:1310)' },
  { ...CHILD, ...BEFORE_2028, from: MUNICIPAL, source: 'OSL 26:9' },
  { ...CHILD, ...FROM_2028, from: MUNICIPAL, source: 'OSL 26:9 (SFS 2026:1310)' },
  { ground: 'CANNOT_CONSENT', from: AUTHORITIES, to: ANY, holds: 'judged', ...LUS, source: 'OSL 25:13' },
  { ground: 'MENPROVNING', from: ANY, to: ANY, holds: 'judged', ...LUS, source: 'OSL 25:1, 26:1' },
  { ground: 'PRIVATE_PROVIDER', from: ['private'], to: ANY, holds: 'judged', ...LUS, source: 'PSL 6:12' },
  { ground: 'LPT_7A', from: ANY, to: AUTHORITIES, holds: 'follows', ...LUS, source: 'LPT 7 a st.3; OSL 10:28' },
];

/** True when a row holds on a local day. */
export function isValid({ validFrom, validTo }: Dated, date: string): boolean {
  return validFrom <= date && (validTo === undefined || date <= validTo);
}

/** The rows by which a kind is told as a notice to anybody, on any day: what goes to a ward is no notice, but an answer. */
function rowsOfNotice(kind: string): DisclosureRow[] {
  return DISCLOSURES.filter(({ kinds, to }) => kinds.includes(kind) && !to.includes('hospital'));
}

/** All that a notice of this kind may hold, to anybody, on any day. */
export function heldElements(kind: string): Element[] {
  return [...new Set(rowsOfNotice(kind).flatMap(({ elements }) => elements))];
}

/** True when a notice of this kind may hold an element at all: what its form and its profiles have a place for. */
export function mayHold(kind: string, element: Element): boolean {
  return heldElements(kind).includes(element);
}

/** The one ground on which a notice of this kind is told; undefined when there are several. */
export function onlyGroundOf(kind: string): Ground | undefined {
  const [ground, ...more] = new Set(rowsOfNotice(kind).flatMap(({ on }) => (on === 'free' ? [] : on)));
  return more.length === 0 ? ground : undefined;
}
