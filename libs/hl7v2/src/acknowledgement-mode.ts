import type { AcknowledgementCode } from './acknowledgement.ts';
import type { MessageHeaderFields } from './header.ts';

/** What became of the message: stored; perhaps not stored, send again; refused, do not send it again as it is. */
export type Outcome = 'accepted' | 'error' | 'rejected';

/** When a sender wants an answer of one kind: table 0155. */
type Occasion = 'always' | 'never' | 'errors' | 'success';

const OCCASIONS = new Map<string, Occasion>([
  ['AL', 'always'],
  ['NE', 'never'],
  ['ER', 'errors'],
  ['SU', 'success'],
]);

/**
 * MSA-1 of each answer that the sender wants to an outcome, in the order in which they go out; none when it wants none.
 *
 * MSH-15 and MSH-16 both empty is the original mode: one answer, AA, AE or AR. Otherwise MSH-15 says when it wants the
 * accept answer (CA, CE, CR) and MSH-16 when it wants the application answer (AA, AE, AR); one that is empty wants none.
 * Both tell the same here, since what the hub answers for is that the message is stored and taken for processing; so the
 * application answer follows the accept answer at once. After a CE or CR none follows: the message was not taken over.
 * A code outside of the table is answered always, but not twice: silence would stop the sender. Source: HL7 v2 chapter
 * 2.9.2 and 2.9.3, standards 3.4.
 */
export function acknowledgementCodes(
  header: Pick<MessageHeaderFields, 'acceptAcknowledgement' | 'applicationAcknowledgement'>,
  outcome: Outcome,
): readonly AcknowledgementCode[] {
  const [accept, application] = [header.acceptAcknowledgement, header.applicationAcknowledgement];
  if (accept === '' && application === '') return [APPLICATION[outcome]];
  if (isWanted(occasionOf(accept, 'always'), outcome)) {
    const followed = outcome === 'accepted' && isWanted(occasionOf(application, 'never'), outcome);
    return followed ? [ACCEPT[outcome], APPLICATION[outcome]] : [ACCEPT[outcome]];
  }
  return isWanted(occasionOf(application, 'always'), outcome) ? [APPLICATION[outcome]] : [];
}

const ACCEPT = { accepted: 'CA', error: 'CE', rejected: 'CR' } as const;
const APPLICATION = { accepted: 'AA', error: 'AE', rejected: 'AR' } as const;

function occasionOf(code: string, unknown: Occasion): Occasion {
  return code === '' ? 'never' : (OCCASIONS.get(code.toUpperCase()) ?? unknown);
}

function isWanted(occasion: Occasion, outcome: Outcome): boolean {
  return occasion === 'always' || occasion === (outcome === 'accepted' ? 'success' : 'errors');
}
