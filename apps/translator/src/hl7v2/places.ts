import type { Agreement, FieldPath, TriggerRule } from '#libs/county';
import type { Stated } from '#libs/domain';
import { type Hl7Message, type MessageHeaderFields, type Repetition, textOf, type Value } from '#libs/hl7v2';
import type { IdMaker } from '#libs/platform';
import type { Findings } from '../findings.ts';
import type { Arrival } from '../translation.ts';

/** All that the events of a message are read from. */
export interface Sources {
  readonly message: Hl7Message;
  readonly header: MessageHeaderFields;
  readonly trigger: string;
  /** What the trigger does, by the sender's agreement. */
  readonly rule: TriggerRule;
  readonly agreement: Agreement;
  readonly arrival: Arrival;
  readonly ids: IdMaker;
  readonly findings: Findings;
}

/** The value where the agreement says that it stands: first segment of the name, first repetition. */
export function valueAt(message: Hl7Message, path: FieldPath): Value {
  return message.value(path.segment, path.field, path.component ?? 1, path.subcomponent ?? 1);
}

/** The text there; undefined for absent and null alike. */
export function textAt(message: Hl7Message, path: FieldPath): string | undefined {
  return textOf(valueAt(message, path))?.trim();
}

/** `PV1-3.4`: how a fault names the place. */
export function placeOf({ segment, field, component, subcomponent }: FieldPath): string {
  const place = `${segment}-${field}`;
  if (component === undefined) return subcomponent === undefined ? place : `${place}.${subcomponent}`;
  return subcomponent === undefined ? `${place}.${component}` : `${place}.${component}.${subcomponent}`;
}

/**
 * An identifier there, whole: with a `&` that its sender left unescaped it is still another one than without, and two visits
 * or two persons are kept apart.
 */
export function identifierAt(message: Hl7Message, path: FieldPath): string | undefined {
  if (path.subcomponent !== undefined) return textAt(message, path);
  const field = message.first(path.segment)?.field(path.field);
  return field && textOf(field.first.unsplit(path.component ?? 1))?.trim();
}

/**
 * A component of free text, whole: subcomponents are joined with `&`, since most senders that write one there left it
 * unescaped (`Ek & Lind`, SAL-4). Where the first says all the words of the others, they only take it apart, as the
 * standard's subcomponents of a surname and a street do. Blanks at its ends say nothing (ST).
 */
export function wholeText(
  repetition: Repetition,
  component: number,
  place: string,
  findings: Findings,
): string | undefined {
  const whole = trimmed(textOf(repetition.unsplit(component)));
  const first = trimmed(repetition.text(component));
  if (whole === undefined || whole === first) return whole;
  const words = new Set(first?.split(/\s+/));
  const others = PARTS.flatMap((part) => repetition.text(component, part)?.split(/\s+/) ?? []);
  if (first !== undefined && others.every((word) => words.has(word))) return first;
  findings.flag('unescaped-delimiter', place);
  return whole;
}

const trimmed = (text: string | undefined): string | undefined => (text?.trim() === '' ? undefined : text?.trim());

/** Subcomponents of a surname (FN), the longest of those that take a text apart. */
const PARTS = [2, 3, 4, 5];

const HSA_ID = /^SE\d{10}-[A-Za-z0-9]{1,18}$/;

/** True for the form of an HSA-id (SE-6): `SE`, ten digits, hyphen, letters or digits, 31 characters at most. */
export function isHsaId(text: string | undefined): text is string {
  return text !== undefined && HSA_ID.test(text);
}

/**
 * The HSA-id of a unit, of the first repetition that has one: the value itself or, where it is a name with an id (HD), its
 * second part; or what the agreement says that the sender's own code of it means.
 */
export function readUnit(
  message: Hl7Message,
  path: FieldPath,
  { units }: Pick<Agreement, 'units'>,
  findings: Findings,
): Stated<string> {
  const { component, subcomponent } = path;
  if (valueAt(message, path).kind === 'null') return null;
  let isWritten = false;
  for (const one of message.first(path.segment)?.field(path.field).repetitions ?? []) {
    const [first, second] = [one.text(component, subcomponent)?.trim(), one.text(component, 2)?.trim()];
    const id = hsaIdOf(first, units) ?? hsaIdOf(second, units);
    if (id !== undefined) return id;
    isWritten ||= !!first || !!second;
  }
  if (isWritten) findings.unstated('bad-hsa-id', placeOf(path));
  return undefined;
}

/** The HSA-id that a text is, or that the agreement says it means. */
function hsaIdOf(text: string | undefined, units: Agreement['units']): string | undefined {
  const id = units.get(text ?? '') ?? text;
  return isHsaId(id) ? id : undefined;
}

/** A statement without the keys of what is not stated: unstated is an absent key everywhere after the translator. */
export function statedOnly<T extends object>(all: { readonly [K in keyof T]: T[K] | undefined }): T {
  const stated: Partial<T> = {};
  for (const key in all) if (all[key] !== undefined) stated[key] = all[key];
  return stated as T;
}
