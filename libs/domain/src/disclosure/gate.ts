import type { Scope } from '../codes/scope.ts';
import type { AnswerCode } from '../codes/answer-code.ts';
import { answerCodeOf, type PartyEvent } from '../events/party-event.ts';
import type { LegalForm } from '../codes/legal-form.ts';
import type { Element, Ground } from '../codes/elements-and-grounds.ts';
import type { Party } from '../parties/party.ts';
import type { FactInForce } from '../stay/facts.ts';
import { DISCLOSURES, GROUND_ROWS, isValid, sideOf, type DisclosureRow, type Side } from './disclosure-table.ts';
import { statedGrounds, type StatedBasis } from './stated-grounds.ts';

/**
 * The gate: whether something may be told, on which ground, and which elements of it. Nothing goes out of the hub, and nothing
 * back through it, but by one of the two questions here, and both are answered from the table alone.
 */

/** One who says or is told something. */
export interface End {
  /** Undefined: of a kind that the table has no row for. */
  readonly side: Side | undefined;
  /** Mostly one; a federation of region and municipality has both (RTE-08). */
  readonly legalForms: readonly LegalForm[];
}

/** What goes from whom to whom, when. */
export interface Passage {
  /** Code of `CodeSystem/notice`. */
  readonly kind: string;
  readonly from: End;
  readonly to: End;
  /** Local day of telling. */
  readonly date: string;
}

const BY_KIND = new Map<string, DisclosureRow[]>();
for (const row of DISCLOSURES) {
  for (const kind of row.kinds) BY_KIND.set(kind, [...(BY_KIND.get(kind) ?? []), row]);
}

/** The row of a kind between two sides on a day; undefined: no ground would let it through. */
export function disclosureRow({ kind, from, to, date }: Passage): DisclosureRow | undefined {
  return rowBetween(kind, from.side, to.side, date);
}

function rowBetween(
  kind: string,
  sayer: Side | undefined,
  told: Side | undefined,
  date: string,
): DisclosureRow | undefined {
  if (!sayer || !told) return undefined;
  return BY_KIND.get(kind)?.find((row) => row.from.includes(sayer) && row.to.includes(told) && isValid(row, date));
}

/** True when a ward's notice of a kind may be told to a party of that kind on some ground. @param date local day of telling */
export function isToldAtAll(kind: string, to: Pick<Party, 'kind'>, date: string): boolean {
  return rowBetween(kind, 'hospital', sideOf(to.kind), date) !== undefined;
}

/** The grounds on which the table lets a kind through between these two on that day, in the order of its row. */
export function groundsThatCarry(passage: Passage): Ground[] {
  const row = disclosureRow(passage);
  return row ? groundsIn(row, passage) : [];
}

function groundsIn({ on }: DisclosureRow, passage: Omit<Passage, 'kind'>): Ground[] {
  return on === 'free' ? [] : on.filter((ground) => holdsBetween(ground, passage));
}

const BY_GROUND = Map.groupBy(GROUND_ROWS, ({ ground }) => ground);

function holdsBetween(ground: Ground, { from, to, date }: Pick<Passage, 'from' | 'to' | 'date'>): boolean {
  return (BY_GROUND.get(ground) ?? []).some(
    (row) =>
      isValid(row, date) &&
      row.from.some((form) => from.legalForms.includes(form)) &&
      row.to.some((form) => to.legalForms.includes(form)),
  );
}

const FOLLOWS: ReadonlySet<Ground> = new Set(
  GROUND_ROWS.flatMap(({ ground, holds }) => (holds === 'follows' ? [ground] : [])),
);

/** A party as one end of a passage. */
export function endOf({ kind, legalForms }: Pick<Party, 'kind' | 'legalForms'>): End {
  return { side: sideOf(kind), legalForms };
}

/** A ward, by the legal form that its agreement states. */
export function hospitalEnd(legalForm: LegalForm): End {
  return { side: 'hospital', legalForms: [legalForm] };
}

/** A notice of a ward, to whom, and what the ward has stated of grounds. */
export interface GroundQuestion {
  readonly kind: string;
  readonly from: LegalForm;
  readonly to: Pick<Party, 'id' | 'kind' | 'legalForms'>;
  /** What of the recipient's need the content speaks of: consent in one of them is enough. */
  readonly scopes: readonly Scope[];
  readonly disclosures: readonly FactInForce[];
  readonly date: string;
}

/**
 * Whether a notice is told, and by what right.
 *
 *   ground        it is told: these elements, on this ground, and what the ward stated where the ground does not follow by itself
 *   refused       withheld lawfully: the person has said no, and nothing else carries it (DEC-06)
 *   not-stated    withheld for want of a ground: a Task to the ward, and these are the grounds that would let it through
 *   legal-form    withheld lawfully: between these legal forms no ground carries this kind, so that there is none to state
 *   never         no row: nothing would let it through
 */
export type GroundDecision =
  | { readonly ground: Ground; readonly elements: readonly Element[]; readonly basis?: StatedBasis }
  | {
      readonly withheld: 'refused' | 'not-stated' | 'legal-form';
      readonly elements: readonly Element[];
      readonly permittedBy: readonly Ground[];
    }
  | { readonly withheld: 'never' };

/** Whether a ward's notice may be told to a party (LUS 3:1-2; rules 12.2, 12.3; DEC-22). */
export function groundFor({ kind, from, to, scopes, disclosures, date }: GroundQuestion): GroundDecision {
  const passage = { kind, from: hospitalEnd(from), to: endOf(to), date };
  const row = disclosureRow(passage);
  if (!row) return { withheld: 'never' };
  const { elements } = row;
  const carrying = groundsIn(row, passage);
  const [first] = carrying;
  if (!first) return { withheld: 'legal-form', elements, permittedBy: [] };
  if (FOLLOWS.has(first)) return { ground: first, elements };
  const { consent, bases } = statedGrounds(disclosures, scopes, to.id);
  const ground = carrying.find((one) => FOLLOWS.has(one) || bases.has(one));
  if (ground) {
    const basis = FOLLOWS.has(ground) ? undefined : bases.get(ground);
    return { ground, elements, ...(basis && { basis }) };
  }
  const permittedBy = carrying.filter((one) => !FOLLOWS.has(one));
  return { withheld: consent === 'no' ? 'refused' : 'not-stated', elements, permittedBy };
}

/**
 * Whether a notice that is a party's own word may be told to whom it has added, on the grounds that it states.
 * @returns undefined when no row, or no ground of these, lets it through
 */
export function partyGround(
  passage: Passage,
  stated: readonly Ground[],
): { readonly ground: Ground; readonly elements: readonly Element[] } | undefined {
  const row = disclosureRow(passage);
  const ground = row && groundsIn(row, passage).find((one) => FOLLOWS.has(one) || stated.includes(one));
  return ground && { ground, elements: row.elements };
}

/** True when a party of this kind may give such an answer at all. */
export function mayAnswer(code: AnswerCode, { kind }: Pick<Party, 'kind'>): boolean {
  const side = sideOf(kind);
  return (BY_KIND.get(code) ?? []).some(({ from }) => side !== undefined && from.includes(side));
}

/** True when an answer of this code is told on only with a ground. */
export function needsGround(code: AnswerCode): boolean {
  return (BY_KIND.get(code) ?? []).some(({ on }) => on !== 'free');
}

/** Whether an answer goes on, by what right, and which elements of it. */
export type AnswerPassage =
  | { readonly passes: 'free'; readonly elements: readonly Element[] }
  | { readonly passes: 'on-ground'; readonly ground: Ground; readonly elements: readonly Element[] }
  | { readonly passes: 'withheld' };

/**
 * Whether a party's answer may be told to another (rules 12.2, 12.3; OSL 26:1, 25:1). The ground is the party's own to state,
 * for it is the party's secrecy: what the ward stated of consent is about what the ward may tell. What follows from the legal
 * forms need not be stated.
 * @param from a party, or a ward that speaks for the planning
 * @param to the ward, or one who was told of the stay
 * @param date local day
 */
export function answerPassage(
  { says, grounds = [] }: Pick<PartyEvent, 'says' | 'grounds'>,
  from: End,
  to: End,
  date: string,
): AnswerPassage {
  // What is taken back was told, or was not: that nothing of it holds any more reveals no more than it did.
  if (says.kind === 'undone') return { passes: 'free', elements: [] };
  const passage = { kind: answerCodeOf(says), from, to, date };
  const row = disclosureRow(passage);
  if (!row) return { passes: 'withheld' };
  const { elements } = row;
  if (row.on === 'free') return { passes: 'free', elements };
  const ground = groundsIn(row, passage).find((one) => FOLLOWS.has(one) || grounds.includes(one));
  return ground ? { passes: 'on-ground', ground, elements } : { passes: 'withheld' };
}
