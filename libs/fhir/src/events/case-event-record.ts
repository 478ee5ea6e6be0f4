import type { CaseEvent, CaseStatement } from '#libs/domain';
import { readInstant, writeInstant } from '../times.ts';
import { missing, reading, type Unreadable } from '../unreadable.ts';

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
