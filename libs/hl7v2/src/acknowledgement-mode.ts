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

/** The answers that a sender wants to an outcome. */
export interface WantedAnswers {
  /** MSA-1 of the answer that goes out at once; undefined when it wants none. */
  readonly now: AcknowledgementCode | undefined;
  /** An application answer is to follow when the message has been read: AA, or AE or AR. */
  readonly later: boolean;
}

/**
 * What a sender wants to hear of an outcome.
 *
 * MSH-15 and MSH-16 both empty is the original mode: one answer, AA, AE or AR, and so is MSH-16 without MSH-15 (or with one
 * that wants nothing of this outcome): whoever wants one answer gets it as soon as the message is stored. Otherwise MSH-15
 * asks for the accept answer (CA, CE, CR: stored or not), and where MSH-16 asks for the application answer too, it comes
 * later, when the message has been read. After CE or CR none follows: the message was not taken over. A code outside of the
 * table is answered always, but not twice: silence would stop the sender. Source: HL7 v2 chapter 2.9.2 and 2.9.3, standards 3.4.
 */
export function wantedAnswers(
  header: Pick<MessageHeaderFields, 'acceptAcknowledgement' | 'applicationAcknowledgement'>,
  outcome: Outcome,
): WantedAnswers {
  const [accept, application] = [header.acceptAcknowledgement, header.applicationAcknowledgement];
  if (accept === '' && application === '') return { now: APPLICATION[outcome], later: false };
  if (isWanted(occasionOf(accept, 'always'), outcome)) {
    const later = outcome === 'accepted' && isWanted(occasionOf(application, 'never'), outcome);
    return { now: ACCEPT[outcome], later };
  }
  const now = isWanted(occasionOf(application, 'always'), outcome) ? APPLICATION[outcome] : undefined;
  return { now, later: false };
}

const ACCEPT = { accepted: 'CA', error: 'CE', rejected: 'CR' } as const;
const APPLICATION = { accepted: 'AA', error: 'AE', rejected: 'AR' } as const;

function occasionOf(code: string, unknown: Occasion): Occasion {
  return code === '' ? 'never' : (OCCASIONS.get(code.toUpperCase()) ?? unknown);
}

function isWanted(occasion: Occasion, outcome: Outcome): boolean {
  return occasion === 'always' || occasion === (outcome === 'accepted' ? 'success' : 'errors');
}
