import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import { isSystemError } from '#libs/platform';

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, verbose: true });
ajvFormats.default(ajv, ['date']);

/** Whether a value is of type `T`, and what was wrong with the one asked about last. */
export interface Validator<T> {
  (value: unknown): value is T;
  readonly errors: readonly ErrorObject[];
}

/**
 * A validator for values of type `T`; the schema must say no less than the type. It is compiled when it is first asked: a
 * thread that is handed a county that was read already reads no file.
 */
export function validatorOf<T>(schema: object): Validator<T> {
  let compiled: ValidateFunction<T> | undefined;
  const validate = (value: unknown): value is T => (compiled ??= ajv.compile<T>(schema))(value);
  return Object.defineProperty(validate, 'errors', { get: () => compiled?.errors ?? [] }) as Validator<T>;
}

/**
 * Reads a JSON file and validates it. Everything that is wrong is added to `problems` as `<label><place>: what`;
 * the answer is then undefined.
 */
export function readJsonFile<T extends object>(
  file: string,
  label: string,
  validate: Validator<T>,
  problems: string[],
): T | undefined {
  return readJsonInPart(file, label, validate, problems).whole;
}

/**
 * As `readJsonFile`, but of a file that is wrong in part it answers with what is right beside: the keys under which nothing
 * was found wrong, so that what a schema cannot say of these can be told with the rest.
 */
export function readJsonInPart<T extends object>(
  file: string,
  label: string,
  validate: Validator<T>,
  problems: string[],
): { readonly whole: T | undefined; readonly sound: Partial<T> } {
  const value = parsed(file, label, problems);
  if (value === undefined) return { whole: undefined, sound: {} };
  if (validate(value)) return { whole: value, sound: value };
  const faults = validate.errors.filter(isOwnFault);
  problems.push(...new Set(faults.map((error) => `${label}${placeOf(error)}: ${described(error)}`)));
  const wrong = new Set(faults.map(({ instancePath }) => instancePath.split('/')[1]));
  const entries = typeof value === 'object' ? Object.entries(value as object) : [];
  return { whole: undefined, sound: Object.fromEntries(entries.filter(([key]) => !wrong.has(key))) as Partial<T> };
}

/** What only says that one of its parts is wrong says nothing more than the parts. */
function isOwnFault({ keyword, propertyName }: ErrorObject): boolean {
  if (propertyName !== undefined) return false;
  return keyword !== 'oneOf' && keyword !== 'anyOf' && keyword !== 'if';
}

function placeOf({ keyword, instancePath, params }: ErrorObject): string {
  const { propertyName } = params as { readonly propertyName?: string };
  return keyword === 'propertyNames' && propertyName !== undefined ? `${instancePath}/${propertyName}` : instancePath;
}

function parsed(file: string, label: string, problems: string[]): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    const missing = isSystemError(error, 'ENOENT');
    problems.push(
      missing
        ? `${label}: filen saknas | the file is missing`
        : `${label}: går inte att läsa som JSON | is not readable JSON`,
    );
    return undefined;
  }
}

/** What is wrong by a schema, in Swedish and English, with what is allowed; the schema's own words where it has some. */
export function described({ keyword, params, parentSchema, schema }: ErrorObject): string {
  const { description: told, properties } = (parentSchema ?? {}) as {
    readonly description?: string;
    readonly properties?: object;
  };
  const value = params as Readonly<Record<string, unknown>>;
  const list = (values: unknown): string => (values as readonly unknown[]).map(String).join(', ');
  switch (keyword) {
    case 'additionalProperties':
      return `okänd nyckel | unknown key ${String(value['additionalProperty'])}; ${ONE_OF} ${Object.keys(properties ?? {}).join(', ')}`;
    case 'required':
      return `${String(value['missingProperty'])} saknas | is missing`;
    case 'enum':
      return `${ONE_OF} ${list(value['allowedValues'])}`;
    case 'const':
      return `ska vara | must be ${String(value['allowedValue'])}`;
    case 'type':
      return `ska vara av typ | must be of type ${String(value['type'])}`;
    case 'format':
      return 'ska vara ett datum som 2026-05-10 | must be a date like 2026-05-10';
    case 'propertyNames':
      return unknownKey(schema);
    case 'pattern':
      return told ?? `ska ha formen | must match ${String(value['pattern'])}`;
    case 'uniqueItems':
      return 'samma värde står två gånger | the same value is there twice';
    default:
      return (
        told ??
        `${LIMITS[keyword] ?? 'stämmer inte med schemat | does not fit the schema'} ${limitOf(value['limit'])}`.trim()
      );
  }
}

/** A key that its schema does not have, or that has not the form of one. */
function unknownKey(schema: unknown): string {
  const { enum: names, description } = schema as { readonly enum?: readonly string[]; readonly description?: string };
  const allowed = names ? `; ${ONE_OF} ${names.join(', ')}` : description ? `; ${description}` : '';
  return `okänd nyckel | unknown key${allowed}`;
}

const ONE_OF = 'ska vara ett av | must be one of';

function limitOf(limit: unknown): string {
  return typeof limit === 'number' ? String(limit) : '';
}

const LIMITS: Readonly<Record<string, string>> = {
  minLength: 'minsta längd | least length',
  maxLength: 'största längd | greatest length',
  minimum: 'minsta värde | least value',
  maximum: 'största värde | greatest value',
  minItems: 'minsta antal | least number',
  minProperties: 'minsta antal nycklar | least number of keys',
};
