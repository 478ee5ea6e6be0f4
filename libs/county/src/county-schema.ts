import { IDENTITY_CERTAINTIES } from '#libs/domain';

/** JSON Schemas of callers and persons (`directory-file.ts` has the directory's, `agreement-schema.ts` the agreements'). */
export const DATE = { type: 'string', format: 'date' };
export const TEXT = { type: 'string', minLength: 1, maxLength: 300 };
export const HSA_ID = {
  type: 'string',
  pattern: '^SE[0-9]{10}-[A-Za-z0-9]{1,18}$',
  description: 'ska vara ett HSA-id som SE2321000016-1001 | must be an HSA-id',
};

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
          certainty: { enum: IDENTITY_CERTAINTIES },
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

/**
 * `responses.json`: where the hub may send the answer of a message that asked for it there (`response-url`). It sends to these
 * addresses and to no other, whatever a message says: the county decides what the hub connects to.
 */
export const RESPONSES_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['responses'],
  properties: {
    responses: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['of', 'address', 'source'],
        properties: {
          of: {
            type: 'string',
            pattern: '^[A-Za-z0-9-]{1,60}$',
            description: 'ska vara ett avtals eller en parts id | must be the id of an agreement or a party',
          },
          address: {
            type: 'string',
            // In the clear to the machine itself alone; nobody's name and password, and no fragment.
            pattern: '^(?:https://[^\\s/@#?]+|http://(?:127\\.0\\.0\\.1|localhost)(?::[0-9]+)?)(?:/[^\\s#]*)?$',
            maxLength: 500,
            description: 'ska vara en https-adress | must be an https address',
          },
          source: TEXT,
        },
      },
    },
  },
} as const;
