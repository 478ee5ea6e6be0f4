import {
  type Identity,
  IDENTITY_CERTAINTIES,
  IDENTITY_TYPES,
  type IdentityCertainty,
  type IdentityType,
  type PatientStatement,
  type Protection,
  UNLISTED,
} from '#libs/domain';
import { FHIR_BASE, IDENTIFIER_SYSTEM } from '#libs/fhir';
import {
  fault,
  type Fault,
  type FaultName,
  hasStockholmCheckDigit,
  isLmaNumber,
  isReserveNumber,
  nationalReserveNumber,
  readPersonalNumber,
  shapeOf,
} from '#libs/platform';
import { closed, formReader, type FormSchema, HSA_ID, MUNICIPALITY, SHORT_TEXT } from './form-check.ts';

/** An identity as a person writes it. */
export interface FormIdentity {
  readonly type: IdentityType;
  readonly value: string;
  /** Who issued a number that only its issuer knows. */
  readonly issuer?: string;
}

/** The person as a form states it: what the register says is filled in by `POST /persons`, what it says not is asked for. */
export interface FormPerson {
  readonly identity: FormIdentity & { readonly certainty?: IdentityCertainty };
  readonly family?: string;
  readonly given?: readonly string[];
  readonly birthDate?: string;
  readonly address?: {
    readonly lines: readonly string[];
    readonly postalCode?: string;
    readonly city?: string;
    readonly municipality?: string;
    readonly district?: string;
  };
  /** Code of the municipality in which the person stays now, where that is another than that of registration, or there is none. */
  readonly stayingIn?: string;
  /** HSA-id, or `UNLISTED`. */
  readonly listedClinic?: string;
  readonly protection?: Protection;
}

const IDENTITY = {
  type: { enum: IDENTITY_TYPES },
  value: { type: 'string', pattern: '^[A-Za-z0-9+-]{4,20}$' },
  issuer: { type: 'string', pattern: '^[A-Za-z0-9.-]{1,60}$' },
} as const;

/** JSON Schema of an identity. */
export const IDENTITY_SCHEMA = closed(IDENTITY, ['type', 'value']);

/** JSON Schema of the person. */
export const PERSON_SCHEMA = closed(
  {
    identity: closed({ ...IDENTITY, certainty: { enum: IDENTITY_CERTAINTIES } }, ['type', 'value']),
    family: SHORT_TEXT,
    given: { type: 'array', maxItems: 10, items: SHORT_TEXT },
    birthDate: { type: 'string', format: 'date' },
    address: closed(
      {
        lines: { type: 'array', maxItems: 4, items: SHORT_TEXT },
        postalCode: { type: 'string', pattern: '^[0-9]{3} ?[0-9]{2}$' },
        city: SHORT_TEXT,
        municipality: MUNICIPALITY,
        district: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$' },
      },
      ['lines'],
    ),
    stayingIn: MUNICIPALITY,
    listedClinic: { oneOf: [HSA_ID, { const: UNLISTED }] },
    protection: { enum: ['sekretessmarkering', 'skyddadFolkbokforing', 'fingeradePersonuppgifter', 'unknown'] },
  },
  ['identity'],
);

/** `system` by type, as FHIR names it; a number that only its issuer knows has the issuer's. */
export type SystemOf = (type: IdentityType, issuer: string | undefined) => string;

/** The systems of identities, by type; what only its issuer knows means something at its sender alone. */
export const systemsOf =
  (sender: string): SystemOf =>
  (type, issuer = 'local') =>
    type === 'other' || type === 'reservnummer-region'
      ? `${FHIR_BASE}/sid/${encodeURIComponent(sender)}/${encodeURIComponent(issuer)}`
      : IDENTIFIER_SYSTEM[type];

/**
 * The identity that a form states, by the same rules as a machine message's (standards 3.5): twelve digits, a check digit that
 * is right, no century guessed.
 */
export function readFormIdentity({ type, value, issuer }: FormIdentity, systemOf: SystemOf): Identity | FaultName {
  const read = numberOf(type, value);
  return typeof read === 'string' ? read : { type, system: systemOf(type, issuer), value: read.value };
}

function numberOf(type: IdentityType, text: string): { readonly value: string } | FaultName {
  switch (type) {
    case 'personnummer':
    case 'samordningsnummer': {
      const shape = shapeOf(text);
      // Ten digits with a separator tell the century only together with the year of writing: a form asks for twelve.
      if (shape?.kind !== 'twelve') return shape ? 'ambiguous-century' : 'bad-identity';
      const number = readPersonalNumber(shape, { birthDate: undefined, yearSent: 0 });
      if (typeof number === 'string') return number;
      return number.type === type ? { value: number.value } : 'bad-identity';
    }
    case 'nationelltReservnummer': {
      const number = nationalReserveNumber(text);
      return number === undefined ? 'bad-identity' : { value: number };
    }
    case 'reservnummer-stockholm': {
      const digits = text.replace('-', '');
      return hasStockholmCheckDigit(digits) ? { value: digits } : 'wrong-check-digit';
    }
    case 'LMA-nummer':
      return isLmaNumber(text) ? { value: text } : 'bad-identity';
    case 'reservnummer-region':
      return isReserveNumber(text) ? { value: text } : 'bad-identity';
    case 'other':
      return { value: text };
  }
}

const NO_SYSTEM: SystemOf = () => '';

/** What is wrong with the person of a form. */
export function personFaults({ identity }: Pick<FormPerson, 'identity'>, place = '$.person'): Fault[] {
  const read = readFormIdentity(identity, NO_SYSTEM);
  if (typeof read === 'string') return [fault(read, `${place}.identity.value`)];
  const isOfAnother = identity.certainty !== undefined && identity.type !== 'samordningsnummer';
  return isOfAnother ? [fault('bad-identity', `${place}.identity.certainty`)] : [];
}

/** What a form says of the person. A protected person's address stops here, as it does in every other reader. */
export function patientOf(person: FormPerson, identity: Identity): PatientStatement {
  const { address, birthDate, family, given = [], listedClinic, protection, stayingIn } = person;
  const { certainty } = person.identity;
  const hasName = family !== undefined || given.length > 0;
  return {
    identities: [{ ...identity, ...(certainty && { certainty }) }],
    ...(hasName && { name: { ...(family !== undefined && { family }), given } }),
    ...(birthDate !== undefined && { birthDate }),
    ...(address && !protection && { address: { ...address, ...postalOf(address.postalCode) } }),
    ...(stayingIn !== undefined && !protection && { stayingIn }),
    ...(listedClinic !== undefined && { listedClinic }),
    ...(protection && { protection }),
  };
}

const postalOf = (code: string | undefined) => (code === undefined ? {} : { postalCode: code.replace(' ', '') });

/** Why somebody asks the register: it is written down with the question (SEC-20). */
const LOOKUP_PURPOSES = ['NOTICE', 'IDENTITY-CHECK', 'CORRECTION'] as const;

/** A question to the register of persons: `POST /persons`. */
export interface PersonQuestion {
  readonly code: 'PERSON';
  readonly identity: FormIdentity;
  readonly purpose: (typeof LOOKUP_PURPOSES)[number];
}

/** JSON Schema of a question to the register. */
export const PERSON_QUESTION_SCHEMAS: Readonly<Record<'PERSON', FormSchema>> = {
  PERSON: closed({ code: { const: 'PERSON' }, identity: IDENTITY_SCHEMA, purpose: { enum: LOOKUP_PURPOSES } }, [
    'code',
    'identity',
    'purpose',
  ]),
};

/** Reads a question to the register. */
export const readPersonQuestion = formReader<PersonQuestion>(PERSON_QUESTION_SCHEMAS);
