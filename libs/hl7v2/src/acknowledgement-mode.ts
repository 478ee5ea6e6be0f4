import type { AcknowledgementCode } from './acknowledgement.ts';
import type { MessageHeaderFields } from './header.ts';

/** Which answers a sender wants: the original mode's AA, AE, AR, or a commit answer CA, CE, CR on these occasions. */
export type AcknowledgementMode =
  'original' | 'enhanced-always' | 'enhanced-never' | 'enhanced-errors' | 'enhanced-success';

/** What became of the message: stored; perhaps not stored, send again; refused, do not send it again as it is. */
export type Outcome = 'accepted' | 'error' | 'rejected';

const BY_MSH_15 = new Map<string, AcknowledgementMode>([
  ['AL', 'enhanced-always'],
  ['ER', 'enhanced-errors'],
  ['SU', 'enhanced-success'],
]);

/**
 * The mode by MSH-15 and MSH-16. Both empty is the original mode; so is MSH-15 `NE` or empty with an application
 * answer wanted (MSH-16 `AL`, `ER`, `SU`): the standard calls NE/AL the original mode, and we have but one answer.
 * An unknown MSH-15 is answered always: silence would stop the sender. Source: HL7 v2 chapter 2.9, standards 3.4.
 */
export function acknowledgementMode(
  header: Pick<MessageHeaderFields, 'acceptAcknowledgement' | 'applicationAcknowledgement'>,
): AcknowledgementMode {
  const accept = header.acceptAcknowledgement.toUpperCase();
  const application = header.applicationAcknowledgement.toUpperCase();
  if (accept !== '' && accept !== 'NE') return BY_MSH_15.get(accept) ?? 'enhanced-always';
  if (application === 'NE') return 'enhanced-never';
  return accept === '' || application !== '' ? 'original' : 'enhanced-never';
}

/** MSA-1 for an outcome in that mode; undefined when the sender wants no answer to it. */
export function acknowledgementCode(mode: AcknowledgementMode, outcome: Outcome): AcknowledgementCode | undefined {
  if (mode === 'original') return ({ accepted: 'AA', error: 'AE', rejected: 'AR' } as const)[outcome];
  const wanted =
    mode === 'enhanced-always' ||
    (mode === 'enhanced-success' && outcome === 'accepted') ||
    (mode === 'enhanced-errors' && outcome !== 'accepted');
  return wanted ? ({ accepted: 'CA', error: 'CE', rejected: 'CR' } as const)[outcome] : undefined;
}
