import { readFileSync } from 'node:fs';
import {
  ANSWER_CODES,
  CARE_KINDS,
  directoryFaults,
  LEGAL_FORMS,
  NEED_SCOPES,
  PARITIES,
  PARTY_KINDS,
  TARGET_GROUPS,
  type AddressRange,
  type LegalForm,
  type Party,
} from '#libs/domain';
import { isSystemError } from '#libs/platform';
import { described, readJsonFile, validatorOf } from './json-file.ts';

/**
 * The directory as files: the parties as JSON, the register of addresses as CSV. Both have a published schema under
 * `schemas/directory/`, which a test holds equal to the ones here. What a schema cannot say (periods, successors, desks) is
 * asked of the domain: a directory is taken whole or refused whole, with every fault at once.
 */

/** A row of the file: most parties have one legal form, a federation of region and municipality has more (RTE-08). */
interface PartyInFile extends Omit<Party, 'legalForms'> {
  readonly legalForm: LegalForm | readonly LegalForm[];
}

const DATE = { type: 'string', format: 'date' } as const;
const TEXT = { type: 'string', minLength: 1, maxLength: 300 } as const;
/** Goes into names of topics, files and URLs. */
const PARTY_ID = { type: 'string', pattern: '^[A-Za-z0-9-]{1,60}$' } as const;
const LEGAL_FORM = { enum: LEGAL_FORMS } as const;
const SLUG = { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$' } as const;
const list = (items: object): object => ({ type: 'array', minItems: 1, uniqueItems: true, items });

/** JSON Schema of `parties.json`. Unknown keys are refused: a mistyped one would silently be left out. */
export const PARTIES_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://bryggan.example/schemas/directory/parties.json',
  title: 'The parties of a county, effective-dated',
  type: 'object',
  additionalProperties: false,
  required: ['parties'],
  properties: {
    parties: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'name', 'kind', 'legalForm', 'from', 'source'],
        properties: {
          id: PARTY_ID,
          name: TEXT,
          kind: { enum: PARTY_KINDS },
          legalForm: { oneOf: [LEGAL_FORM, list(LEGAL_FORM)] },
          hsaId: { type: 'string', pattern: '^SE[0-9]{10}-[A-Za-z0-9]{1,18}$' },
          from: DATE,
          to: DATE,
          successor: PARTY_ID,
          partOf: PARTY_ID,
          divided: { const: true },
          desks: list({
            type: 'object',
            additionalProperties: false,
            required: ['id', 'name', 'takes'],
            properties: {
              id: SLUG,
              name: TEXT,
              takes: { type: 'array', uniqueItems: true, items: { enum: TARGET_GROUPS } },
              isDefault: { const: true },
            },
          }),
          entrusts: list({
            type: 'object',
            additionalProperties: false,
            required: ['to', 'scopes'],
            properties: {
              to: PARTY_ID,
              scopes: list({ enum: NEED_SCOPES }),
              groups: list({ enum: [...TARGET_GROUPS, 'homeless'] }),
            },
          }),
          care: { enum: CARE_KINDS },
          areas: list(PARTY_ID),
          delivery: list({
            type: 'object',
            additionalProperties: false,
            required: ['channel', 'address'],
            properties: { channel: { enum: ['topic', 'fhir', 'sdk', 'phone', 'post'] }, address: TEXT },
          }),
          outOfHours: TEXT,
          answers: {
            type: 'object',
            minProperties: 1,
            propertyNames: { enum: ANSWER_CODES },
            additionalProperties: DATE,
          },
          note: TEXT,
          source: TEXT,
        },
      },
    },
  },
} as const;

/** JSON Schema of one row of `addresses.csv`, numbers read as numbers; an empty `to` is left out. */
export const ADDRESS_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://bryggan.example/schemas/directory/address.json',
  title: 'One row of a register of addresses: which board a range of house numbers belongs to',
  type: 'object',
  additionalProperties: false,
  required: ['municipality', 'street', 'low', 'high', 'parity', 'board', 'from'],
  properties: {
    municipality: { type: 'string', pattern: '^[0-9]{4}$' },
    street: TEXT,
    low: { type: 'integer', minimum: 0, maximum: 9999 },
    high: { type: 'integer', minimum: 0, maximum: 9999 },
    parity: { enum: PARITIES },
    board: PARTY_ID,
    from: DATE,
    to: DATE,
  },
} as const;

const validateParties = validatorOf<{ parties: PartyInFile[] }>(PARTIES_SCHEMA);
const validateAddress = validatorOf<AddressRange>(ADDRESS_SCHEMA);

/** The parties and addresses of a directory. */
export interface DirectoryFiles {
  readonly parties: readonly Party[];
  readonly addresses: readonly AddressRange[];
}

/**
 * Reads and checks a directory. All that is wrong is added to `problems`, each with its file and place.
 * @param register the file of the register of addresses, or the rows of one that is kept; absent: the county has none
 */
export function readDirectory(
  partiesFile: string,
  register: string | readonly AddressRange[] | undefined,
  problems: string[],
): DirectoryFiles {
  const before = problems.length;
  const inFile = readJsonFile(partiesFile, 'parties.json', validateParties, problems)?.parties ?? [];
  const parties = inFile.map(partyOf);
  const addresses = typeof register === 'string' ? readAddresses(register, problems) : (register ?? []);
  // Rows that are no rows would be told twice, and as something that they are not.
  if (problems.length === before) {
    const places = directoryFaults(parties, addresses).map(({ place, text }) => `${fileOf(place)}: ${text}`);
    problems.push(...places);
  }
  return { parties, addresses };
}

function partyOf({ legalForm, ...party }: PartyInFile): Party {
  return { ...party, legalForms: typeof legalForm === 'string' ? [legalForm] : legalForm };
}

function fileOf(place: string): string {
  const [what, row = ''] = place.split('/');
  return what === 'parties' ? `parties.json/${place}` : `addresses.csv rad ${Number(row) + FIRST_ROW}`;
}

/** The first row stands under the names of the columns. */
const FIRST_ROW = 2;
const COLUMNS = Object.keys(ADDRESS_SCHEMA.properties);
/** A file of some hundred thousand rows that is of another kind would be told row by row. */
const MOST_PROBLEMS = 20;

function readAddresses(file: string, problems: string[]): AddressRange[] {
  const lines = readLines(file, problems);
  const [names, ...rows] = lines;
  if (names === undefined) return [];
  if (names !== COLUMNS.join(',')) {
    problems.push(`addresses.csv: första raden ska vara | the first row must be ${COLUMNS.join(',')}`);
    return [];
  }
  let wrong = 0;
  const kept = new Map<string, string>();
  // Streets, boards and days repeat from row to row, and are kept once.
  const once = (text: string | undefined): string | undefined => {
    if (text !== undefined && !kept.has(text)) kept.set(text, text);
    return text === undefined ? undefined : kept.get(text);
  };
  return rows.flatMap((line, index) => {
    const [municipality, street, low, high, parity, board, from, to = '', ...more] = line.split(',');
    const range = {
      municipality: once(municipality),
      street: once(street),
      low: numberOf(low),
      high: numberOf(high),
      parity: once(parity),
      board: once(board),
      from: once(from),
      ...(to !== '' && { to: once(to) }),
    };
    if (more.length === 0 && validateAddress(range)) return [range];
    if (++wrong <= MOST_PROBLEMS) {
      const [error] = validateAddress.errors;
      const what =
        more.length > 0
          ? 'för många kolumner | too many columns'
          : error
            ? `${error.instancePath} ${described(error)}`
            : '';
      problems.push(`addresses.csv rad ${index + FIRST_ROW}: ${what}`);
    }
    return [];
  });
}

function numberOf(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}

function readLines(file: string, problems: string[]): string[] {
  try {
    return readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .filter((line) => line !== '');
  } catch (error) {
    const missing = isSystemError(error, 'ENOENT');
    problems.push(
      `addresses.csv: ${missing ? 'filen saknas | the file is missing' : 'går inte att läsa | is not readable'}`,
    );
    return [];
  }
}
