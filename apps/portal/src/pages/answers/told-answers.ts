import type { Communication } from 'fhir/r4.js';
import { isUnreadable, toldAnswer, type ToldAnswer } from '#libs/fhir';

/** An answer as its recipient has it. */
export interface HeardAnswer extends ToldAnswer {
  /** Its party took it back later. */
  readonly undone: boolean;
}

/** The answers among what one recipient was told of a stay, in the order of sending; what takes one back only marks it. */
export function heardAnswers(communications: readonly Communication[]): HeardAnswer[] {
  const told = communications.map(toldAnswer).filter((one): one is ToldAnswer => !isUnreadable(one));
  const undone = new Set(
    told.flatMap(({ party, says }) => (says.kind === 'undone' ? [`${party} ${says.eventId}`] : [])),
  );
  return told
    .filter(({ says }) => says.kind !== 'undone')
    .map((one) => ({ ...one, undone: undone.has(`${one.party} ${one.eventId}`) }))
    .sort((a, b) => a.sent - b.sent);
}
