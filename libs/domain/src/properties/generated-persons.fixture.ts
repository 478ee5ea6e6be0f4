import fc from 'fast-check';
import type { PersonEvent, PersonStatement } from '../events/person-event.ts';
import type { Identity, PatientStatement } from '../events/statements.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { MINUTE } from '../time/time.ts';
import { FIRST, GENERATED_EVENTS, PROVISIONAL, SAID, SECOND, START } from './generated-stays.fixture.ts';

/**
 * What is said of the persons of generated stays beside them: descriptions, mergers of two of the three numbers, protections
 * that the operator lifts, stays that he makes one, and such a word that never was.
 */

/** All that the hub takes in of one or two stays and their persons. */
export interface TakenIn {
  readonly events: readonly StayEvent[];
  readonly said: readonly PersonEvent[];
}

interface Draft {
  readonly who: Identity;
  readonly word: 'of-a-sender' | 'lifted' | 'lifting-undone' | 'joined' | 'joining-undone';
  /** Given up for `who`; undefined: a description. */
  readonly from: Identity | undefined;
  readonly patient: Partial<PatientStatement>;
  /** Half hours after {@link START}; before the first message too. */
  readonly sent: number;
  /** Minutes after it was sent. */
  readonly takenAfter: number;
}

const WHO = fc.constantFrom(FIRST, FIRST, SECOND, PROVISIONAL);

const DRAFT: fc.Arbitrary<Draft> = fc.record({
  who: WHO,
  word: fc.constantFrom('of-a-sender', 'of-a-sender', 'lifted', 'lifting-undone', 'joined', 'joining-undone'),
  from: fc.option(WHO, { nil: undefined }),
  patient: SAID,
  sent: fc.integer({ min: -4, max: 60 }),
  takenAfter: fc.constantFrom(0, 0, 10, 90, 25 * 60),
});

export const GENERATED_WITH_PERSONS: fc.Arbitrary<TakenIn> = fc
  .tuple(GENERATED_EVENTS, fc.array(DRAFT, { minLength: 1, maxLength: 4 }))
  .map(([events, drafts]) => stamped(events, drafts.flatMap(personEvents)));

/** A merger that says nothing else, sent and taken in at one time. @param halfHours after {@link START} */
export function merger(from: Identity, into: Identity, halfHours: number): PersonEvent {
  return personEvent({ word: 'of-a-sender', who: into, from, patient: {}, sent: halfHours, takenAfter: 0 }, 0);
}

/** As the ingress stamps them, in the order of their intake. */
export function stamped(events: readonly StayEvent[], said: readonly PersonEvent[]): TakenIn {
  const sequence = [...events, ...said].sort((a, b) => a.intakeAt - b.intakeAt);
  const stamps = new Map(sequence.map(({ eventId }, index) => [eventId, index + 1]));
  const withStamp = <E extends { readonly eventId: string }>(event: E): E & { readonly intakeStamp: number } => ({
    ...event,
    intakeStamp: stamps.get(event.eventId) ?? 0,
  });
  return { events: events.map(withStamp), said: said.map(withStamp) };
}

function personEvents(draft: Draft, index: number): PersonEvent[] {
  const event = personEvent(draft, index);
  if (draft.word === 'of-a-sender') return [event];
  const [from, into] = draft.sent % 2 === 0 ? ['A', 'B'] : ['B', 'A'];
  const decided: PersonEvent = {
    ...{ ...event, at: event.intakeAt, sentAt: event.intakeAt, patientIds: [draft.who.value] },
    says: draft.word.startsWith('join')
      ? { kind: 'stays-joined', from, into, reason: 'samma vård' }
      : { kind: 'protection-lifted', reason: 'bekräftat', visit: 'A' },
  };
  if (draft.word === 'lifted' || draft.word === 'joined') return [decided];
  const [eventId, intakeAt] = [`${event.eventId}-undone`, event.intakeAt + 45 * MINUTE];
  const undone = { ...decided, eventId, inboundId: eventId, intakeAt, at: intakeAt, sentAt: intakeAt };
  return [decided, { ...undone, says: { kind: 'undone', eventId: decided.eventId } }];
}

function personEvent({ who, from, patient: more, sent, takenAfter }: Draft, index: number): PersonEvent {
  const patient: PatientStatement = { identities: [who], ...more };
  const says: PersonStatement = from ? { kind: 'merged', from: [from], patient } : { kind: 'described', patient };
  const sentAt = START + sent * 30 * MINUTE;
  const eventId = `p${99 - index}`;
  return {
    ...{ eventId, inboundId: eventId, ordinal: 0, revision: 1, intakeStamp: 0, findings: [] },
    ...{ saidBy: 'KS', trigger: says.kind, at: sentAt, sentAt, intakeAt: sentAt + takenAfter * MINUTE, says },
    patientIds: [who.value, ...(from ? [from.value] : [])],
  };
}
