import { type Delimiters, encodingCharacters, escapeText, STANDARD_DELIMITERS } from './delimiters.ts';

/** The parts of a segment as written, in order: its name, then its fields (in MSH from MSH-2 on). */
export type WrittenSegment = readonly string[];

/** HL7's null: "delete what you have", as distinct from an empty field. */
export const HL7_NULL = '""';

/**
 * A segment from fields by their number in the standard: `segment('PV1', { 2: 'I', 19: 'V1' })`. The contents are
 * taken as written: make them with `value`, `components` and `repetitions` when they may hold delimiters. In MSH, and in BHS
 * and FHS of a batch, the fields 1 and 2 come from the delimiters.
 */
export function segment(
  name: string,
  fields: Readonly<Record<number, string>>,
  delimiters: Delimiters = STANDARD_DELIMITERS,
): WrittenSegment {
  const isHeader = name === 'MSH' || name === 'BHS' || name === 'FHS';
  const written = isHeader ? [name, encodingCharacters(delimiters)] : [name];
  // Keys that are whole numbers come in their order.
  for (const number in fields) {
    const at = isHeader ? Number(number) - 1 : Number(number);
    while (written.length < at) written.push('');
    if (written.length === at) written.push(fields[number] ?? '');
  }
  return written;
}

/** One value with its delimiters escaped. */
export function value(text: string, delimiters: Delimiters = STANDARD_DELIMITERS): string {
  return escapeText(text, delimiters);
}

/** Values as components of one field (each escaped); trailing empty ones are left out. */
export function components(texts: readonly string[], delimiters: Delimiters = STANDARD_DELIMITERS): string {
  const written = texts.map((text) => escapeText(text, delimiters));
  while (written.length > 1 && written[written.length - 1] === '') written.pop();
  return written.join(delimiters.component);
}

/** Contents, already written, as repetitions of one field. */
export function repetitions(contents: readonly string[], delimiters: Delimiters = STANDARD_DELIMITERS): string {
  return contents.join(delimiters.repetition);
}

/** Segments as the text of a message: fields joined, each segment ended by CR, trailing empty fields left out. */
export function writeMessage(
  segments: readonly WrittenSegment[],
  delimiters: Delimiters = STANDARD_DELIMITERS,
): string {
  return segments.map((parts) => `${withoutTrailingEmpty(parts).join(delimiters.field)}\r`).join('');
}

function withoutTrailingEmpty(parts: WrittenSegment): WrittenSegment {
  let end = parts.length;
  while (end > 1 && parts[end - 1] === '') end--;
  return parts.slice(0, end);
}
