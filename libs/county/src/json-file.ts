import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import { isSystemError } from '#libs/platform';

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, verbose: true });
ajvFormats.default(ajv, ['date']);

/** A validator for values of type `T`; the schema must say no less than the type. */
export function validatorOf<T>(schema: object): ValidateFunction<T> {
  return ajv.compile<T>(schema);
}

/**
 * Reads a JSON file and validates it. Everything that is wrong is added to `problems` as `<label><place>: what`;
 * the answer is then undefined.
 */
export function readJsonFile<T>(
  file: string,
  label: string,
  validate: ValidateFunction<T>,
  problems: string[],
): T | undefined {
  const value = parsed(file, label, problems);
  if (value === undefined) return undefined;
  if (validate(value)) return value;
  const told = (validate.errors ?? [])
    .filter(isOwnFault)
    .map((error) => `${label}${error.instancePath}: ${described(error)}`);
  problems.push(...new Set(told));
  return undefined;
}

/** What only says that one of its parts is wrong says nothing more than the parts. */
function isOwnFault({ keyword }: ErrorObject): boolean {
  return keyword !== 'oneOf' && keyword !== 'anyOf';
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

/** In Swedish and English, with what is allowed; the schema's own words where it has some. */
function described({ keyword, params, parentSchema }: ErrorObject): string {
  const told = (parentSchema as { readonly description?: string } | undefined)?.description;
  const value = params as Readonly<Record<string, unknown>>;
  const list = (values: unknown): string => (values as readonly unknown[]).map(String).join(', ');
  switch (keyword) {
    case 'additionalProperties':
      return `okänd nyckel | unknown key ${String(value['additionalProperty'])}`;
    case 'required':
      return `${String(value['missingProperty'])} saknas | is missing`;
    case 'enum':
      return `ska vara ett av | must be one of ${list(value['allowedValues'])}`;
    case 'const':
      return `ska vara | must be ${String(value['allowedValue'])}`;
    case 'type':
      return `ska vara av typ | must be of type ${String(value['type'])}`;
    case 'format':
      return 'ska vara ett datum som 2026-05-10 | must be a date like 2026-05-10';
    case 'pattern':
    case 'propertyNames':
      return told ?? `ska ha formen | must match ${String(value['pattern'] ?? value['propertyName'])}`;
    case 'uniqueItems':
      return 'samma värde står två gånger | the same value is there twice';
    default:
      return (
        told ??
        `${LIMITS[keyword] ?? 'stämmer inte med schemat | does not fit the schema'} ${limitOf(value['limit'])}`.trim()
      );
  }
}

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
