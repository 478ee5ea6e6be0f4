import { SetMetadata } from '@nestjs/common';

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a handler takes and answers, for the published description of the HTTP side (`schemas/openapi.json`). */
export interface Description {
  readonly summary: string;
  /** What its body may be, by media type. */
  readonly body?: Readonly<Record<string, JsonSchema>>;
  /** What its answer is, by media type. */
  readonly answer: Readonly<Record<string, JsonSchema>>;
}

/** The schema of an object with these members and no others. @param optional names of those that may be left out */
export function objectOf(properties: JsonSchema, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', required, additionalProperties: false, properties };
}

/** The schema of a list. */
export const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

export const TEXT: JsonSchema = { type: 'string' };
export const INSTANT: JsonSchema = { type: 'string', format: 'date-time' };

export const DESCRIPTION = Symbol('description');

/**
 * Describes a handler. The routes themselves, their parameters and who may ask are read from the code; only what code does not
 * say stands here. Tests hold real answers against the schemas.
 */
export const Described = (description: Description): MethodDecorator => SetMetadata(DESCRIPTION, description);
