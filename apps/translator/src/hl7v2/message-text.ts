import { isAscii } from 'node:buffer';
import {
  charsetNamed,
  contentStart,
  decodeCharset,
  parseMessage,
  type CharsetSalvage,
  type DecodedText,
  type Hl7Message,
  type Result,
} from '#libs/hl7v2';
import type { FaultName } from '#libs/platform';
import type { Findings } from '../findings.ts';

const SALVAGE: Readonly<Record<CharsetSalvage, FaultName>> = {
  'not-ascii': 'mislabelled-charset',
  'utf-8': 'mislabelled-charset',
  'windows-1252': 'windows-charset',
  controls: 'control-characters',
};
const DAMAGE = '\uFFFD';

/** Segments that a duty or a notice uses; what is wrong in another is noted only (SAL-2). */
const USED: ReadonlySet<string> = new Set(['MSH', 'EVN', 'PID', 'PD1', 'PV1', 'PV2', 'ARV', 'OBX']);

/**
 * The bytes of a message as its segments. Whatever had to be done so that its text could be read is a finding (SAL-4); only a
 * text that no charset fits, or that cannot be taken apart, rejects it (SAL-1).
 * @param declared MSH-18, first repetition
 * @param senderDefault the agreement's charset, a name of table 0211
 */
export function readText(
  bytes: Buffer,
  declared: string,
  senderDefault: string,
  findings: Findings,
): Hl7Message | undefined {
  const decoded = decode(bytes.subarray(contentStart(bytes)), declared, senderDefault, findings);
  if (decoded === undefined) {
    findings.reject('bad-charset', 'MSH-18');
    return undefined;
  }
  for (const salvage of decoded.salvage) findings.flag(SALVAGE[salvage], 'MSH-18');
  // A charset that nobody reads decided nothing: the bytes, or the agreement, did.
  if (declared !== '' && charsetNamed(declared) === undefined && !isAscii(bytes))
    findings.flag('mislabelled-charset', 'MSH-18');
  const parsed = parseMessage(decoded.text, decoded.charset);
  if (!parsed.ok) {
    const isSeveral = parsed.fault.code === 'several-messages';
    findings.reject(isSeveral ? 'several-messages' : 'parse-fault', `line ${parsed.fault.line}`);
    return undefined;
  }
  // Segments that end with nothing, or with a CR that somebody wrote in letters, are all one.
  if (parsed.value.segments.length < 2) {
    findings.reject('no-segments', 'MSH');
    return undefined;
  }
  for (const line of parsed.value.brokenLines) findings.flag('broken-segment', `line ${line}`);
  for (const place of parsed.value.unreadEscapes()) tell('unread-escape', place, findings);
  if (decoded.damagedBySender) for (const place of damagedIn(parsed.value)) tell('lost-letters', place, findings);
  return parsed.value;
}

/** By MSH-18; where the bytes are not of it, as if it had said nothing. */
function decode(bytes: Buffer, declared: string, senderDefault: string, findings: Findings): DecodedText | undefined {
  const byDeclared = decodeCharset(bytes, declared, charsetNamed(senderDefault));
  if (byDeclared.ok) return byDeclared.value;
  const byDefault: Result<DecodedText, unknown> = decodeCharset(bytes, '', charsetNamed(senderDefault));
  if (!byDefault.ok || looksLikeBrokenUtf8(bytes)) return undefined;
  findings.flag('mislabelled-charset', 'MSH-18');
  return byDefault.value;
}

/** Letters in UTF-8 beside bytes that are not of it: any other reading would make two signs of each of those letters. */
function looksLikeBrokenUtf8(bytes: Buffer): boolean {
  return /[\xc3][\x80-\xbf]/.test(bytes.toString('latin1'));
}

/** Fields in which the sender lost letters before us. What is left of them is passed on: text is never lost (SAL-4). */
function damagedIn(message: Hl7Message): string[] {
  return message.segments
    .filter(({ raw }) => raw.includes(DAMAGE))
    .flatMap((segment) =>
      Array.from({ length: segment.fieldCount }, (_, index) => index + 1)
        .filter((number) => segment.field(number).raw.includes(DAMAGE))
        .map((number) => `${segment.name}-${number}`),
    );
}

function tell(name: FaultName, place: string, findings: Findings): void {
  if (USED.has(place.slice(0, 3))) findings.flag(name, place);
  else findings.note(name, place);
}
