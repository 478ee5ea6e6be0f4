import { COURSES, FACT_CODES, PERSON_COURSES, SCOPES } from '#libs/domain';
import { TIME_FIELDS } from './default-dialect.ts';

/** JSON Schemas of the county's other files (`directory-file.ts` has the directory's). Unknown keys are refused: a mistyped switch would silently be its default. */
const DATE = { type: 'string', format: 'date' };
const TEXT = { type: 'string', minLength: 1, maxLength: 300 };
const HSA_ID = {
  type: 'string',
  pattern: '^SE[0-9]{10}-[A-Za-z0-9]{1,18}$',
  description: 'ska vara ett HSA-id som SE2321000016-1001 | must be an HSA-id',
};
const LEGAL_FORM = { enum: ['region-authority', 'municipal-authority', 'private'] };
const PERIOD = { from: DATE, to: DATE, source: TEXT };

export const CALLERS_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['callers'],
  properties: {
    callers: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'party', 'roles', 'source'],
        properties: {
          name: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,40}$' },
          party: { type: 'string', pattern: '^[A-Za-z0-9-]{1,60}$' },
          roles: { type: 'array', minItems: 1, items: { enum: ['operator', 'observer'] } },
          source: TEXT,
        },
      },
    },
  },
} as const;

export const PERSONS_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['persons'],
  properties: {
    persons: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['type', 'value', 'family', 'given', 'source'],
        properties: {
          type: { enum: ['personnummer', 'samordningsnummer', 'reservnummer-stockholm'] },
          value: { type: 'string', pattern: '^[0-9]{12}$' },
          family: TEXT,
          given: TEXT,
          birthDate: DATE,
          municipality: { type: 'string', pattern: '^[0-9]{4}$' },
          district: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$' },
          street: TEXT,
          postalCode: { type: 'string', pattern: '^[0-9]{5}$' },
          city: TEXT,
          listedClinic: HSA_ID,
          protection: { enum: ['sekretessmarkering', 'skyddadFolkbokforing', 'fingeradePersonuppgifter'] },
          formerly: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^[0-9]{12}$' } },
          died: DATE,
          source: TEXT,
        },
      },
    },
  },
} as const;

/** A place in a message: `PV1-3.4`. */
const PLACE = {
  type: 'string',
  pattern: '^[A-Z][A-Z0-9]{2}-[1-9][0-9]?([.][1-9][0-9]?){0,2}$',
  description: 'ska vara en plats som PV1-3.4 | must be a place like PV1-3.4',
};

const TRIGGER_LINE = {
  type: 'object',
  additionalProperties: false,
  required: ['course'],
  properties: {
    course: { enum: [...COURSES, ...PERSON_COURSES] },
    time: { type: 'array', uniqueItems: true, items: { enum: TIME_FIELDS } },
    when: {
      type: 'object',
      propertyNames: PLACE,
      additionalProperties: { type: 'array', minItems: 1, items: { type: 'string' } },
    },
  },
};

export const AGREEMENT_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: [
    'id',
    'revision',
    'from',
    'organisation',
    'name',
    'careProvider',
    'legalForm',
    'wards',
    'processingId',
    'source',
  ],
  properties: {
    ...PERIOD,
    id: { type: 'string', pattern: '^[A-Za-z0-9-]{1,60}$' },
    revision: { type: 'integer', minimum: 1 },
    organisation: HSA_ID,
    name: TEXT,
    careProvider: TEXT,
    legalForm: LEGAL_FORM,
    wards: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['hsaId', 'name'],
        properties: { hsaId: HSA_ID, name: TEXT, legalForm: LEGAL_FORM },
      },
    },
    defaultCharset: { enum: ['ASCII', '8859/1', '8859/15', 'UNICODE UTF-8'] },
    processingId: { enum: ['P', 'T'] },
    ins: { enum: ['auto', 'ordered'] },
    need: {
      anyOf: [
        { const: 'stated' },
        { type: 'array', minItems: 1, uniqueItems: true, items: { enum: ['SOC', 'KHSL', 'ROV'] } },
      ],
    },
    info: { enum: ['here', 'elsewhere'] },
    ready: {
      type: 'string',
      pattern: '^(obx|[A-Z][0-9]{2})$',
      description: 'ska vara obx eller en händelse som A16 | must be obx or a trigger like A16',
    },
    clock: { enum: ['trusted', 'intake'] },
    zone: { enum: ['message', 'stockholm'] },
    triggers: {
      type: 'object',
      propertyNames: {
        pattern: '^[A-Z][0-9]{2}$',
        description: 'ska vara en händelse som A01 | must be a trigger like A01',
      },
      additionalProperties: { oneOf: [TRIGGER_LINE, { type: 'array', minItems: 1, items: TRIGGER_LINE }] },
    },
    facts: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['code', 'field'],
        properties: {
          code: { enum: FACT_CODES },
          field: PLACE,
          values: { type: 'object', additionalProperties: { type: 'array', minItems: 1, items: TEXT } },
          time: PLACE,
          scopes: { type: 'array', uniqueItems: true, items: { enum: SCOPES } },
        },
      },
    },
    idleSeconds: { type: 'integer', minimum: 0, maximum: 86400 },
    certificates: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', minLength: 1 } },
    fields: { type: 'object', additionalProperties: PLACE },
    addressTypes: { type: 'array', minItems: 1, uniqueItems: true, items: { enum: ['L', 'H'] } },
    identityTypes: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['type'],
        minProperties: 2,
        properties: {
          assigner: TEXT,
          typeCode: TEXT,
          type: {
            enum: [
              'personnummer',
              'samordningsnummer',
              'nationelltReservnummer',
              'LMA-nummer',
              'reservnummer-stockholm',
              'reservnummer-region',
              'other',
            ],
          },
          onlyIfFormed: { type: 'boolean' },
        },
      },
    },
    classes: { type: 'object', additionalProperties: { enum: ['IMP', 'EMER', 'AMB', 'PRENC', 'OTHER'] } },
    leaving: { type: 'object', additionalProperties: { enum: ['home', 'transfer', 'against-advice', 'dead'] } },
    protectionCodes: {
      type: 'object',
      additionalProperties: {
        enum: ['sekretessmarkering', 'skyddadFolkbokforing', 'fingeradePersonuppgifter', 'unknown'],
      },
    },
  },
} as const;
