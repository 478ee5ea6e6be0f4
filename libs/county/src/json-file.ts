import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import { isSystemError } from '#libs/platform';

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
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
  problems.push(...(validate.errors ?? []).map((error) => `${label}${error.instancePath}: ${described(error)}`));
  return undefined;
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

function described({ keyword, message = keyword, params }: ErrorObject): string {
  if (keyword === 'additionalProperties') return `okänd nyckel | unknown key ${String(params.additionalProperty)}`;
  if (keyword === 'enum') return `ska vara ett av | must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
  return message;
}
