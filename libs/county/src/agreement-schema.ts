import { COURSES, FACT_CODES, IDENTITY_TYPES, PERSON_COURSES, SCOPES, UNLISTED } from '#libs/domain';
import { DATE, HSA_ID, TEXT } from './county-schema.ts';
import { DEFAULT_FIELDS, TIME_FIELDS } from './default-dialect.ts';

/*
 * JSON Schema of an agreement's file. Unknown keys are refused: a mistyped switch would silently be its default. What it
 * cannot say (organisations, periods, what hangs together) is in `agreement-file.ts`.
 */

const LEGAL_FORM = { enum: ['region-authority', 'municipal-authority', 'private'] };

/** A place in a message: `PV1-3.4`. */
const PLACE = {
  type: 'string',
  pattern: '^[A-Z][A-Z0-9]{2}-[1-9][0-9]?([.][1-9][0-9]?){0,2}$',
  description: 'ska vara en plats som PV1-3.4 | must be a place like PV1-3.4',
};

const object = (properties: object, required: readonly string[] = []): object => ({
  ...{ type: 'object', additionalProperties: false },
  ...(required.length > 0 && { required }),
  properties,
});
const list = (items: object): object => ({ type: 'array', minItems: 1, uniqueItems: true, items });
const table = (of: object): object => ({ type: 'object', additionalProperties: of });
/** One or several, told apart by the type, so that the faults of what was not meant are not told. */
const either = (several: object, one: object): object => ({ if: { type: 'array' }, then: several, else: one });

const TEXTS = list({ type: 'string' });
const SOME_TEXTS = { type: 'array', minItems: 1, items: TEXT };

const TRIGGER_LINE = object(
  {
    course: { enum: [...COURSES, ...PERSON_COURSES] },
    time: { type: 'array', uniqueItems: true, items: { enum: TIME_FIELDS } },
    when: { type: 'object', propertyNames: PLACE, additionalProperties: TEXTS },
  },
  ['course'],
);

const FACT_LINE = object(
  {
    code: { enum: FACT_CODES },
    field: PLACE,
    values: table(SOME_TEXTS),
    time: PLACE,
    scopes: { type: 'array', uniqueItems: true, items: { enum: SCOPES } },
  },
  ['code', 'field'],
);

/** Of whom it is an agreement, and for when. */
const PARTS_OF_A_SENDER = {
  id: { type: 'string', pattern: '^[A-Za-z0-9-]{1,60}$' },
  revision: { type: 'integer', minimum: 1 },
  from: DATE,
  to: DATE,
  sender: { ...object({ 'MSH-3': TEXTS, 'MSH-4': TEXTS }), minProperties: 1 },
  organisation: HSA_ID,
  name: TEXT,
  careProvider: TEXT,
  legalForm: LEGAL_FORM,
  wards: {
    type: 'array',
    minItems: 1,
    items: object({ hsaId: HSA_ID, name: TEXT, legalForm: LEGAL_FORM }, ['hsaId', 'name']),
  },
  processingId: { enum: ['P', 'T'] },
  idleSeconds: { type: 'integer', minimum: 0, maximum: 86400 },
  certificates: list({ type: 'string', minLength: 1 }),
  source: TEXT,
};

/** What a message of the sender means, and what follows of it. */
const SWITCHES = {
  ins: { enum: ['auto', 'ordered'] },
  need: either(list({ enum: ['SOC', 'KHSL', 'ROV'] }), { enum: ['stated'] }),
  info: { enum: ['here', 'elsewhere'] },
  patinfo: { enum: ['here', 'elsewhere'] },
  ready: {
    type: 'string',
    pattern: '^(obx|[A-Z][0-9]{2})$',
    description: 'ska vara obx eller en händelse som A16 | must be obx or a trigger like A16',
  },
  clock: { enum: ['trusted', 'intake'] },
  zone: { enum: ['message', 'stockholm'] },
  defaultCharset: { enum: ['ASCII', '8859/1', '8859/15', 'UNICODE UTF-8'] },
};

/** Where things stand in a message, and what the sender's codes mean. */
const DIALECT = {
  fields: {
    type: 'object',
    propertyNames: { enum: Object.keys(DEFAULT_FIELDS) },
    additionalProperties: PLACE,
  },
  triggers: {
    type: 'object',
    propertyNames: {
      pattern: '^[A-Z][0-9]{2}$',
      description: 'ska vara en händelse som A01 | must be a trigger like A01',
    },
    additionalProperties: either({ type: 'array', minItems: 1, items: TRIGGER_LINE }, TRIGGER_LINE),
  },
  facts: { type: 'array', items: FACT_LINE },
  factSystem: { type: 'string', maxLength: 60 },
  factCodes: table({ enum: FACT_CODES }),
  factValues: object(Object.fromEntries(FACT_CODES.map((code) => [code, table(SOME_TEXTS)]))),
  factStatuses: table({ enum: ['F', 'C', 'D'] }),
  scopes: table({ enum: SCOPES }),
  indicators: table({ enum: ['Y', 'N'] }),
  units: table({ oneOf: [HSA_ID, { const: UNLISTED }] }),
  addressCodes: table({
    type: 'string',
    pattern: '^([0-9]{4}|[a-z]+(-[a-z]+)*)$',
    description: 'ska vara en kommunkod eller en stadsdels kortnamn | must be the code of a municipality or a slug',
  }),
  addressTypes: list({ enum: ['L', 'H'] }),
  identityTypes: {
    type: 'array',
    items: {
      ...object({ assigner: TEXT, typeCode: TEXT, type: { enum: IDENTITY_TYPES }, onlyIfFormed: { type: 'boolean' } }, [
        'type',
      ]),
      minProperties: 2,
    },
  },
  classes: table({ enum: ['IMP', 'EMER', 'AMB', 'PRENC', 'OTHER'] }),
  leaving: table({ enum: ['home', 'transfer', 'against-advice', 'dead'] }),
  protectionCodes: table({
    enum: ['sekretessmarkering', 'skyddadFolkbokforing', 'fingeradePersonuppgifter', 'unknown'],
  }),
};

export const AGREEMENT_SCHEMA = object({ ...PARTS_OF_A_SENDER, ...SWITCHES, ...DIALECT }, [
  ...['id', 'revision', 'from', 'organisation', 'name', 'careProvider', 'legalForm', 'wards', 'processingId', 'source'],
]);

/** What is expected of one event of a message. Only what is named is compared, but findings and facts are always all of them. */
const EXPECTED_EVENT = object({
  trigger: TEXT,
  course: { enum: [...COURSES, ...PERSON_COURSES] },
  ...Object.fromEntries(
    ['at', 'sentAt', 'visit', 'name', 'birthDate', 'municipality', 'district', 'listedClinic', 'protection'].map(
      (key) => [key, { type: ['string', 'null'] }],
    ),
  ),
  ...Object.fromEntries(
    ['class', 'ward', 'start', 'end', 'expectedDischarge', 'leaving', 'receivingUnit', 'ins', 'info'].map((key) => [
      key,
      { type: ['string', 'null'] },
    ]),
  ),
  deceased: { type: ['boolean', 'null'] },
  identities: { type: 'array', items: TEXT },
  formerIdentities: { type: 'array', items: TEXT },
  address: { type: ['array', 'null'], items: TEXT },
  impliedNeed: { type: 'array', items: { enum: ['SOC', 'KHSL', 'ROV'] } },
  facts: { type: 'array', items: TEXT },
  findings: { type: 'array', items: TEXT },
});

/** JSON Schema of the tests of an agreement: a message, and what it is to become. */
export const AGREEMENT_TESTS_SCHEMA = object(
  {
    tests: {
      type: 'array',
      minItems: 1,
      items: object(
        {
          name: TEXT,
          takenIn: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d)?([+-]\\d\\d:\\d\\d|Z)$' },
          charset: { enum: ['8859/1', '8859/15', 'UNICODE UTF-8', 'CP1252'] },
          message: { type: 'array', minItems: 1, items: { type: 'string' } },
          events: { type: 'array', minItems: 1, items: EXPECTED_EVENT },
          rejected: { type: 'array', minItems: 1, items: TEXT },
        },
        ['name', 'takenIn', 'message'],
      ),
    },
  },
  ['tests'],
);
