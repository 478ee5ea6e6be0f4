import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Ajv, type ErrorObject } from 'ajv';
import ajvFormats from 'ajv-formats';
import { loadCounty } from '#libs/county';
import {
  CARE_TYPES,
  decide,
  decisionText,
  explained,
  HOUSINGS,
  IDENTITY_CERTAINTIES,
  IDENTITY_TYPES,
  isLocalDate,
  localDate,
  NEED_SCOPES,
  type RoutingFacts,
} from '#libs/domain';

/** `npm run route`: who would be told, and why, of facts in a file. Nothing runs and nothing is stored. */

export const USAGE = `npm run route -- --facts FILE [--at YYYY-MM-DD] [--json]
Says who is told by the county's directory and the rules of the day, and why; --json as JSON, with every reason.
Without --at it is the day that the file names (at), else today. FILE: schemas/directory/routing-facts.json.`;

/** Wrong arguments: the message says which. */
export class UsageProblem extends Error {}

interface RouteQuestion {
  readonly factsFile: string;
  readonly at?: string;
  readonly json: boolean;
}

/** The question on a command line. @throws UsageProblem */
export function readQuestion(args: readonly string[]): RouteQuestion {
  const { facts, at, json } = parsedArguments(args);
  if (facts === undefined) throw new UsageProblem('--facts is missing');
  if (at !== undefined && !isLocalDate(at)) throw new UsageProblem(`--at ${at} is no day such as 2026-05-04`);
  return { factsFile: facts, json, ...(at !== undefined && { at }) };
}

/**
 * Answers it.
 * @param countyDir folder of the county's files
 * @param now instant of the machine's clock, for the day that nobody has named
 * @returns the decision as text or JSON
 * @throws CountyError, FactsProblem
 */
export function answer({ factsFile, at, json }: RouteQuestion, countyDir: string, now: number): string {
  const { facts, at: stated } = readFacts(factsFile);
  const decision = decide(facts, loadCounty(countyDir).directory, at ?? stated ?? localDate(now));
  return json ? JSON.stringify(explained(decision), null, 2) : decisionText(decision);
}

function parsedArguments(args: readonly string[]) {
  try {
    const option = { type: 'string' } as const;
    const json = { type: 'boolean', default: false } as const;
    return parseArgs({ args: [...args], options: { facts: option, at: option, json } }).values;
  } catch (error) {
    throw new UsageProblem(error instanceof Error ? error.message : 'unreadable arguments');
  }
}

/*
 * The facts of one routing question as a JSON file. They hold no person number: whom it is about decides nothing, only what
 * kind of number the person has. The schema is published as `schemas/directory/routing-facts.json`; a test holds them equal.
 */

const PARTY = { type: 'string', pattern: '^[A-Za-z0-9-]{1,60}$' } as const;
const MUNICIPALITY = { type: 'string', pattern: '^[0-9]{4}$' } as const;
const DATE = { type: 'string', format: 'date' } as const;
const NEED = { type: 'array', uniqueItems: true, items: { enum: NEED_SCOPES } } as const;
const TEXT = { type: 'string', maxLength: 300 } as const;
const closed = (required: readonly string[], properties: object): object => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const list = (items: object): object => ({ type: 'array', items });

const FACTS = {
  need: NEED,
  identity: { enum: IDENTITY_TYPES },
  identityCertainty: { enum: IDENTITY_CERTAINTIES },
  birthDate: { type: 'string', pattern: '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$' },
  protection: { enum: ['sekretessmarkering', 'skyddadFolkbokforing', 'fingeradePersonuppgifter', 'unknown'] },
  address: closed(['lines'], {
    lines: list(TEXT),
    postalCode: TEXT,
    city: TEXT,
    municipality: MUNICIPALITY,
    district: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$' },
  }),
  stayingIn: MUNICIPALITY,
  housing: { enum: HOUSINGS },
  placedBy: MUNICIPALITY,
  listing: { oneOf: [{ const: 'unlisted' }, closed(['clinic'], { clinic: PARTY })] },
  contacts: list(PARTY),
  rehab: list(PARTY),
  careType: { enum: CARE_TYPES },
  lss: { type: 'boolean' },
  caseOwner: closed(['party'], { party: PARTY, desk: TEXT }),
  homeCare: TEXT,
  added: list(closed(['party', 'by'], { party: PARTY, by: PARTY })),
  returned: list(closed(['by'], { by: PARTY, proposal: PARTY, told: { type: 'boolean' } })),
  released: list(closed(['recipient', 'scopes'], { recipient: PARTY, scopes: NEED })),
} as const satisfies Record<Exclude<keyof RoutingFacts, 'sources'>, object>;

/** JSON Schema of a file of facts. Unknown keys are refused: a mistyped fact would silently be unknown. */
export const ROUTING_FACTS_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://bryggan.example/schemas/directory/routing-facts.json',
  title: 'What a routing decision is made from; what is left out is not known',
  type: 'object',
  additionalProperties: false,
  required: ['need'],
  properties: {
    ...FACTS,
    at: { ...DATE, description: 'The local day of the decision, where the command does not say another' },
    sources: {
      type: 'object',
      description: 'Who said a fact and when, by its name; shown in the trace',
      propertyNames: { enum: Object.keys(FACTS) },
      additionalProperties: TEXT,
    },
  },
} as const;

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
ajvFormats.default(ajv, ['date']);
const validate = ajv.compile<RoutingFacts & { readonly at?: string }>(ROUTING_FACTS_SCHEMA);

/** A file of facts that cannot be used: each line is one fault. */
export class FactsProblem extends Error {}

/** Reads a file of facts, and the day that it names. @throws FactsProblem with all that is wrong with it */
function readFacts(file: string): { readonly facts: RoutingFacts; readonly at?: string } {
  const value = parsed(file);
  if (!validate(value))
    throw new FactsProblem((validate.errors ?? []).map((error) => `${file}${described(error)}`).join('\n'));
  const { at, ...facts } = value;
  return { facts, ...(at !== undefined && { at }) };
}

function parsed(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new FactsProblem(`${file}: filen går inte att läsa | the file cannot be read`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new FactsProblem(`${file}: är inte JSON | is no JSON`);
  }
}

function described({ instancePath, keyword, message = keyword, params }: ErrorObject): string {
  if (keyword === 'additionalProperties')
    return `${instancePath}: okänd nyckel | unknown key ${String(params.additionalProperty)}`;
  if (keyword !== 'enum') return `${instancePath}: ${message}`;
  return `${instancePath}: ska vara ett av | must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
}
