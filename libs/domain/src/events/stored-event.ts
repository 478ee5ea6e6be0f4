import type { Course } from './course.ts';
import type { Fact } from './fact.ts';
import type { StayEvent } from './stay-event.ts';
import type { Terms } from './event-origin.ts';
import type { Instant } from '../time/time.ts';

/**
 * An event as the first version of the model had it. Router and watcher keep the events of a stay as JSON, and records lie
 * unread on the topic when a new version starts: both are read as events of today.
 */
export interface FirstEvent extends Omit<StayEvent, 'course' | 'at' | 'intakeStamp' | 'findings' | 'terms' | 'facts'> {
  readonly terms: Omit<Terms, 'connectedFrom'>;
  readonly facts: readonly FirstFact[];
}

/** A fact that knew whether it had a time of its own, but not how that was written. */
export type FirstFact = Omit<Fact, 'stated'> & { readonly ownTime: boolean };

/** The triggers that the first version took, and what each did. */
const COURSE_OF: ReadonlyMap<string, Course> = new Map<string, Course>([
  ['A01', 'admit'],
  ['A03', 'discharge'],
  ['A08', 'update'],
  ['A11', 'cancel-admission'],
  ['A13', 'cancel-discharge'],
]);

/** LUS came into force: before it nobody had a duty, so that every stay of the first version is judged as it was. */
const FIRST_CONNECTED = '2018-01-01';

/**
 * The event that a stored body says.
 * @param stored a body of today, which is answered as it is, or one of the first version
 * @throws when it is neither: what the hub itself stored is one of them
 */
export function upgradeStoredEvent(stored: unknown): StayEvent {
  if (isCurrent(stored)) return stored;
  if (isFirst(stored)) return ofFirstVersion(stored);
  throw new TypeError('a stored body is no event');
}

/** The event of today that one of the first version is. @throws when its trigger is none that the first version took */
export function ofFirstVersion(first: FirstEvent): StayEvent {
  const course = COURSE_OF.get(first.trigger);
  if (!course) throw new TypeError('the first version took no such trigger');
  return {
    ...first,
    course,
    at: orderTime(first, course),
    // Stamps of today are microseconds: what came before the upgrade stands before what comes after it. The last one of its
    // millisecond, for of all readings of a message the earliest stamp holds: a replay's tells those of one millisecond apart.
    intakeStamp: first.intakeAt * 1000 + 999,
    terms: { ...first.terms, connectedFrom: FIRST_CONNECTED },
    facts: first.facts.map(ofFirstFact),
    findings: [],
  };
}

/** The instant stands for the text that was not kept: it named the fact, and the slot of its INFO, then as it does now. */
function ofFirstFact({ ownTime, ...fact }: FirstFact): Fact {
  return { ...fact, ...(ownTime && { stated: String(fact.at) }) };
}

/** Contract 5: EVN-6, else PV1-44 of an admission, PV1-45 of a discharge, else MSH-7; an imprecise time at its start. */
function orderTime({ occurredAt, encounter, sentAt }: FirstEvent, course: Course): Instant {
  if (occurredAt) return occurredAt.start;
  const field = course === 'admit' ? encounter.start : course === 'discharge' ? encounter.end : undefined;
  return field?.start ?? sentAt;
}

function isCurrent(body: unknown): body is StayEvent {
  return typeof body === 'object' && body !== null && 'course' in body;
}

function isFirst(body: unknown): body is FirstEvent {
  return typeof body === 'object' && body !== null && 'trigger' in body && 'facts' in body && 'terms' in body;
}
