import { NEED_SCOPES, type OperatorEvent, type OperatorStatement, type PersonEvent } from '#libs/domain';
import { readOperatorDecision, type OperatorDecision } from '#libs/forms';
import { rejectedFor, revisionOf, type Arrival, type Translation, type TranslatorParts } from '../translation.ts';

type OfPersons = Extract<OperatorDecision, { readonly persons?: readonly string[] }>;
type OfStay = Exclude<OperatorDecision, { readonly persons: readonly string[] }>;

/**
 * A decision of the operator becomes one event, of the stay or of its person: who decided is the caller that the hub
 * authenticated, never what stands in the bytes.
 */
export function readDecision(
  { inboundId, sender, bytes, intakeAt, intakeStamp }: Arrival,
  { ids }: TranslatorParts,
): Translation {
  const decision = readOperatorDecision(bytes);
  if (!decision) return rejectedFor('undecodable-record');
  const { stay: stayId, reason } = decision;
  const origin = {
    ...{ eventId: ids.event(inboundId, 0), inboundId, ordinal: 0, revision: revisionOf(undefined) },
    ...{ intakeAt, intakeStamp },
  };
  const [first, ...others] = 'persons' in decision ? (decision.persons ?? []) : [];
  if (isOfStay(decision) && first === undefined) {
    const event: OperatorEvent = { ...origin, stayId, operator: sender, reason, says: statementOf(decision) };
    return { kind: 'operator-events', events: [event] };
  }
  if (first === undefined) return rejectedFor('undecodable-record');
  const event: PersonEvent = {
    ...{ ...origin, patientIds: [first, ...others], saidBy: sender, trigger: decision.kind },
    ...{ at: intakeAt, sentAt: intakeAt, says: wordOf(decision as OfPersons), findings: [] },
  };
  return { kind: 'events', events: [{ event, raw: { controlId: '' } }] };
}

function isOfStay(decision: OperatorDecision): decision is OfStay {
  return decision.kind === 'undone' || !('persons' in decision);
}

function wordOf(decision: OfPersons): PersonEvent['says'] {
  switch (decision.kind) {
    case 'protection-lifted':
      return { kind: decision.kind, reason: decision.reason, visit: decision.stay };
    case 'persons-joined':
      return { kind: 'merged', from: decision.from, patient: { identities: decision.survivor } };
    case 'stays-joined':
      return { kind: decision.kind, from: decision.other, into: decision.stay, reason: decision.reason };
    case 'undone':
      return { kind: 'undone', eventId: decision.decision };
  }
}

function statementOf(decision: OfStay): OperatorStatement {
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
