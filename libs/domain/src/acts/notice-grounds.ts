import type { Ground } from '../codes/elements-and-grounds.ts';
import {
  endOf,
  groundFor,
  groundsThatCarry,
  hospitalEnd,
  partyGround,
  type GroundDecision,
  type GroundQuestion,
} from '../disclosure/gate.ts';
import { type Due, type NoticeContent, NOTICES } from '../notices/kinds.ts';
import type { Party } from '../parties/party.ts';
import type { Addressee, Units } from '../routing/addressees.ts';
import type { Stay } from '../stay/stay.ts';

/** On which ground a notice of a stay is told, or why it is withheld. */
export type Carried = Exclude<GroundDecision, { readonly withheld: 'never' }>;

/** That which is told, on its ground. */
export type Granted = Extract<Carried, { readonly ground: Ground }>;

/** What carries a notice; undefined where no row of the table, or no ground of a party's word, lets it through. */
export function groundOf(
  { content: { kind }, scopes, saidBy }: Due<NoticeContent>,
  to: Party,
  stay: Stay,
  units: Units,
  date: string,
): Carried | undefined {
  if (saidBy) return partyGround({ kind, from: endOf(saidBy.by), to: endOf(to), date }, saidBy.grounds);
  const asked = { kind, from: stay.terms.legalForm, to, scopes, disclosures: stay.disclosures, date };
  const decision = onRelease(groundFor(asked), asked, units);
  return 'withheld' in decision && decision.withheld === 'never' ? undefined : decision;
}

/** True when a notice that stands and is not due any more ends: taken back, or told as news. @param date local day */
export function endsUndue(
  kind: NoticeContent['kind'],
  { party: to, scopes }: Addressee,
  stay: Stay,
  date: string,
): boolean {
  const fate = NOTICES.find((one) => one.kind === kind)?.notDueAnyMore(stay) ?? 'stands';
  if (fate !== 'withdrawn-on-ground') return fate === 'withdrawn';
  const { disclosures, terms } = stay;
  return 'ground' in groundFor({ kind, from: terms.legalForm, to, scopes, disclosures, date });
}

/** The ground that a person has released it on, where the ward has stated none; one that was refused stays refused (DEC-06). */
function onRelease(decision: GroundDecision, asked: GroundQuestion, { decision: routed }: Units): GroundDecision {
  if (!('withheld' in decision) || decision.withheld !== 'not-stated') return decision;
  const { kind, from, to, date } = asked;
  const ground = routed?.facts.released?.find(({ recipient }) => recipient === to.id)?.ground;
  const carrying = groundsThatCarry({ kind, from: hospitalEnd(from), to: endOf(to), date });
  return ground && carrying.includes(ground) ? { ground, elements: decision.elements } : decision;
}
