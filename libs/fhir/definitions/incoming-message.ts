import type { Bundle, Communication, Encounter, FhirResource, Observation, Patient, Provenance } from 'fhir/r4.js';
import type { FactCode, Scope } from '#libs/domain';
import { EXTENSION, FHIR_BASE, IDENTIFIER_SYSTEM, SYSTEM } from '#libs/fhir';

/*
 * Messages as a ward's or a party's system writes them, made of what is special in each. What each kind says is in
 * `incoming-examples.ts`.
 */

/** What an example is made of; what is left out is ordinary. */
export interface IncomingExample {
  /** MessageHeader.id; the Bundle's is made of it. */
  readonly id: string;
  readonly code: string;
  /** The agreement or party that sends it. */
  readonly sender: string;
  readonly visitId?: string;
  readonly sent?: string;
  /** When it happened, in the message's own Provenance. */
  readonly occurred?: string;
  readonly facts?: readonly Observation[];
  readonly encounter?: Partial<Encounter>;
  readonly patient?: Partial<Patient>;
  readonly communication?: Partial<Communication>;
  readonly more?: readonly FhirResource[];
  readonly corrects?: { readonly role: 'revision' | 'removal'; readonly previous: string };
}

const SENT = '2026-05-10T15:00:00+02:00';
export const STAY = 'stay';
const entry = (resource: FhirResource) => ({
  fullUrl: `${FHIR_BASE}/${resource.resourceType}/${resource.id ?? ''}`,
  resource,
});

/** One fact as an Observation (contract 5): codes as codings, a text as a string. */
export function observation(
  code: FactCode,
  values: readonly string[],
  more: Partial<Observation> = {},
  scopes: readonly Scope[] = [],
): Observation {
  const isCoded = code !== 'INFO' && values.every((value) => /^[A-Z][A-Z0-9_]*$/.test(value));
  const coded = {
    valueCodeableConcept: { coding: values.map((value) => ({ system: SYSTEM.factValue, code: value })) },
  };
  return {
    resourceType: 'Observation',
    id: `fact-${code.toLowerCase()}${scopes.map((scope) => `-${scope.toLowerCase()}`).join('')}`,
    ...(scopes.length > 0 && { extension: scopes.map((scope) => ({ url: EXTENSION.scope, valueCode: scope })) }),
    status: 'final',
    code: { coding: [{ system: SYSTEM.fact, code }] },
    subject: { reference: 'Patient/person' },
    encounter: { reference: `Encounter/${STAY}` },
    ...(values.length > 0 && (isCoded ? coded : { valueString: values.join('\n') })),
    ...more,
  };
}

const PERSON: Patient = {
  resourceType: 'Patient',
  id: 'person',
  identifier: [{ system: IDENTIFIER_SYSTEM.personnummer, value: '191212121212' }],
  name: [{ family: 'Tolvansson', given: ['Tolvan'] }],
  birthDate: '1912-12-12',
  address: [
    {
      extension: [
        {
          url: EXTENSION.seAddressType,
          valueCodeableConcept: { coding: [{ system: SYSTEM.snomed, code: '63381000052101' }] },
        },
        { url: EXTENSION.seMunicipality, valueCoding: { system: SYSTEM.municipality, code: '0184' } },
      ],
      line: ['Exempelgatan 1'],
      postalCode: '16900',
      city: 'Solna',
    },
  ],
  generalPractitioner: [
    { type: 'Organization', identifier: { system: IDENTIFIER_SYSTEM.hsa, value: 'SE2321000016-2001' } },
  ],
};

const WARD: FhirResource = {
  resourceType: 'Organization',
  id: 'ward',
  identifier: [{ system: IDENTIFIER_SYSTEM.hsa, value: 'SE2321000016-1001' }],
};

function provenance({ id, sent = SENT, occurred, corrects }: IncomingExample): Provenance {
  const activity = { none: 'CREATE', revision: 'UPDATE', removal: 'NULLIFY' }[corrects?.role ?? 'none'];
  return {
    resourceType: 'Provenance',
    id: `provenance-${id}`,
    target: [{ reference: `MessageHeader/${id}` }],
    ...(occurred !== undefined && { occurredDateTime: occurred }),
    recorded: sent,
    activity: { coding: [{ system: SYSTEM.dataOperation, code: activity }] },
    agent: [{ who: { display: 'Journalsystemet' } }],
    ...(corrects && { entity: [{ role: corrects.role, what: { reference: `MessageHeader/${corrects.previous}` } }] }),
  };
}

export function message(example: IncomingExample, endpoint: string, resources: readonly FhirResource[]): Bundle {
  const { id, code, sent = SENT } = example;
  const header: FhirResource = {
    resourceType: 'MessageHeader',
    id,
    eventCoding: { system: SYSTEM.notice, code },
    source: { endpoint },
    focus: [{ reference: `Communication/communication-${id}` }],
  };
  return {
    resourceType: 'Bundle',
    id: `bundle-${id}`,
    type: 'message',
    timestamp: sent,
    entry: [header, ...resources, provenance(example)].map(entry),
  };
}

/** A message of a ward: person, stay with the ward's own visit id, and the facts. */
export function wardMessage(example: IncomingExample): Bundle {
  const {
    id,
    code,
    sender,
    visitId = 'V-1',
    facts = [],
    encounter,
    patient,
    communication,
    more = [],
    corrects,
  } = example;
  const told: Communication = {
    resourceType: 'Communication',
    id: `communication-${id}`,
    status: corrects?.role === 'removal' ? 'entered-in-error' : 'completed',
    category: [{ coding: [{ system: SYSTEM.notice, code }] }],
    subject: { reference: 'Patient/person' },
    encounter: { reference: `Encounter/${STAY}` },
    ...communication,
  };
  const stay: Encounter = {
    resourceType: 'Encounter',
    id: STAY,
    identifier: [{ system: IDENTIFIER_SYSTEM.visit, value: visitId }],
    status: 'in-progress',
    class: { system: SYSTEM.actCode, code: 'IMP' },
    subject: { reference: 'Patient/person' },
    period: { start: '2026-05-10T14:00:00+02:00' },
    serviceProvider: { reference: 'Organization/ward' },
    ...encounter,
  };
  return message(example, `urn:bryggan:sender:${sender}`, [
    told,
    { ...PERSON, ...patient },
    stay,
    WARD,
    ...facts,
    ...more,
  ]);
}

/** Ids as the hub delivers them. */
export const TOLD_STAY = '00000051-0000-8000-8000-000000000001';
export const TOLD_NOTICE = '000000de-0000-8000-8000-000000000001';

/** A message of a party: which notice it answers, in which stay, and nothing of the person. */
export function partyMessage(example: IncomingExample): Bundle {
  const { id, code, sender, communication, more = [] } = example;
  const said: Communication = {
    resourceType: 'Communication',
    id: `communication-${id}`,
    inResponseTo: [{ reference: `Communication/${TOLD_NOTICE}` }],
    status: 'completed',
    category: [{ coding: [{ system: SYSTEM.notice, code }] }],
    encounter: { reference: `Encounter/${TOLD_STAY}` },
    ...communication,
  };
  return message(example, `urn:bryggan:party:${sender}`, [said, ...more]);
}
