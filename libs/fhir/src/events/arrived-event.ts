import { routingEventOf } from '#libs/domain';
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
