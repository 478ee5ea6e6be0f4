import type { Charset } from './charset.ts';
import { type Delimiters, readEscapes, unescapeText } from './delimiters.ts';

/*
 * A parsed message: segments -> fields -> repetitions -> components -> subcomponents, all numbered from 1 as in the
 * standard. Raw strings are kept and split only when asked for, since most fields of a message are never read.
 * HL7's null (`""`, "delete it") is never the same as absent ("unchanged"); the null of a whole is the null of its parts.
 */

/** What stands at a place: nothing, HL7's null, or a text (decoded, never empty). */
export type Value =
  { readonly kind: 'absent' } | { readonly kind: 'null' } | { readonly kind: 'value'; readonly text: string };

const ABSENT: Value = { kind: 'absent' };
const NULL: Value = { kind: 'null' };
const NULL_AS_WRITTEN = '""';

/** What every part of one message shares for reading it. */
export interface Reading {
  readonly delimiters: Delimiters;
  readonly charset: Charset;
}

export class Hl7Message {
  readonly reading: Reading;
  readonly segments: readonly Segment[];
  /** Numbers, from 1, of lines that were no segment: read as the rest of the one before where they can be (SAL-4). */
  readonly brokenLines: readonly number[];

  constructor(reading: Reading, segments: readonly Segment[], brokenLines: readonly number[]) {
    this.reading = reading;
    this.segments = segments;
    this.brokenLines = brokenLines;
  }

  /** The first segment of that name. */
  first(name: string): Segment | undefined {
    for (const segment of this.segments) if (segment.name === name) return segment;
    return undefined;
  }

  /** All segments of that name, in order. */
  all(name: string): Segment[] {
    return this.segments.filter((segment) => segment.name === name);
  }

  /** What stands at a place of the first segment of that name (`value('PV1', 3, 4)` is PV1-3.4, first repetition). */
  value(name: string, field: number, component = 1, sub = 1): Value {
    return this.first(name)?.value(field, component, sub) ?? ABSENT;
  }

  /** As `value`, but only a text; undefined for absent and null alike. */
  text(name: string, field: number, component = 1, sub = 1): string | undefined {
    return textOf(this.value(name, field, component, sub));
  }

  /**
   * Places (`PID-5`, once each, in order) of fields with an escape that could not be read and stands in the text as it was
   * written: the event carries a finding for each (SAL-4).
   */
  unreadEscapes(): string[] {
    const segments = this.segments.filter((segment) => segment.hasEscapes());
    if (segments.length === 0) return [];
    const places = segments.flatMap((segment) => segment.unreadEscapes().map((field) => `${segment.name}-${field}`));
    return [...new Set(places)];
  }
}

/** Up to this field a segment is not split for it: of most OBX nothing but the code is looked at, and it is another's. */
const NEAR = 6;

export class Segment {
  readonly name: string;
  readonly raw: string;
  readonly #reading: Reading;
  #fields: readonly string[] | undefined;

  constructor(name: string, raw: string, reading: Reading) {
    this.name = name;
    this.raw = raw;
    this.#reading = reading;
  }

  /** The field of that number; one that is not there reads as absent. In MSH, field 1 is the separator itself. */
  field(number: number): Field {
    return new Field(this.#rawField(number), this.#reading, this.#isLiteral(number));
  }

  /** The value of a component (of a subcomponent) of the first repetition that says something. */
  value(field: number, component = 1, sub = 1): Value {
    const raw = this.#rawField(field);
    if (raw === '') return ABSENT;
    if (this.#isLiteral(field)) return component === 1 && sub === 1 ? { kind: 'value', text: raw } : ABSENT;
    return valueWithin(firstRepetition(raw, this.#reading), component, sub, this.#reading);
  }

  /** As `value`, but only a text; undefined for absent and null alike. */
  text(field: number, component = 1, sub = 1): string | undefined {
    return textOf(this.value(field, component, sub));
  }

  /** Whether the escape character stands in a field; MSH-2 only names it. */
  hasEscapes(): boolean {
    const { escape, field } = this.#reading.delimiters;
    return escape !== undefined && this.raw.includes(escape, this.name === 'MSH' ? this.raw.indexOf(field, 4) : 0);
  }

  /** The numbers of the fields with an escape that could not be read. */
  unreadEscapes(): number[] {
    const { delimiters, charset } = this.#reading;
    const numbers = Array.from({ length: this.fieldCount }, (_, index) => index + 1);
    return numbers.filter(
      (number) => !this.#isLiteral(number) && readEscapes(this.#rawField(number), delimiters, charset).unread,
    );
  }

  /** The highest field number that is written. */
  get fieldCount(): number {
    return this.#split().length - (this.name === 'MSH' ? 0 : 1);
  }

  /**
   * The segment as it would be with the delimiters escaped that stand in a field as text: the `more` fields behind it belong
   * to it. Undefined where the sender has no escape character.
   */
  withWhole(field: number, more: number): Segment | undefined {
    const { delimiters } = this.#reading;
    if (delimiters.escape === undefined) return undefined;
    const fields = [...this.#split()];
    const parts = fields.splice(field, more + 1);
    fields.splice(field, 0, parts.join(`${delimiters.escape}F${delimiters.escape}`));
    return new Segment(this.name, fields.join(delimiters.field), this.#reading);
  }

  #rawField(number: number): string {
    const { field } = this.#reading.delimiters;
    if (number < 1) return '';
    // MSH-1 is the delimiter before MSH-2.
    if (this.name === 'MSH') return number === 1 ? field : (this.#split()[number - 1] ?? '');
    const isNear = number <= NEAR && this.#fields === undefined;
    return isNear ? piece(this.raw, field, number + 1) : (this.#split()[number] ?? '');
  }

  /** The name, then what stands between the delimiters. */
  #split(): readonly string[] {
    return (this.#fields ??= this.raw.split(this.#reading.delimiters.field));
  }

  /** MSH-1 and MSH-2 are the delimiters: splitting or decoding them by themselves would eat them. */
  #isLiteral(number: number): boolean {
    return number <= 2 && this.name === 'MSH';
  }
}

export class Field {
  readonly raw: string;
  readonly #reading: Reading;
  readonly #literal: boolean;

  constructor(raw: string, reading: Reading, literal = false) {
    this.raw = raw;
    this.#reading = reading;
    this.#literal = literal;
  }

  /** The whole field is HL7's null. */
  get isNull(): boolean {
    return isNull(this.raw, this.#reading);
  }

  get isAbsent(): boolean {
    return this.raw === '';
  }

  /** All repetitions in order; none of an absent field. */
  get repetitions(): Repetition[] {
    if (this.raw === '') return [];
    const raws = this.#literal ? [this.raw] : this.raw.split(this.#reading.delimiters.repetition);
    return raws.map((raw) => new Repetition(raw, this.#reading));
  }

  /** The first repetition that says something; of an absent field one that reads as absent. */
  get first(): Repetition {
    return new Repetition(this.#literal ? this.raw : firstRepetition(this.raw, this.#reading), this.#reading);
  }

  /**
   * The whole field as one text, decoded but not split: for free text (TX, FT, ST), whose sender may have left `&`,
   * `^` or `~` unescaped; reading component 1 would lose the rest of it.
   */
  get unsplit(): Value {
    return this.#literal && this.raw !== '' ? { kind: 'value', text: this.raw } : valueOf(this.raw, this.#reading);
  }
}

export class Repetition {
  readonly raw: string;
  readonly #reading: Reading;

  constructor(raw: string, reading: Reading) {
    this.raw = raw;
    this.#reading = reading;
  }

  /** The component of that number; one that is not there reads as absent. */
  component(number: number): Component {
    if (isNull(this.raw, this.#reading)) return new Component(NULL_AS_WRITTEN, this.#reading);
    return new Component(piece(this.raw, this.#reading.delimiters.component, number), this.#reading);
  }

  value(component = 1, sub = 1): Value {
    return valueWithin(this.raw, component, sub, this.#reading);
  }

  /** As `value`, but only a text; undefined for absent and null alike. */
  text(component = 1, sub = 1): string | undefined {
    return textOf(this.value(component, sub));
  }

  /** The whole component as one text: see `Component.unsplit`. */
  unsplit(component = 1): Value {
    return this.component(component).unsplit;
  }
}

export class Component {
  readonly raw: string;
  readonly #reading: Reading;

  constructor(raw: string, reading: Reading) {
    this.raw = raw;
    this.#reading = reading;
  }

  /** The value of the subcomponent of that number. */
  sub(number: number): Value {
    if (isNull(this.raw, this.#reading)) return NULL;
    return valueOf(piece(this.raw, this.#reading.delimiters.subcomponent, number), this.#reading);
  }

  /**
   * The whole component as one text, decoded but not split into subcomponents: for names, streets and other text whose
   * sender may have left a `&` unescaped, so that `Ek & Lind` is not cut to `Ek ` (SAL-4). Delimiters at its end say
   * nothing and are left out.
   */
  get unsplit(): Value {
    const { subcomponent } = this.#reading.delimiters;
    return valueOf(subcomponent === undefined ? this.raw : withoutEnding(this.raw, subcomponent), this.#reading);
  }

  /** The text of a subcomponent; undefined for absent and null alike. */
  text(sub = 1): string | undefined {
    return textOf(this.sub(sub));
  }
}

/** The text of a value; undefined for absent and null alike. */
export function textOf(value: Value): string | undefined {
  return value.kind === 'value' ? value.text : undefined;
}

function valueWithin(repetition: string, component: number, sub: number, reading: Reading): Value {
  if (repetition === '') return ABSENT;
  if (isNull(repetition, reading)) return NULL;
  const { delimiters } = reading;
  const raw = piece(repetition, delimiters.component, component);
  if (isNull(raw, reading)) return NULL;
  return valueOf(piece(raw, delimiters.subcomponent, sub), reading);
}

/** HL7's null, of a whole or of a part; delimiters behind it say nothing, as behind anything (`""^^`). */
function isNull(raw: string, { delimiters: { component, subcomponent } }: Reading): boolean {
  if (!raw.startsWith(NULL_AS_WRITTEN)) return false;
  for (let at = NULL_AS_WRITTEN.length; at < raw.length; at++) {
    if (raw[at] !== component && raw[at] !== subcomponent) return false;
  }
  return true;
}

function valueOf(raw: string, reading: Reading): Value {
  if (raw === '') return ABSENT;
  if (raw === NULL_AS_WRITTEN) return NULL;
  const text = unescapeText(raw, reading.delimiters, reading.charset);
  return text === '' ? ABSENT : { kind: 'value', text };
}

/** Senders keep the place of a repetition that they leave empty (`~V-1`): the first that has more than delimiters is meant. */
function firstRepetition(raw: string, { delimiters: { repetition, component, subcomponent } }: Reading): string {
  if (!raw.includes(repetition)) return raw;
  let at = 0;
  const isDelimiter = (one: string | undefined): boolean =>
    one === repetition || one === component || one === subcomponent;
  while (at < raw.length && isDelimiter(raw[at])) at++;
  return piece(raw.slice(raw.lastIndexOf(repetition, at) + 1), repetition, 1);
}

function withoutEnding(raw: string, delimiter: string): string {
  let end = raw.length;
  while (end > 0 && raw[end - 1] === delimiter) end--;
  return raw.slice(0, end);
}

/** The piece of that number (from 1) without splitting the rest; empty when there is none. */
function piece(raw: string, delimiter: string | undefined, number: number): string {
  if (delimiter === undefined) return number === 1 ? raw : '';
  let from = 0;
  for (let n = 1; n < number; n++) {
    const at = raw.indexOf(delimiter, from);
    if (at < 0) return '';
    from = at + 1;
  }
  const end = number < 1 ? from : raw.indexOf(delimiter, from);
  return end < 0 ? raw.slice(from) : raw.slice(from, end);
}
