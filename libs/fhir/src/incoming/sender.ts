import type { IncomingFault } from './element.ts';
import { INCOMING_KINDS, maySay } from './kinds.ts';
import type { IncomingHeader } from './message.ts';

/** Who sends a message, by its credentials: an agreement's messages are of its stays, a party's are answers (rules 12.2). */
export interface MessageSender {
  readonly from: 'ward' | 'party';
  /** Id of the agreement, or of the party. */
  readonly id: string;
  /** HSA-ids that it may name as the unit that sends. */
  readonly units: readonly string[];
}

/** An acknowledgement is never acknowledged (MC-40): two systems that each refuse what the other says would go on for ever. */
export const isAcknowledgementMessage = ({ code, dialect }: IncomingHeader): boolean =>
  code === (dialect === 'medcom' ? 'acknowledgement-message' : 'ACK');

/**
 * Why this sender may not say this, by the header alone: it speaks in its own name only, and says only what its role has to
 * say (rules 12.2). The front door and a check both ask here.
 * @returns undefined when it may
 */
export function senderFault(
  { code, dialect, endpoint, senderUnit }: IncomingHeader,
  { from, id, units }: MessageSender,
): IncomingFault | undefined {
  const isKnown = dialect === 'medcom' || INCOMING_KINDS.has(code);
  const isTheirs = dialect === 'medcom' ? from === 'ward' : maySay(code, from);
  if (isKnown && !isTheirs) return { rule: 'kind-not-theirs', place: 'Bundle.entry[0].resource.eventCoding' };
  // A foreign sender names itself by registers that the county has not.
  if (dialect === 'medcom') return undefined;
  const own = from === 'ward' ? `urn:bryggan:sender:${id}` : `urn:bryggan:party:${id}`;
  if (endpoint !== own) return { rule: 'sender-not-caller', place: 'Bundle.entry[0].resource.source.endpoint' };
  const isOwn = senderUnit === undefined || units.includes(senderUnit);
  return isOwn ? undefined : { rule: 'sender-not-caller', place: 'Bundle.entry[0].resource.sender' };
}
