import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { textOf } from './project-files.ts';

interface Published {
  readonly paths: Readonly<Record<string, Readonly<Record<string, PublishedOperation>>>>;
}

interface PublishedOperation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: object }>> }>>;
}

const ajv = new Ajv({ allErrors: true, strict: false });
addFormats.default(ajv);

/**
 * What is wrong with an answer of HTTP by `schemas/openapi.json`.
 * @param path as it stands there, `/operations/rejected`
 * @returns places and reasons; empty when the answer is as published
 * @throws when nothing is published of that answer
 */
export function answerBreaches(method: string, path: string, status: number, answer: unknown): string[] {
  const { paths } = JSON.parse(textOf('schemas/openapi.json')) as Published;
  const schema = paths[path]?.[method.toLowerCase()]?.responses[`${status}`]?.content?.['application/json']?.schema;
  if (schema === undefined) throw new Error(`no answer ${status} of ${method} ${path} is published`);
  const validate = ajv.compile(schema);
  validate(answer);
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath || '/'} ${message}`);
}
