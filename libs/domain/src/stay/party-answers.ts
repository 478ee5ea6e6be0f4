import type { FixedContact, PartyEvent, ReturnReason } from '../events/party-event.ts';
import type { PartyId } from '../routing/party.ts';
import type { Instant } from '../time/time.ts';

/** What one party has answered, done and asked in a stay, as it stands. */
export interface PartyAnswers {
  readonly party: PartyId;
  /** Communication id -> when a person of the party first took part of it (KVI). */
  readonly acknowledged: ReadonlyMap<string, Instant>;
  /** Communication id -> who the party says is the right one, if it says so (RET). */
  readonly returned: ReadonlyMap<
    string,
    { readonly at: Instant; readonly reason?: ReturnReason; readonly proposal?: PartyId }
  >;
  readonly planningBegunAt?: Instant;
  readonly contactAppointedAt?: Instant;
  /** The fixed care contact by the latest word. */
  readonly contact?: FixedContact;
  /** Latest word on whether the region's measures are there (LUS 5:5); `unknown` until said. */
  readonly obstacle: 'yes' | 'no' | 'unknown';
  readonly foundAt?: { readonly at: Instant; readonly where: 'admitted' | 'home' };
  readonly sipCalls: readonly {
    readonly eventId: string;
    readonly at: Instant;
    readonly invited: readonly PartyId[];
  }[];
  /** Threads of its questions that nobody has answered. */
  readonly openQuestions: ReadonlySet<string>;
}

/** An answer that names no notice is about the stay as a whole. */
const WHOLE_STAY = '';

/**
 * Folds the answers of a stay, by party, in the order in which they were sent; the same for every order in which they came.
 * What a party undid never was.
 */
export function answersOf(events: readonly PartyEvent[]): Map<PartyId, PartyAnswers> {
  const undone = new Set(
    events.flatMap(({ says, party }) => (says.kind === 'undone' ? [`${party}|${says.eventId}`] : [])),
  );
  const notUndone = events
    .filter(({ eventId, party }) => !undone.has(`${party}|${eventId}`))
    .sort((a, b) => a.sentAt - b.sentAt || a.intakeStamp - b.intakeStamp || (a.eventId < b.eventId ? -1 : 1));
  const answeredThreads = new Set(notUndone.flatMap(({ says }) => (says.kind === 'answered' ? [says.thread] : [])));
  const open = notUndone.filter(({ says }) => says.kind !== 'asked' || !answeredThreads.has(says.thread));
  const byParty = Map.groupBy(open, ({ party }) => party);
  return new Map([...byParty].map(([party, own]) => [party, own.reduce(answered, nothingOf(party))]));
}

function nothingOf(party: PartyId): PartyAnswers {
  const none = new Map<string, never>();
  return { party, acknowledged: none, returned: none, obstacle: 'unknown', sipCalls: [], openQuestions: new Set() };
}

function answered(before: PartyAnswers, { says, sentAt: at, about = WHOLE_STAY, eventId }: PartyEvent): PartyAnswers {
  switch (says.kind) {
    case 'acknowledged':
      return before.acknowledged.has(about)
        ? before
        : { ...before, acknowledged: new Map([...before.acknowledged, [about, at]]) };
    case 'returned': {
      const { proposal, reason } = says;
      const word = { at, ...(reason && { reason }), ...(proposal !== undefined && { proposal }) };
      return { ...before, returned: new Map([...before.returned, [about, word]]) };
    }
    case 'planning-begun':
      return { ...before, planningBegunAt: before.planningBegunAt ?? at };
    case 'contact-appointed':
      return {
        ...before,
        contactAppointedAt: before.contactAppointedAt ?? at,
        ...(says.contact && { contact: says.contact }),
      };
    case 'obstacle':
      return { ...before, obstacle: says.exists };
    case 'found':
      return { ...before, foundAt: before.foundAt ?? { at, where: says.where } };
    case 'sip-called':
      return { ...before, sipCalls: [...before.sipCalls, { eventId, at, invited: says.invited }] };
    case 'asked':
      return { ...before, openQuestions: new Set([...before.openQuestions, says.thread]) };
    case 'answered':
    case 'informed':
    case 'sip-proposed':
    case 'sip-replied':
    case 'sip-declined':
    case 'sip-planned':
    case 'care-planned':
    case 'care-plan-adjusted':
    case 'opposed':
    case 'case-owned':
    case 'recipient-added':
    case 'undone':
      return before;
  }
}
