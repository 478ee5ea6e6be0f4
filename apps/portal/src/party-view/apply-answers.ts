import type { Instant } from '#libs/domain';
import { readAnswerBundle } from '#libs/fhir';
import { UnreadableRecord } from '#libs/platform';
import { rowOf } from '../view/columns.ts';
import { readJson } from '../view/read-json.ts';
import type { NewRow } from '../view/row.ts';
import type { Addressed } from './apply-notices.ts';

/**
 * Answers that were told on to a party, as rows of its view: to the organisation of a ward what its recipients say, to others
 * the call to a plan. An answer changes no Encounter: it says nothing of how the stay is.
 * @throws UnreadableRecord for what is no answer, or is to another party
 */
export function answerRows(addressed: readonly Addressed[], now: Instant): NewRow[] {
  return addressed.map(({ party, record }) => {
    const { answer, communication } = readJson(record, readAnswerBundle);
    if (answer.recipient !== party) throw new UnreadableRecord('answer: recipient');
    return rowOf(communication, { audience: party, updatedAt: now });
  });
}
