import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import { GROUNDS, isYearOfCare, statedTime, type StatedTime } from '#libs/domain';
import { fault, type Fault, isFault, readStrictJson } from '#libs/platform';

/** A form lists some of its faults, not a thousand. */
const MOST_FAULTS = 20;

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
ajvFormats.default(ajv, ['date']);

/** A JSON Schema (draft 7) of one kind of form; it must say no less than the type. */
export type FormSchema = Readonly<Record<string, unknown>>;

/**
 * Reads a form whose `code` says which schema it obeys.
 * @param schemas by code
 * @returns the form, or `bad-body` for what is no JSON object, or `bad-form` with the place of each fault. A place names a
 *   key of the schema, never one that the sender made up: it might be anybody's number.
 */
export function formReader<T extends { readonly code: string }>(
  schemas: Readonly<Record<T['code'], FormSchema>>,
): (bytes: Uint8Array) => Reading<T> {
  const check = formChecker<T>(schemas);
  return (bytes) => {
    const read = readJsonObject(bytes);
    return read.ok ? check(read.value) : read;
  };
}

/**
 * As {@link formReader}, of a form that another way in has put together. A schema is compiled when the first form of its code
 * comes: all of them would take half a second of every start, in each thread.
 */
export function formChecker<T extends { readonly code: string }>(
  schemas: Readonly<Record<T['code'], FormSchema>>,
): (form: Readonly<Record<string, unknown>>) => Reading<T> {
  const known = new Map(Object.entries<FormSchema>(schemas));
  const validators = new Map<string, ValidateFunction<T>>();
  return (form) => {
    const { code } = form;
    const schema = typeof code === 'string' ? known.get(code) : undefined;
    if (typeof code !== 'string' || schema === undefined) return { ok: false, faults: [fault('bad-form', '$.code')] };
    const validate = validators.get(code) ?? ajv.compile<T>(schema);
    validators.set(code, validate);
    return checked(form, validate);
  };
}

function checked<T>(value: unknown, validate: ValidateFunction<T>): Reading<T> {
  if (validate(value)) return { ok: true, value };
  // Which branch failed says nothing: its own errors do.
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
  const places = [...new Set(errors.map(placeOf))].slice(0, MOST_FAULTS);
  const [first = '$', ...rest] = places;
  return { ok: false, faults: [bad(first), ...rest.map(bad)] };
}

const bad = (place: string): Fault => fault('bad-form', place);

/** `/contact/name` -> `$.contact.name`. */
function placeOf({ instancePath, keyword, params }: ErrorObject): string {
  const missing: unknown = keyword === 'required' ? params['missingProperty'] : undefined;
  const path = `${instancePath}${typeof missing === 'string' ? `/${missing}` : ''}`;
  return `$${path.replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.')}`;
}

const WRITTEN = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** What a form writes for a time: a date, or a date and a time of day, with an offset or Stockholm's. */
const TIME_PATTERN =
  '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,3})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?$';

/**
 * A time as a form writes it, its precision kept.
 * @param place where it stands, for the fault
 * @returns the time, or `bad-timestamp`, `time-in-gap`, `time-in-overlap`
 */
export function readTime(text: string, place: string): StatedTime | Fault {
  const match = WRITTEN.exec(text);
  if (!match) return fault('bad-timestamp', place);
  const [year = 0, month = 0, day = 0, hour, minute, second] = match.slice(1, 7).map(numberIn);
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const isTime = (hour ?? 0) < 24 && (minute ?? 0) < 60 && (second ?? 0) < 60;
  const isDay = isYearOfCare(year) && month >= 1 && month <= 12 && day >= 1 && day <= days;
  if (!isDay || !isTime) return fault('bad-timestamp', place);
  const millis = match[7] === undefined ? undefined : Number(match[7].padEnd(3, '0'));
  const time = statedTime({ year, month, day, hour, minute, second, millis, offsetMinutes: offsetIn(match[8]) });
  return typeof time === 'object' ? time : fault(time === 'gap' ? 'time-in-gap' : 'time-in-overlap', place);
}

const numberIn = (digits: string | undefined) => (digits === undefined ? undefined : Number(digits));

function offsetIn(text: string | undefined): number | undefined {
  if (text === undefined || text === 'Z') return text && 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4, 6));
  return text.startsWith('-') ? -minutes : minutes;
}

/** True for a time that could not be read. */
export function isFaulty(time: StatedTime | Fault): time is Fault {
  return 'code' in time;
}

/** A form as read, or all that is wrong with it. */
export type Reading<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly faults: readonly [Fault, ...Fault[]] };

/** A form nests three deep; what nests deeper was not written by hand. */
const LIMITS = { depth: 16 };

/**
 * Bytes as one JSON object that has one meaning.
 * @returns what `readStrictJson` finds wrong, or `bad-body` for what is JSON and no object
 */
export function readJsonObject(bytes: Uint8Array): Reading<Readonly<Record<string, unknown>>> {
  const read = readStrictJson(bytes, LIMITS);
  if (isFault(read)) return { ok: false, faults: [read] };
  return isObject(read.value) ? { ok: true, value: { ...read.value } } : { ok: false, faults: [fault('bad-body')] };
}

/** The fields of a record that the hub wrote itself, after it had read the form; none of what is no object. */
export function ownFields(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const read = readStrictJson(bytes, LIMITS);
  return !isFault(read) && isObject(read.value) ? { ...read.value } : {};
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON Schema of what several forms hold. */

/** Text for people. No control character but a line's end is ever stored (SAL-4). */
export const TEXT = {
  type: 'string',
  minLength: 1,
  maxLength: 4000,
  pattern: '^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]*$',
} as const;
export const SHORT_TEXT = { ...TEXT, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' } as const;
/** An id of ours, as the hub writes it: in another spelling it would name nothing. */
export const UUID = { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' } as const;
export const TIME = { type: 'string', pattern: TIME_PATTERN } as const;
export const PARTY = { type: 'string', pattern: '^[A-Za-z0-9-]{1,60}$' } as const;
export const HSA_ID = { type: 'string', pattern: '^SE[0-9]{10}-[A-Za-z0-9]{1,18}$' } as const;
export const MUNICIPALITY = { type: 'string', pattern: '^[0-9]{4}$' } as const;
/** Who a person is at the one who answers: an id, never a name. */
export const PERSON_AT_WORK = { type: 'string', pattern: '^[A-Za-z0-9@._:-]{1,64}$' } as const;
export const STATED_GROUNDS = {
  type: 'array',
  minItems: 1,
  maxItems: GROUNDS.length,
  uniqueItems: true,
  items: { enum: GROUNDS },
} as const;

/** An object with these keys and no other: a mistyped key would silently be unstated. */
export function closed(
  properties: Readonly<Record<string, object>>,
  required: readonly string[],
): Readonly<Record<string, unknown>> {
  return { type: 'object', additionalProperties: false, required: [...required], properties };
}
