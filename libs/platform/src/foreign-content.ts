import type { FaultName } from './errors.ts';

/** Further in, a control character may be a slip in a message; a packed or binary file has one at once. */
const BEGINNING = 8;
const UTF_8_MARK = [0xef, 0xbb, 0xbf] as const;

/**
 * What bytes are that are no message in any form that is taken, where a look at their beginning tells. It is asked when they
 * could not be read: then "there is no MSH" or "this is no JSON" is true and helps nobody who has sent XML or a packed file.
 * @returns the fault that says what they are; undefined where nothing is to be said but that they could not be read
 */
export function foreignContent(bytes: Uint8Array): FaultName | undefined {
  if (isUtf16(bytes)) return 'utf-16-content';
  const isMarked = UTF_8_MARK.every((byte, at) => bytes[at] === byte);
  const text = Buffer.from(bytes.subarray(isMarked ? UTF_8_MARK.length : 0))
    .toString('latin1', 0, 256)
    .trimStart();
  if (text === '') return bytes.length <= 256 ? 'empty-content' : undefined;
  // What begins as JSON is JSON that holds something wrong.
  if (/^[{["]/.test(text)) return undefined;
  // eslint-disable-next-line no-control-regex -- these are what a binary file is known by; VT and FS are MLLP's
  if (text.startsWith('%PDF-') || /[\x00-\x08\x0e-\x1b\x1d-\x1f]/.test(text.slice(0, BEGINNING)))
    return 'binary-content';
  // A frame that somebody wrote in words (`<SB>MSH`) is none.
  return /^<[?!A-Za-z][^>]*(?:>(?!MSH)|$)/.test(text) ? 'xml-content' : undefined;
}

/** By its mark, or by every other byte of its first letters being zero. */
function isUtf16([first, second, third, fourth]: Uint8Array): boolean {
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const isLittle = !!first && second === 0 && !!third && fourth === 0;
  return isLittle || (first === 0 && !!second && third === 0 && !!fourth);
}
