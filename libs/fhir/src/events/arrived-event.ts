import { routingEventOf, wordEventOf } from '#libs/domain';
import { isUnreadable, type Unreadable } from '../unreadable.ts';
import { readOperatorEvent } from './operator-event-bundle.ts';
import { readPartyEventBundle } from './party-event-bundle.ts';
import { readSenderEvent, type SenderEvent } from './person-event-bundle.ts';

/**
 * What a record of topic `events` says of a stay or a person, for whoever folds them.
 * @param kind of the record: `event`, `party-event`, `operator-event`; what a `case-event` says is of no stay
 * @returns undefined for what changes nothing that is folded, such as that a party has read a notice
 */
export function readArrivedEvent(kind: string, value: unknown): SenderEvent | Unreadable | undefined {
  if (kind === 'case-event') return undefined;
  if (kind !== 'party-event' && kind !== 'operator-event') return readSenderEvent(value);
  const said = kind === 'party-event' ? readPartyEventBundle(value) : readOperatorEvent(value);
  return isUnreadable(said) ? said : routingEventOf(said);
}

/**
 * What a record of topic `events` says to the one who judges: all that {@link readArrivedEvent} says, and what the parties said
 * besides, for their own duties are judged by it.
 * @returns undefined for what nothing is judged by
 */
export function readJudgedEvent(kind: string, value: unknown): SenderEvent | Unreadable | undefined {
  if (kind !== 'party-event') return readArrivedEvent(kind, value);
  const said = readPartyEventBundle(value);
  return isUnreadable(said) ? said : wordEventOf(said, routingEventOf(said));
}
