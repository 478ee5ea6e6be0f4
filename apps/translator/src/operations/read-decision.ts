import { NEED_SCOPES, type OperatorEvent, type OperatorStatement } from '#libs/domain';
import { readOperatorDecision, type OperatorDecision } from '#libs/forms';
import { rejectedFor, revisionOf, type Arrival, type Translation, type TranslatorParts } from '../translation.ts';

/**
 * A decision of the operator becomes one operator event: who decided is the caller that the hub authenticated, never what
 * stands in the bytes.
 */
export function readDecision(
  { inboundId, sender, bytes, intakeAt, intakeStamp }: Arrival,
  { ids }: TranslatorParts,
): Translation {
  const decision = readOperatorDecision(bytes);
  if (!decision) return rejectedFor('undecodable-record');
  const { stay: stayId, reason } = decision;
  const event: OperatorEvent = {
    ...{
      eventId: ids.event(inboundId, 0),
      inboundId,
      ordinal: 0,
      revision: revisionOf(undefined),
      intakeAt,
      intakeStamp,
    },
    ...{ stayId, operator: sender, reason, says: statementOf(decision) },
  };
  return { kind: 'operator-events', events: [event] };
}

function statementOf(decision: OperatorDecision): OperatorStatement {
  switch (decision.kind) {
    case 'released': {
      const { kind, recipient, ground, role } = decision;
      // Whatever of that role waits: what is needed of whom, the ward says.
      return { kind, recipient, ground, scopes: NEED_SCOPES, ...(role && { role }) };
    }
    case 'call-recorded': {
      const { kind, recipient, at, notice, channel } = decision;
      return { kind, recipient, at, ...(notice && { notice }), ...(channel && { channel }) };
    }
    case 'directory-changed': {
      const { kind, version, at } = decision;
      return { kind, version, at };
    }
    case 'undone':
      return { kind: 'undone', eventId: decision.decision };
  }
}
