import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

const FOLDER = join(import.meta.dirname, '..', '..', 'schemas', 'topics');
const BASE = 'https://bryggan.example/schemas/topics/';

/** Topics whose values have a schema; `receipts.<sender>` has that of its name's first part, `deviations.<party>` holds Tasks too. */
export const CONTRACT_TOPICS = [
  'uptime',
  'answers',
  'events',
  'stays',
  'rejected',
  'deliveries',
  'receipts',
  'tasks',
  'deviations',
  'deviation-feed',
] as const;
export type ContractTopic = (typeof CONTRACT_TOPICS)[number];

const ajv = new Ajv({ allErrors: true, strict: true, strictTuples: false, strictRequired: false });
// The package is CommonJS: its function sits under `default` for ES modules.
addFormats.default(ajv);
for (const file of readdirSync(FOLDER)) {
  ajv.addSchema(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as object);
}

function schema(name: string): ValidateFunction {
  const found = ajv.getSchema(`${BASE}${name}.json`);
  if (found === undefined) throw new Error(`no schema ${name}`);
  return found;
}

function complaints(name: string, value: unknown): string[] {
  const validate = schema(name);
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath || '/'} ${message}`);
}

/**
 * What is wrong with a record's value by the contract of its topic (`schemas/topics`).
 * @param topic the topic, without the installation's prefix; `deliveries.0184` and `deliveries` alike
 * @returns places and reasons, never content; empty when the value keeps the contract
 * @throws for a topic without a schema
 */
export function breachesOf(topic: string, value: unknown): string[] {
  return complaints(topic.startsWith('deviations.') ? 'deviations-of-party' : (topic.split('.')[0] ?? topic), value);
}

/** What is wrong with a record's headers; the same for every topic. */
export function headerBreaches(headers: Readonly<Record<string, string>>): string[] {
  return complaints('headers', headers);
}
