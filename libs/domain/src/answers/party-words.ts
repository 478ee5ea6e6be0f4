import { NO_TERMS } from '../events/event-origin.ts';
import { PLANNING_CODES } from '../codes/answer-code.ts';
import { answerCodeOf, type PartyEvent, type PartyStatement } from '../events/party-event.ts';
import type { PartyWord, StayEvent } from '../events/stay-event.ts';
import { mayAnswer } from '../disclosure/gate.ts';
import type { Party, PartyId } from '../parties/party.ts';
import type { Instant } from '../time/time.ts';
import { takenBack } from './routing-statements.ts';
import type { Stay } from '../stay/stay.ts';

/**
 * What the parties of a stay, and its ward, have said for the planning: what their own duties are judged by (rules 6.2).
 *
 *   said    an event of the stay like any other, so that it is deduplicated, replayed and put in order as all are
 *   counts  of a party: it has a notice that stands when its word is taken in, and its kind may say this. Of a ward: its own
 *           stay, and one of the codes for the planning
 *   undone  by the one who said it: it never was, whichever of the two is taken in first (`RoutingStatements` tells why)
 *
 * A word of another person on the same visit, or from before a cancelled stay was revived, is none of the stay's (DEC-18, DEC-25).
 */
export interface TakenWord extends PartyWord {
  readonly eventId: string;
  /** When the hub took it in. */
  readonly at: Instant;
  /** The time by which it is judged (architecture 7). */
  readonly sent: Instant;
  /** The party that spoke, as the directory had it then; absent: the ward. */
  readonly by?: Party;
}

/** What has to be known of a party when its word is taken in. */
export interface Speaking {
  readonly isTold: (party: PartyId) => boolean;
  readonly partyOf: (id: PartyId) => Party | undefined;
}

export class PartyWords {
  readonly #taken: (TakenWord & { readonly run: string })[] = [];
  readonly #undone = new Set<string>();

  /** Takes the word of an event, if it has one that counts. */
  take({ eventId, intakeAt: at, beside }: StayEvent, sent: Instant, stay: Stay, speaking: Speaking): void {
    const word = beside?.word;
    if (!word) return;
    const { party, says } = word;
    if (says.kind === 'undone') {
      this.#undone.add(takenBack(party, says.eventId));
      return;
    }
    const ofWard = party === stay.terms.organisation && isPlanning(says);
    const by = ofWard ? undefined : speaking.partyOf(party);
    if (!ofWard && !(by && speaking.isTold(party) && mayAnswer(answerCodeOf(says), by))) return;
    this.#taken.push({ ...word, eventId, at, sent, ...(by && { by }), run: runOf(stay) });
  }

  /** What stands of the stay as it is now, in the order of saying. */
  of(stay: Stay): readonly TakenWord[] {
    if (this.#taken.length === 0) return [];
    const run = runOf(stay);
    return this.#taken
      .filter((one) => one.run === run && !this.#undone.has(takenBack(one.party, one.eventId)))
      .sort((a, b) => a.sent - b.sent || a.at - b.at);
  }
}

function runOf({ personKey, revival }: Stay): string {
  return `${personKey}|${revival}`;
}

function isPlanning(says: PartyStatement): boolean {
  return PLANNING_CODES.some((code) => code === answerCodeOf(says));
}

/**
 * The event that the judging keeps of what a party said. In: the party's event, and the event that its word on who is told
 * made of it, if it is one (`routingEventOf`). Free text and names are left out: nothing is judged by them.
 */
export function wordEventOf(event: PartyEvent, routing: StayEvent | undefined): StayEvent {
  const { eventId, inboundId, ordinal, revision, intakeAt, intakeStamp, stayId, party, about, says } = event;
  const word: PartyWord = { party, says: withoutText(says), ...(about !== undefined && { about }) };
  if (routing) return { ...routing, beside: { ...routing.beside, word } };
  return {
    ...{ eventId, inboundId, ordinal, revision, intakeAt, intakeStamp, stayId },
    ...{ patientId: stayId, sender: party, trigger: says.kind, course: 'update' },
    // A party's own time is believed as a ward's is: its duties are judged by when it spoke.
    ...{ at: intakeAt, sentAt: event.sentAt, terms: { ...NO_TERMS, clock: 'trusted' } },
    ...{ patient: { identities: [] }, encounter: {}, facts: [], findings: [], beside: { word } },
  };
}

const NOT_KEPT: ReadonlySet<string> = new Set(['text', 'contact', 'desk']);

function withoutText(says: PartyStatement): PartyStatement {
  return Object.fromEntries(Object.entries(says).filter(([name]) => !NOT_KEPT.has(name))) as PartyStatement;
}
