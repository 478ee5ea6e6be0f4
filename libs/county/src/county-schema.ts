import { COURSES } from '#libs/domain';
import { TIME_FIELDS } from './default-dialect.ts';

/** JSON Schemas of the county's other files (`directory-file.ts` has the directory's). Unknown keys are refused: a mistyped switch would silently be its default. */
const DATE = { type: 'string', format: 'date' };
const TEXT = { type: 'string', minLength: 1, maxLength: 300 };
const HSA_ID = { type: 'string', pattern: '^SE[0-9]{10}-[A-Za-z0-9]{1,18}$' };
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
          source: TEXT,
        },
      },
    },
  },
} as const;

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
    ready: { type: 'string', pattern: '^(obx|[A-Z][0-9]{2})$' },
    clock: { enum: ['trusted', 'intake'] },
    zone: { enum: ['message', 'stockholm'] },
    triggers: {
      type: 'object',
      propertyNames: { pattern: '^[A-Z][0-9]{2}$' },
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['course'],
        properties: {
          course: { enum: COURSES },
          time: { type: 'array', uniqueItems: true, items: { enum: TIME_FIELDS } },
        },
      },
    },
    idleSeconds: { type: 'integer', minimum: 0, maximum: 86400 },
    certificates: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', minLength: 1 } },
    fields: { type: 'object', additionalProperties: { type: 'string' } },
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
    leaving: { type: 'object', additionalProperties: { enum: ['home', 'transfer', 'against-advice', 'dead'] } },
    protectionCodes: {
      type: 'object',
      additionalProperties: {
        enum: ['sekretessmarkering', 'skyddadFolkbokforing', 'fingeradePersonuppgifter', 'unknown'],
      },
    },
  },
} as const;
