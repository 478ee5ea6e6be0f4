import { factsInForce, ofCode, scopeKey, type FactInForce } from './facts.ts';
import type { NeedScope, PatientStatement, Protection, Scope, StayEvent, Terms } from './event.ts';
import { inOrder } from './order.ts';
import type { Instant, Precision, StatedTime } from './time.ts';

/**
 * The state of a stay is the fold of its events, total over every permutation (architecture 2.5, 4).
 *
 *   unknown    nothing that states an inpatient admission has come
 *   admitted   some A01, A03, A08 or A13 said class `I` and a start (DEC-02)
 *   discharged an A03 is in force: no A13 stands after it
 *   cancelled  an A11 was sent after every A01: the stay never was (DEC-15). Only an A01 sent later revives it.
 *
 * unknown -> admitted -> discharged -> (A13) admitted; any -> (A11) cancelled -> (A01 sent later) what the events say.
 */
export type StayState = 'unknown' | 'admitted' | 'discharged' | 'cancelled';

export interface Need {
  readonly scopes: readonly NeedScope[];
  /** When the doctor judged it: start of the present run of need (LAW-15). */
  readonly assessedAt: Instant;
  /** False when the sender gave the judgement no time of its own (DEC-04). */
  readonly ownTime: boolean;
  readonly statedBy: string;
}

export interface Discharge {
  /** nth discharge in force of this stay, from 1. */
  readonly n: number;
  readonly at: StatedTime;
  readonly leaving: 'home' | 'transfer' | 'against-advice' | 'dead';
  /** The A03 that began this discharge. */
  readonly statedBy: string;
}

/** What the ward tells of one scope at one time (LUS 3:2). */
export interface InfoStatement {
  /** Scope and time: sets it apart from other INFO of the stay. */
  readonly slot: string;
  readonly scopes: readonly Scope[];
  readonly text: string;
  readonly at: Instant;
  readonly statedBy: string;
}

export interface Stay {
  readonly state: StayState;
  readonly terms: Terms;
  readonly patient: PatientStatement;
  readonly protection?: Protection;
  readonly admittedAt?: Instant;
  readonly expectedDischarge?: StatedTime;
  /** Absent: never stated. Scopes empty: `NONE`. */
  readonly need?: Need;
  /** True once the ward has ordered the INS (agreements with `ins=ordered`). */
  readonly insOrdered: boolean;
  /** Latest `READY`, and since when it has been `Y`. */
  readonly ready: 'unstated' | 'no' | { readonly since: Instant };
  readonly discharges: readonly Discharge[];
  readonly deceased: boolean;
  readonly everDischarged: boolean;
  readonly infos: readonly InfoStatement[];
  /** CONSENT and BASIS facts in force, oldest first: `grounds.ts` reads them. */
  readonly disclosures: readonly FactInForce[];
}

/** The discharge that holds now, if any. */
export function dischargeOf(stay: Stay): Discharge | undefined {
  return stay.state === 'discharged' ? stay.discharges.at(-1) : undefined;
}

/** Folds the events of one stay. @throws when there are none: a stay without events is no stay. */
export function foldStay(events: readonly StayEvent[]): Stay {
  const ordered = inOrder(events);
  const latest = ordered.at(-1);
  if (!latest) throw new Error('a stay has at least one event');
  const facts = factsInForce(ordered);
  const snapshot = latestStatements(ordered);
  const course = foldCourse(ordered);
  const cancelled = isCancelled(ordered);
  const admission = snapshot.admission;
  return {
    state: cancelled ? 'cancelled' : course.open ? 'discharged' : admission === undefined ? 'unknown' : 'admitted',
    terms: latest.terms,
    patient: snapshot.patient,
    ...(snapshot.protection && { protection: snapshot.protection }),
    ...(admission !== undefined && { admittedAt: admission }),
    ...(snapshot.expectedDischarge && { expectedDischarge: snapshot.expectedDischarge }),
    ...needOf(facts, latest.terms, admission, latest.eventId),
    insOrdered: ofCode(facts, 'INS').at(-1)?.values[0] === 'Y',
    ready: readyOf(facts),
    discharges: course.discharges,
    deceased: snapshot.deceased || (course.open && course.discharges.at(-1)?.leaving === 'dead'),
    everDischarged: ordered.some((event) => event.trigger === 'A03'),
    infos: infosOf(facts),
    disclosures: facts.filter((fact) => fact.code === 'CONSENT' || fact.code === 'BASIS'),
  };
}

/** DEC-15: the stay never was when an A11 was sent and no A01 was sent after it. */
function isCancelled(ordered: readonly StayEvent[]): boolean {
  const cancellation = Math.max(...ordered.filter((e) => e.trigger === 'A11').map((e) => e.sentAt), -Infinity);
  return cancellation > -Infinity && !ordered.some((e) => e.trigger === 'A01' && e.sentAt > cancellation);
}

interface Course {
  readonly discharges: Discharge[];
  readonly open: boolean;
}

/** Walks through discharges: A03 opens or corrects one, A13 takes it back, an A01 that starts later begins anew. */
function foldCourse(ordered: readonly StayEvent[]): Course {
  const discharges: Discharge[] = [];
  let open = false;
  for (const event of ordered) {
    const last = discharges.at(-1);
    if (event.trigger === 'A03') {
      const at = dischargeTime(event);
      const leaving = event.encounter.leaving ?? (event.patient.deceased ? 'dead' : 'home');
      if (open && last) discharges[discharges.length - 1] = { ...last, at, leaving };
      else discharges.push({ n: discharges.length + 1, at, leaving, statedBy: event.eventId });
      open = true;
    } else if (event.trigger === 'A13' && open) {
      discharges.pop();
      open = false;
    } else if (event.trigger === 'A01' && open && last && startsAfter(event, last)) {
      open = false;
    } else if (event.trigger === 'A08' && open && last && event.encounter.end) {
      discharges[discharges.length - 1] = { ...last, at: event.encounter.end };
    }
  }
  return { discharges, open };
}

function startsAfter(event: StayEvent, discharge: Discharge): boolean {
  const start = event.encounter.start;
  return start != null && start.start >= discharge.at.start;
}

/** PV1-45, EVN-6 only where it is empty, MSH-7 where both are (contract 5). */
function dischargeTime(event: StayEvent): StatedTime {
  return event.encounter.end ?? event.occurredAt ?? atInstant(event.sentAt);
}

function atInstant(instant: Instant): StatedTime {
  return { iso: new Date(instant).toISOString(), precision: 'milli', start: instant, end: instant + 1 };
}

/** For duties an imprecise time is the end of its interval, at most when it was sent (contract 5); a minute is precise. */
const IMPRECISE: readonly Precision[] = ['year', 'month', 'day', 'hour'];
export function dutyInstant(time: StatedTime, sentAt: Instant): Instant {
  return IMPRECISE.includes(time.precision) ? Math.max(time.start, Math.min(time.end, sentAt)) : time.start;
}

interface Snapshot {
  patient: PatientStatement;
  protection?: Protection;
  expectedDischarge?: StatedTime;
  admission?: Instant;
  deceased: boolean;
}

/** Of every field the latest statement: unstated leaves it, null deletes it (standards 8, mistake 6). */
function latestStatements(ordered: readonly StayEvent[]): Snapshot {
  const patient: PatientStatement = { identities: [] };
  const snapshot: Snapshot = { patient, deceased: false };
  for (const event of ordered) {
    Object.assign(patient, stated(event.patient));
    // Protection once stated holds until a person lifts it: a sender that leaves the flag out may not undo it.
    const protection = strictest(snapshot.protection, event.patient.protection);
    if (protection) snapshot.protection = protection;
    if (event.patient.deceased !== undefined) snapshot.deceased = event.patient.deceased;
    const { encounter } = event;
    if (encounter.expectedDischarge === null) delete snapshot.expectedDischarge;
    else if (encounter.expectedDischarge) snapshot.expectedDischarge = encounter.expectedDischarge;
    const start = encounter.start ?? (event.trigger === 'A01' ? event.occurredAt : undefined);
    if (event.trigger !== 'A11' && encounter.class === 'IMP' && start) {
      snapshot.admission = dutyInstant(start, event.sentAt);
    }
  }
  return snapshot;
}

/** Remembered: a stay is folded once per message of it, each time over all of them. */
const STATED = new WeakMap<PatientStatement, Partial<PatientStatement>>();

/** A statement without what it leaves unsaid. */
function stated(patient: PatientStatement): Partial<PatientStatement> {
  const known = STATED.get(patient);
  if (known) return known;
  const said: Partial<PatientStatement> = Object.fromEntries(
    Object.entries(patient).filter(([, value]) => value !== undefined),
  );
  STATED.set(patient, said);
  return said;
}

function strictest(known: Protection | undefined, stated: Protection | undefined): Protection | undefined {
  return known === undefined || known === 'unknown' ? (stated ?? known) : known;
}

/** The need in force: stated, else implied by the agreement from the admission on (contract 5, `need`). */
function needOf(
  facts: readonly FactInForce[],
  terms: Terms,
  admission: Instant | undefined,
  latestEvent: string,
): { need?: Need } {
  const stated = ofCode(facts, 'NEED');
  const latest = stated.at(-1);
  if (!latest) {
    const addressed = terms.ins === 'ordered' ? addressedNeed(ofCode(facts, 'INS')) : undefined;
    if (addressed) return { need: addressed };
    if (terms.impliedNeed.length === 0 || admission === undefined) return {};
    return { need: { scopes: terms.impliedNeed, assessedAt: admission, ownTime: false, statedBy: latestEvent } };
  }
  const first = runStart(stated, (fact) => needScopes(fact).length > 0) ?? latest;
  return {
    need: { scopes: needScopes(latest), assessedAt: first.at, ownTime: first.ownTime, statedBy: first.statedBy },
  };
}

/** An INS that the ward itself addresses, by its scope, counts as a recorded need (DEC-01); one addressed to nobody does not. */
function addressedNeed(orders: readonly FactInForce[]): Need | undefined {
  const latest = new Map(orders.map((order) => [scopeKey(order.scopes), order]));
  const standing = [...latest.values()].filter((order) => order.values[0] === 'Y');
  const scopes = (['SOC', 'KHSL', 'ROV'] as const).filter((scope) =>
    standing.some((order) => order.scopes.includes(scope)),
  );
  const first = standing.find((order) => order.scopes.length > 0);
  return first && scopes.length > 0
    ? { scopes, assessedAt: first.at, ownTime: first.ownTime, statedBy: first.statedBy }
    : undefined;
}

function needScopes(fact: FactInForce): NeedScope[] {
  return (['SOC', 'KHSL', 'ROV'] as const).filter((scope) => fact.values.includes(scope));
}

function readyOf(facts: readonly FactInForce[]): Stay['ready'] {
  const stated = ofCode(facts, 'READY');
  if (stated.length === 0) return 'unstated';
  const first = runStart(stated, (fact) => fact.values[0] === 'Y');
  return first ? { since: first.at } : 'no';
}

/** The first fact of the run that still holds: saying the same again is no new act. */
function runStart(facts: readonly FactInForce[], holds: (fact: FactInForce) => boolean): FactInForce | undefined {
  const broken = facts.findLastIndex((fact) => !holds(fact));
  return facts[broken + 1];
}

/** INFO without a scope is for the region's open care alone (domain.md 12.2). */
function infosOf(facts: readonly FactInForce[]): InfoStatement[] {
  return ofCode(facts, 'INFO').map((fact) => {
    const scopes: readonly Scope[] = fact.scopes.length === 0 ? ['ROV'] : fact.scopes;
    return {
      slot: `${scopeKey(scopes)}@${fact.at}`,
      scopes,
      text: fact.values.join('\n'),
      at: fact.at,
      statedBy: fact.statedBy,
    };
  });
}
