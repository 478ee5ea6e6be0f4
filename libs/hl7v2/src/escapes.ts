import { decodeBytes, type Charset } from './charset.ts';
import type { Delimiters } from './delimiters.ts';

/**
 * Decodes the escape sequences of one value, after all splitting. `\F\ \S\ \T\ \R\ \E\ \P\` give the message's own
 * delimiters, `\Xhh..\` bytes in the message's charset, `\.br\ \.sp<n>\ \.ce\` line breaks, `\.sk<n>\` spaces;
 * layout and highlighting (`\.in \.ti \.fi \.nf \H\ \N\`) vanish. Local and charset-switching sequences
 * (`\Z..\ \C..\ \M..\`), unknown ones, hex that is not of the charset, and a lone escape character stay as they are.
 */
export function unescapeText(raw: string, delimiters: Delimiters, charset: Charset): string {
  const { escape } = delimiters;
  if (escape === undefined) return raw;
  let open = raw.indexOf(escape);
  if (open < 0) return raw;
  let text = raw.slice(0, open);
  while (open >= 0) {
    const close = raw.indexOf(escape, open + 1);
    if (close < 0) return text + raw.slice(open);
    const sequence = raw.slice(open + 1, close);
    const meaning = meaningOf(sequence, delimiters, charset);
    // An unknown sequence may be stray text ending at the start of a true one (`C:\dir\F\`): its end is read again.
    const resume = meaning === undefined ? close : close + 1;
    text += meaning ?? raw.slice(open, close);
    open = raw.indexOf(escape, resume);
    text += raw.slice(resume, open < 0 ? undefined : open);
  }
  return text;
}

/** Escapes a value for writing. Line breaks become `\.br\`: a bare CR would end the segment. */
export function escapeText(text: string, delimiters: Delimiters): string {
  const { escape } = delimiters;
  const special = escape === undefined ? substitutes(delimiters) : sequences(escape, delimiters);
  let written = '';
  for (const character of text.replace(/\r\n?/g, '\n')) written += special.get(character) ?? character;
  return written;
}

function sequences(escape: string, delimiters: Delimiters): Map<string, string> {
  const special = new Map([
    [escape, `${escape}E${escape}`],
    [delimiters.field, `${escape}F${escape}`],
    [delimiters.component, `${escape}S${escape}`],
    [delimiters.repetition, `${escape}R${escape}`],
    ['\n', `${escape}.br${escape}`],
    // VT and FS are MLLP's own: in a body they could end or restart a frame.
    ['\x0b', `${escape}.br${escape}`],
    ['\x1c', ' '],
  ]);
  if (delimiters.subcomponent !== undefined) special.set(delimiters.subcomponent, `${escape}T${escape}`);
  if (delimiters.truncation !== undefined) special.set(delimiters.truncation, `${escape}P${escape}`);
  return special;
}

/** A message without an escape character cannot carry its own delimiters in values: a space stands in. */
function substitutes({ field, component, repetition }: Delimiters): Map<string, string> {
  return new Map([field, component, repetition, '\n', '\x0b', '\x1c'].map((character) => [character, ' ']));
}

function meaningOf(sequence: string, delimiters: Delimiters, charset: Charset): string | undefined {
  switch (sequence) {
    case 'F':
      return delimiters.field;
    case 'S':
      return delimiters.component;
    case 'R':
      return delimiters.repetition;
    case 'E':
      return delimiters.escape;
    case 'T':
      return delimiters.subcomponent;
    case 'P':
      return delimiters.truncation ?? '#';
    case 'H':
    case 'N':
      return '';
    default:
      return longMeaning(sequence, delimiters.escape ?? '', charset);
  }
}

function longMeaning(sequence: string, escape: string, charset: Charset): string | undefined {
  if (sequence.startsWith('.')) return layout(sequence);
  if (/^X(?:[0-9A-Fa-f]{2})+$/.test(sequence)) return decodeBytes(Buffer.from(sequence.slice(1), 'hex'), charset);
  if (/^(?:Z.*|C[0-9A-Fa-f]{4}|M[0-9A-Fa-f]{4,6})$/s.test(sequence)) return escape + sequence + escape;
  return undefined;
}

function layout(command: string): string | undefined {
  const [, name, count] = /^\.(br|sp|ce|sk|in|ti|fi|nf)([+-]?\d{0,3})$/.exec(command) ?? [];
  switch (name) {
    case 'br':
    case 'ce':
      return '\n';
    case 'sp':
      return '\n'.repeat(times(count));
    case 'sk':
      return ' '.repeat(times(count));
    case undefined:
      return undefined;
    default:
      return '';
  }
}

function times(count: string | undefined): number {
  return count ? Math.min(Math.abs(Number(count)), 100) : 1;
}
