import type { MessageHeaderFields } from './header.ts';
import { parseMessage } from './parse.ts';

/** What kind of message it is, as its sender says it somewhere: in capitals, empty where it says nothing. */
export interface MessageType {
  /** `ADT`. */
  readonly code: string;
  /** `A01`. */
  readonly trigger: string;
}

/**
 * The type of a message, by whichever of the places that versions and senders use for it says it first (standards 3.1):
 *
 *   MSH-9.1, 9.2   `ADT^A01`, as all versions from 2.3 have it
 *   MSH-9.1        `ADT_A01`, by senders that leave the components out
 *   EVN-1          `A01`, where MSH-9 says `ADT` alone, as before 2.3
 *   MSH-9.3        `ADT_A02`, where nothing else says the trigger and the structure is of one trigger alone
 *
 * MSH-9 goes before EVN-1: where they differ, EVN-1 is what the sender copied.
 * @param bytes the whole message, looked at only when its MSH does not tell
 */
export function messageTypeOf(header: MessageHeaderFields, bytes: Buffer): MessageType {
  const [code = '', joined = ''] = capitals(header.messageCode).split('_');
  const trigger = capitals(header.triggerEvent) || joined;
  if (trigger !== '' || code !== 'ADT') return { code, trigger };
  // A byte order mark is three letters in this reading.
  const message = parseMessage(bytes.subarray(Math.max(0, bytes.indexOf('MSH'))).toString('latin1'));
  const recorded = message.ok ? capitals(message.value.text('EVN', 1) ?? '') : '';
  const [, structure = ''] = capitals(header.messageStructure).split('_');
  return { code, trigger: recorded || (OF_ONE_TRIGGER.has(structure) ? structure : '') };
}

/** Structures that only the trigger of their name has (table 0354). */
const OF_ONE_TRIGGER: ReadonlySet<string> = new Set(['A02', 'A03', 'A16', 'A18']);

function capitals(text: string): string {
  return text.trim().toUpperCase();
}

/**
 * Whether a frame is an answer: of type ACK, with an MSA and no ADT (a response of another type, or one whose MSH cannot be
 * read), or the one byte ACK or NAK of MLLP release 2. An answer is never answered: two engines that each refuse what the
 * other says would go on for ever.
 */
export function isAcknowledgement(bytes: Buffer, header: MessageHeaderFields | undefined): boolean {
  const messageCode = header?.messageCode.toUpperCase();
  if (messageCode === 'ADT') return false;
  if (messageCode === 'ACK' || (bytes.length === 1 && (bytes[0] === ACK || bytes[0] === NAK))) return true;
  return /(?:^|[\r\n])MSA[^A-Za-z0-9]/.test(bytes.toString('latin1'));
}

const ACK = 0x06;
const NAK = 0x15;
