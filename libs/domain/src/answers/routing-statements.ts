import { DIRECTORY, OPERATOR, type RoutingStatement, type StayEvent } from '../events/stay-event.ts';
import { SENDER_CALLER, type OperatorEvent } from '../events/operator-event.ts';
import type { PartyEvent } from '../events/party-event.ts';
import { NO_TERMS } from '../events/event-origin.ts';
import type { PartyId } from '../parties/party.ts';
import type { StatedRouting } from '../routing/routing-facts.ts';
import type { Instant } from '../time/time.ts';
import type { Stay } from '../stay/stay.ts';

/** A notice that came back, for as long as nobody took the return back: what went out was for somebody else's eyes (SEK-02). */
export interface ReturnOfNotice {
  readonly by: PartyId;
  readonly eventId: string;
  /** When the hub took the return in. */
  readonly at: Instant;
  readonly sent: Instant;
}

/** A call that was made in place of a notice (TEK-02). */
export interface RecordedCall {
  readonly recipient: PartyId;
  readonly eventId: string;
  readonly at: Instant;
  readonly notice?: string;
  readonly channel?: string;
  /** Recorded by the ward that made it, and not by the operator. */
  readonly byWard?: true;
}

interface Taken {
  readonly eventId: string;
  readonly at: Instant;
  readonly sent: Instant;
  readonly says: RoutingStatement;
  /** Of whom it was said: nothing of it holds for another person on the same visit (DEC-18). */
  readonly personKey: string;
}

/**
 * The statements of routing of one stay, in the order of intake.
 *
 *   said     by a party, or by the operator
 *   counts   of a party: it has a notice of the stay that stands when its word is taken in. Who was told nothing has no say
 *   undone   by the one who said it: it never was. Which of the two comes first does not matter: the clocks of two processes
 *            that take messages in may differ, so that a statement and its undoing stand in either order
 *
 * Between a return and a release the later one holds: a person may send a notice again to the party that had sent it back, and
 * a party may send back what a person has released to it.
 */
export class RoutingStatements {
  readonly #taken: Taken[] = [];
  readonly #undone = new Set<string>();
  #known: { readonly personKey: string; readonly stated: StatedRouting } | undefined;

  /**
   * Takes the statement of an event, if it has one.
   * @param isTold whether a party has a notice that stands
   */
  take(
    { eventId, intakeAt: at, beside }: StayEvent,
    sent: Instant,
    { personKey }: Pick<Stay, 'personKey'>,
    isTold: (party: PartyId) => boolean,
  ): void {
    const says = beside?.routing;
    if (!says) return;
    this.#known = undefined;
    if (says.kind === 'undone') this.#undone.add(takenBack(says.by, says.eventId));
    else if (says.by === OPERATOR || says.by === DIRECTORY || isTold(says.by))
      this.#taken.push({ eventId, at, sent, says, personKey });
  }

  /** What stands of the person whose stay it is now. */
  of({ personKey }: Pick<Stay, 'personKey'>): StatedRouting {
    if (this.#known?.personKey !== personKey) {
      const stated = this.#standing(personKey).reduce(together, {});
      this.#known = { personKey, stated };
    }
    return this.#known.stated;
  }

  /** The returns that stand, whatever became of the notice since. */
  returns({ personKey }: Pick<Stay, 'personKey'>): ReturnOfNotice[] {
    return this.#standing(personKey).flatMap(({ says: { kind, by }, eventId, at, sent }) =>
      kind === 'returned' ? [{ by, eventId, at, sent }] : [],
    );
  }

  /** The calls that stand, as they were recorded. */
  calls({ personKey }: Pick<Stay, 'personKey'>): RecordedCall[] {
    return this.#standing(personKey).flatMap(({ says, eventId }) => {
      if (says.kind !== 'call-recorded') return [];
      const { recipient, at, notice, channel, byWard } = says;
      return {
        ...{ recipient, eventId, at },
        ...(notice !== undefined && { notice }),
        ...(channel !== undefined && { channel }),
        ...(byWard && { byWard }),
      };
    });
  }

  #standing(personKey: string): Taken[] {
    if (this.#taken.length === 0) return this.#taken;
    return this.#taken.filter(
      (one) => one.personKey === personKey && !this.#undone.has(takenBack(one.says.by, one.eventId)),
    );
  }
}

const NOBODY_RETURNED: ReadonlySet<PartyId> = new Set();

/** Those who sent a notice back, and to whom nobody has released it since. */
export function returnedIn({ returned = [] }: StatedRouting): ReadonlySet<PartyId> {
  return returned.length === 0 ? NOBODY_RETURNED : new Set(returned.map(({ by }) => by));
}

/** What somebody has taken back of its own; of another's statement it takes back nothing. */
export const takenBack = (by: PartyId, eventId: string): string => `${by} ${eventId}`;

function together(before: StatedRouting, { says }: Taken): StatedRouting {
  const { added = [], returned = [], released = [] } = before;
  switch (says.kind) {
    case 'returned': {
      const { by, proposal } = says;
      // Content had gone out: who was told nothing cannot return anything.
      const one = { by, told: true, ...(proposal !== undefined && { proposal }) };
      return {
        ...before,
        returned: [...returned.filter((other) => other.by !== by), one],
        released: released.filter(({ recipient }) => recipient !== by),
      };
    }
    case 'case-owned': {
      const { owner: party, by, desk } = says;
      // Of another party's desks nobody knows.
      return { ...before, caseOwner: { party, ...(desk !== undefined && party === by && { desk }) } };
    }
    case 'recipient-added': {
      const { recipient: party, by, home, grounds } = says;
      const others = added.filter((one) => one.party !== party || one.by !== by);
      const one = { party, by, ...(home && { home }), ...(grounds && { grounds }) };
      return { ...before, added: [...others, one] };
    }
    case 'released': {
      const { recipient, scopes, ground, role } = says;
      const one = { recipient, scopes, ground, ...(role && { role }) };
      // Of one role the latest release holds; what came back from this recipient has been sent to it anew.
      const others = released.filter((other) =>
        role ? other.role !== role : other.role !== undefined || other.recipient !== recipient,
      );
      return {
        ...before,
        returned: returned.filter(({ by }) => by !== recipient),
        released: [...others, one],
      };
    }
    case 'call-recorded':
    case 'directory-changed':
    case 'undone':
      return before;
  }
}

/**
 * The event that the stay keeps of what a party or the operator said; undefined for what changes nobody's being told. It
 * names no person, so it stands under the stay's own id among those of persons: whose stay it is, the ward's messages say.
 */
export function routingEventOf(event: PartyEvent | OperatorEvent): StayEvent | undefined {
  const routing = 'party' in event ? byParty(event) : byOperator(event);
  if (!routing) return undefined;
  const { eventId, inboundId, ordinal, revision, intakeAt, intakeStamp, stayId } = event;
  return {
    ...{ eventId, inboundId, ordinal, revision, intakeAt, intakeStamp, stayId },
    ...{ patientId: stayId, sender: routing.by, trigger: routing.kind, course: 'update' },
    ...{ at: intakeAt, sentAt: 'party' in event ? event.sentAt : intakeAt, terms: NO_TERMS },
    ...{ patient: { identities: [] }, encounter: {}, facts: [], findings: [], beside: { routing } },
  };
}

function byParty({ party: by, says, grounds }: PartyEvent): RoutingStatement | undefined {
  switch (says.kind) {
    case 'returned':
      return { kind: 'returned', by, ...(says.proposal !== undefined && { proposal: says.proposal }) };
    case 'case-owned':
      return { kind: 'case-owned', by, owner: says.owner, ...(says.desk !== undefined && { desk: says.desk }) };
    case 'recipient-added':
      return {
        ...{ kind: 'recipient-added', by, recipient: says.recipient },
        ...(says.home && { home: says.home }),
        ...(grounds && { grounds }),
      };
    case 'undone':
      return ROUTING_ANSWERS.has(says.code) ? { kind: 'undone', by, eventId: says.eventId } : undefined;
    default:
      return undefined;
  }
}

const ROUTING_ANSWERS: ReadonlySet<string> = new Set(['RET', 'CASE-OWNER', 'RECIPIENT']);

function byOperator({ says, operator }: OperatorEvent): RoutingStatement {
  switch (says.kind) {
    case 'released':
      return { ...says, by: OPERATOR };
    case 'undone':
      return { kind: 'undone', by: OPERATOR, eventId: says.eventId };
    case 'call-recorded':
      return { ...says, by: OPERATOR, ...(operator.startsWith(SENDER_CALLER) && { byWard: true as const }) };
    case 'directory-changed':
      return { ...says, by: DIRECTORY };
  }
}
