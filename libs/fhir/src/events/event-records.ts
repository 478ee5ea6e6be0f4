import { type CaseEvent, type CaseStatement, routingEventOf, wordEventOf } from '#libs/domain';
import { isUnreadable, missing, reading, type Unreadable } from '../resource.ts';
import { readInstant, writeInstant } from '../times-and-texts.ts';
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

/**
 * The value of a record of `events` for what a person says of a deviation: JSON of its own, since FHIR has no resource for it.
 * What a case has become is a Task (contract 4). The person's number is not in it.
 */
export function writeCaseEvent({ eventId, intakeAt, ...event }: CaseEvent): object {
  return { id: eventId, intakeAt: writeInstant(intakeAt), ...event };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isCount = (value: unknown): value is number => typeof value === 'number';

/** What a person says of a deviation in a record of `events`, or where it is unreadable. Never throws. */
export function readCaseEvent(value: unknown): CaseEvent | Unreadable {
  return reading('case event', () => {
    const { id, inboundId, ordinal, revision, intakeAt, intakeStamp, by, says } = isRecord(value)
      ? value
      : missing('object');
    return {
      eventId: isText(id) ? id : missing('id'),
      inboundId: isText(inboundId) ? inboundId : missing('inboundId'),
      ordinal: isCount(ordinal) ? ordinal : missing('ordinal'),
      revision: isCount(revision) ? revision : missing('revision'),
      intakeAt: readInstant(isText(intakeAt) ? intakeAt : undefined, 'intakeAt'),
      intakeStamp: isCount(intakeStamp) ? intakeStamp : missing('intakeStamp'),
      by: isText(by) ? by : missing('by'),
      says: isStatement(says) ? says : missing('says'),
    };
  });
}

/** Only the translator writes these, from forms that were checked: enough is looked at to tell one from anything else. */
function isStatement(value: unknown): value is CaseStatement {
  if (!isRecord(value)) return false;
  if (value['kind'] === 'reported') return isText(value['code']) && isText(value['on']);
  return value['kind'] === 'acted' && isText(value['caseId']) && isRecord(value['act']) && isText(value['from']);
}
