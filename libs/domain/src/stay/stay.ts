import type { Fact, FactCode, Scope } from '../events/fact.ts';
import { inOrder } from '../events/order.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { PatientStatement, Protection } from '../events/statements.ts';
import type { Terms } from '../events/terms.ts';
import { strictest } from '../person/protection.ts';
import type { Parameters } from '../rules/parameters.ts';
import { localDate } from '../time/local-time.ts';
import type { Instant, StatedTime } from '../time/time.ts';
import { factsOf, ofCode, runStart, scopeKey, type FactInForce, type LostCorrection } from './facts.ts';
import { dutyInstant, inpatientCourse, type Admission, type Discharge } from './inpatient-course.ts';
import { insOrdersOf, needOf, type InsOrder, type Need } from './need.ts';
import { whatCounts, type Counting, type Linked } from './what-counts.ts';

/**
 * The state of a stay is the fold of its events, total over every permutation (architecture 2.5, 4).
 *
 *   unknown    nothing that states an inpatient admission has come
 *   admitted   some message said class inpatient and a start (DEC-02)
 *   discharged a discharge is in force: no cancellation was sent after it (DEC-24)
 *   cancelled  it was cancelled, and no admission was sent after that: the stay never was (DEC-15)
 *
 * unknown -> admitted -> discharged -> (cancel-discharge, admitted anew) admitted;
 * any -> (cancel-admission) cancelled -> (admit sent later) what the events say (DEC-25).
 *
 * A discharged stay closes a while after the discharge (DEC-17): what is said of person and need from then on is not the
 * stay's any more. A discharge that is taken back or corrected opens it again.
 */
export type StayState = 'unknown' | 'admitted' | 'discharged' | 'cancelled';

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
  /** Sets apart the persons that the visit was said to be of (DEC-18): the message that brought this one; empty for the first. */
  readonly personKey: string;
  /** Sets apart the stay before and after a cancellation that was revived (DEC-25): the message that revived it. */
  readonly revival: string;
  readonly protection?: Protection;
  /** A sender asked for a protection to be deleted; only a person may (DEC-23). */
  readonly protectionDeletedBy?: string;
  readonly ward?: string;
  readonly admittedAt?: Instant;
  readonly expectedDischarge?: StatedTime;
  /** Absent: never stated. Scopes empty: `NONE`. */
  readonly need?: Need;
  readonly insOrders: readonly InsOrder[];
  /** Latest `READY`, and since when it has been `Y`. */
  readonly ready: 'unstated' | 'no' | { readonly since: Instant };
  /** The stay goes on in open compulsory care (DEC-11). */
  readonly openCompulsoryCare: boolean;
  readonly discharges: readonly Discharge[];
  readonly deceased: boolean;
  readonly everDischarged: boolean;
  readonly infos: readonly InfoStatement[];
  /** CONSENT and BASIS facts in force, oldest first: `routing/grounds.ts` reads them. */
  readonly disclosures: readonly FactInForce[];
  /** Facts in force that say who else is concerned: CONTACT, REHAB, HOUSING, PLACEDBY. */
  readonly concerns: readonly FactInForce[];
  /** From here on statements of person and need are not the stay's any more (DEC-17); absent while no discharge is in force. */
  readonly closesAt?: Instant;
  readonly lostCorrections: readonly LostCorrection[];
}

/** The discharge that holds now, if any. */
export function dischargeOf(stay: Stay): Discharge | undefined {
  return stay.state === 'discharged' ? stay.discharges.at(-1) : undefined;
}

/** True while anything can be a duty at all: inpatient admission stated, the stay real and the person alive. */
export function isReal(stay: Stay): boolean {
  return stay.state !== 'cancelled' && !stay.deceased && stay.admittedAt !== undefined;
}

/** True while an INS is a duty: a real stay, and need recorded (DEC-01). */
export function hasInsDuty(stay: Stay): boolean {
  return isReal(stay) && (stay.need?.scopes.length ?? 0) > 0;
}

/** What a fold goes by besides the events. */
export interface FoldRules {
  readonly parameters: (date: string) => Parameters;
  readonly linked?: Linked;
}

/** Folds the events of one stay. @throws when there are none: a stay without events is no stay. */
export function foldStay(events: readonly StayEvent[], rules: FoldRules): Stay {
  const counting = whatCounts(events, rules.linked);
  const open = read(counting, counting.events);
  const closesAt = closingOf(open, rules);
  if (closesAt === undefined) return stayOf(open, undefined);
  if (counting.events.every((event) => event.intakeAt <= closesAt)) return stayOf(open, closesAt);
  const closed = whatCounts(events, rules.linked, closesAt);
  const inTime = closed.events.map((event) => (event.intakeAt > closesAt ? afterClosing(event) : event));
  return stayOf(read(closed, inTime), closesAt);
}

/** The parts of a stay as its events say them. */
interface Reading {
  readonly counting: Counting;
  readonly ordered: readonly StayEvent[];
  readonly course: ReturnType<typeof inpatientCourse>;
}

function read(counting: Counting, events: readonly StayEvent[]): Reading {
  return { counting, ordered: inOrder(events), course: inpatientCourse(events) };
}

/** DEC-17: a while after the discharge, but never before the message that told of it was taken in. */
function closingOf({ counting, course }: Reading, { parameters }: FoldRules): Instant | undefined {
  const discharge = course.open ? undefined : course.discharges.at(-1);
  if (!discharge || counting.cancelled) return undefined;
  const left = dutyInstant(discharge.at, Infinity);
  return Math.max(left + parameters(localDate(left)).closingWindow, discharge.takenIn);
}

/** Of these an event after the closing may still speak: they are acts of the ward, and reach those who had the notice. */
const AFTER_CLOSING: ReadonlySet<FactCode> = new Set<FactCode>(['CONSENT', 'BASIS', 'INFO', 'READY']);

/**
 * What a message taken in after the closing says of the stay: how it ended, the information (DEC-17), and that the visit is
 * protected, which no time limits (DEC-23).
 */
function afterClosing(event: StayEvent): StayEvent {
  const { end, leaving, protection } = event.encounter;
  return {
    ...event,
    patient: { identities: [] },
    encounter: {
      ...(end !== undefined && { end }),
      ...(leaving && leaving !== 'dead' && { leaving }),
      ...(protection && { protection }),
    },
    facts: event.facts.filter(({ code }) => AFTER_CLOSING.has(code)),
  };
}

function stayOf({ counting, ordered, course }: Reading, closesAt: Instant | undefined): Stay {
  const latest = ordered.at(-1);
  if (!latest) throw new Error('a stay has at least one event');
  const { inForce, lost } = factsOf(ordered);
  const snapshot = latestStatements(ordered);
  const { admission, discharges, open, everDischarged } = course;
  const { cancelled, personSince, revivedBy } = counting;
  const need = needOf(inForce, latest.terms, impliedBy(admission, counting));
  return {
    state: cancelled ? 'cancelled' : !open ? 'discharged' : admission ? 'admitted' : 'unknown',
    terms: latest.terms,
    personKey: personSince?.eventId ?? '',
    revival: revivedBy?.eventId ?? '',
    ...snapshot,
    ...(admission && { admittedAt: admission.at }),
    ...(need && { need }),
    insOrders: insOrdersOf(inForce),
    ready: readyOf(inForce),
    openCompulsoryCare: OPEN_COMPULSORY.has(ofCode(inForce, 'COMPULSORY').at(-1)?.values[0]),
    discharges,
    deceased: snapshot.deceased || (!open && discharges.at(-1)?.leaving === 'dead'),
    everDischarged,
    infos: infosOf(inForce),
    disclosures: inForce.filter(({ code }) => code === 'CONSENT' || code === 'BASIS'),
    concerns: inForce.filter(({ code }) => CONCERNING.has(code)),
    ...(closesAt !== undefined && { closesAt }),
    lostCorrections: lost,
  };
}

const OPEN_COMPULSORY: ReadonlySet<string | undefined> = new Set(['OPT', 'ORV']);
const CONCERNING: ReadonlySet<FactCode> = new Set<FactCode>(['CONTACT', 'REHAB', 'HOUSING', 'PLACEDBY']);

/** After another person came, only an admission that was said of that person implies a need (DEC-18). */
function impliedBy(admission: Admission | undefined, { personSince, events }: Counting): Admission | undefined {
  if (!personSince) return admission;
  const admits = events.some(
    ({ course, facts, patient }) => course === 'admit' && (facts.length > 0 || patient.identities.length > 0),
  );
  return admits ? admission : undefined;
}

type Snapshot = Pick<
  Stay,
  'patient' | 'protection' | 'protectionDeletedBy' | 'ward' | 'expectedDischarge' | 'deceased'
>;

/** Of every field the latest statement: unstated leaves it, null deletes it (standards 8.6). */
function latestStatements(ordered: readonly StayEvent[]): Snapshot {
  let patient: PatientStatement = { identities: [] };
  const snapshot: { -readonly [Key in keyof Snapshot]: Snapshot[Key] } = { patient, deceased: false };
  for (const event of ordered) {
    const { encounter } = event;
    patient = { ...patient, ...stated(event.patient) };
    // Protection once stated holds until a person lifts it: a sender that leaves the flag out may not undo it (DEC-23).
    const protection = strictest(strictest(snapshot.protection, event.patient.protection), encounter.protection);
    if (protection) snapshot.protection = protection;
    if (event.patient.protectionDeleted) snapshot.protectionDeletedBy = event.eventId;
    if (event.patient.deceased !== undefined) snapshot.deceased = event.patient.deceased;
    if (encounter.ward === null) delete snapshot.ward;
    else if (encounter.ward !== undefined) snapshot.ward = encounter.ward;
    if (encounter.expectedDischarge === null) delete snapshot.expectedDischarge;
    else if (encounter.expectedDischarge) snapshot.expectedDischarge = encounter.expectedDischarge;
  }
  return { ...snapshot, patient };
}

/** Remembered: a stay is folded once per message of it, each time over all of them. */
const STATED = new WeakMap<PatientStatement, Partial<PatientStatement>>();

/** A statement without what it leaves unsaid. */
function stated(patient: PatientStatement): Partial<PatientStatement> {
  const known = STATED.get(patient);
  if (known) return known;
  const said: Partial<PatientStatement> = Object.fromEntries(
    Object.entries(patient).filter(
      ([name, value]) => value !== undefined && !(name === 'identities' && patient.identities.length === 0),
    ),
  );
  STATED.set(patient, said);
  return said;
}

function readyOf(facts: readonly FactInForce[]): Stay['ready'] {
  const said = ofCode(facts, 'READY');
  if (said.length === 0) return 'unstated';
  const first = runStart(said, (fact) => fact.values[0] === 'Y');
  return first ? { since: first.at } : 'no';
}

/** INFO without a scope is for the region's open care alone (rules 12.2). */
function infosOf(facts: readonly FactInForce[]): InfoStatement[] {
  return ofCode(facts, 'INFO').map((fact) => {
    const scopes: readonly Scope[] = fact.scopes.length === 0 ? ['ROV'] : fact.scopes;
    return {
      slot: `${scopeKey(scopes)}@${timeOf(fact)}`,
      scopes,
      text: fact.values.join('\n'),
      at: fact.at,
      statedBy: fact.statedBy,
    };
  });
}

function timeOf(fact: Fact): string {
  return fact.stated ?? String(fact.at);
}
