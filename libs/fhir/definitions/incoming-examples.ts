import type { Bundle, Communication, Encounter, FhirResource, Observation, Patient, Provenance } from 'fhir/r4.js';
import { PLANNING_CODES, type FactCode, type PlanningCode, type Scope } from '#libs/domain';
import { EXTENSION, FHIR_BASE, IDENTIFIER_SYSTEM, SYSTEM } from '#libs/fhir';

/*
 * Messages as a ward's or a party's system writes them: one of each kind that is right, and one that is wrong. The tests of
 * the reader, of the ingress and of the translator take them from here, and so does schemas/fhir.
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
const STAY = 'stay';
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

function message(example: IncomingExample, endpoint: string, resources: readonly FhirResource[]): Bundle {
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

const planned = (day: string): Partial<Encounter> => ({
  extension: [{ url: EXTENSION.plannedEndDate, valueDateTime: day }],
});
const left = (more: Partial<Encounter> = {}): Partial<Encounter> => ({
  status: 'finished',
  period: { start: '2026-05-10T14:00:00+02:00', end: '2026-05-14T11:00:00+02:00' },
  ...more,
});
const answer = (code: string) => ({ reasonCode: [{ coding: [{ system: SYSTEM.answer, code }] }] });
const text = (contentString: string) => ({ payload: [{ contentString }] });
const ground = (code: string) => ({
  extension: [{ url: EXTENSION.disclosureBasis, valueCoding: { system: SYSTEM.ground, code } }],
});

/** What each kind of a ward's message says, and what is left out or written otherwise in the wrong one. */
const WARD_KINDS: Readonly<Record<string, Omit<IncomingExample, 'id' | 'code' | 'sender'>>> = {
  NEED: { facts: [observation('NEED', ['SOC', 'ROV'])] },
  CONSENT: { facts: [observation('CONSENT', ['Y'], {}, ['SOC'])] },
  BASIS: { facts: [observation('BASIS', ['MENPROVNING'], {}, ['SOC'])] },
  INS: { facts: [observation('INS', ['Y'], {}, ['SOC'])] },
  'INS-WITHDRAWN': { facts: [observation('INS', [], { status: 'entered-in-error' }, ['SOC'])] },
  BUT: { encounter: planned('2026-05-12') },
  UTK: {
    facts: [observation('READY', ['Y'], { effectiveDateTime: '2026-05-14T09:00:00+02:00' })],
    sent: '2026-05-14T09:05:00+02:00',
  },
  'UTK-WITHDRAWN': { facts: [observation('READY', ['N'])], sent: '2026-05-14T10:00:00+02:00' },
  UTS: { encounter: left(), sent: '2026-05-14T11:05:00+02:00' },
  INFO: {
    facts: [observation('INFO', ['Läkemedel ändrade, se listan.'], {}, ['ROV'])],
    sent: '2026-05-14T11:10:00+02:00',
  },
  TRANSFER: {
    encounter: left({ hospitalization: { destination: { display: 'Geriatriken' } } }),
    sent: '2026-05-14T11:05:00+02:00',
  },
  'LEAVE-START': {
    encounter: { status: 'onleave' },
    occurred: '2026-05-11T09:00:00+02:00',
    sent: '2026-05-11T09:05:00+02:00',
  },
  'LEAVE-END': { occurred: '2026-05-12T09:00:00+02:00', sent: '2026-05-12T09:05:00+02:00' },
  DECEASED: { patient: { deceasedDateTime: '2026-05-13T03:00:00+02:00' }, sent: '2026-05-13T03:30:00+02:00' },
  'OPT-APPLIED': { facts: [observation('OPTAPPLIED', ['2026-05-11'])] },
  'OPT-DECISION': { facts: [observation('OPTDECISION', ['2026-05-12'])] },
  PATINFO: { facts: [observation('PATINFO', ['WRITTEN', 'ORAL'])] },
  CHECK: { facts: [observation('CHECK', ['MEDICINES'])] },
  OPPOSED: { facts: [observation('OPPOSED', ['SOC'])] },
};

/** @param day at ten, for an hour */
const meeting = (day: string): FhirResource => ({
  resourceType: 'Appointment',
  id: 'meeting',
  status: 'proposed',
  start: `${day}T10:00:00+02:00`,
  end: `${day}T11:00:00+02:00`,
  participant: [{ status: 'needs-action', actor: { display: 'Berörda enheter' } }],
});
const invited = (...parties: string[]) => ({
  recipient: parties.map((party) => ({ reference: `Organization/${party}` })),
});
const before = { basedOn: [{ reference: `Communication/${TOLD_NOTICE}` }] };

type Said = Pick<IncomingExample, 'communication' | 'more'>;

/** What is for the planning: alike of a ward and of a party, but for how they name the stay. */
const PLANNING_KINDS: Readonly<Record<PlanningCode, Said>> = {
  'PLAN-INFO': { communication: { ...ground('CONSENT'), ...text('Hemtjänst två gånger om dagen.') } },
  QUERY: { communication: { ...ground('CONSENT'), ...text('Behövs rullator?') } },
  ANSWER: { communication: { ...ground('CONSENT'), ...text('Ja.'), ...before } },
  'SIP-CALL': {
    communication: { ...ground('CONSENT'), ...invited('0184'), ...text('Planering på avdelningen.') },
    more: [meeting('2026-05-15')],
  },
  'SIP-PROPOSE': { communication: ground('CONSENT'), more: [meeting('2026-05-15')] },
  'SIP-REPLY': {
    communication: { ...ground('CONSENT'), ...answer('declined'), ...before },
    more: [meeting('2026-05-16')],
  },
  'SIP-DECLINED': { communication: { ...ground('CONSENT'), ...answer('PERSON') } },
  'SIP-PLAN': {
    communication: {
      extension: [
        ...ground('CONSENT').extension,
        {
          url: EXTENSION.plan,
          extension: [
            { url: 'state', valueCode: 'made' },
            ...['MEASURES', 'RESPONSIBILITIES', 'OTHERS', 'LEAD'].map((valueCode) => ({ url: 'item', valueCode })),
            { url: 'consent', valueBoolean: true },
            ...['PERSON', 'MUNICIPALITY', 'REGION'].map((valueCode) => ({ url: 'participant', valueCode })),
          ],
        },
      ],
    },
  },
  SVPL: { communication: { ...ground('CONSENT'), ...answer('made'), ...invited('0184', 'SE2321000016-2001') } },
  'SVPL-ADJ': {
    communication: { ...ground('CONSENT'), ...before, about: [{ reference: 'Organization/0184' }] },
  },
};

const PARTY_KINDS: Readonly<Record<string, Said & Pick<IncomingExample, 'sender'>>> = {
  FVK: {
    sender: 'SE2321000016-2001',
    communication: answer('confirmed'),
    more: [
      {
        resourceType: 'PractitionerRole',
        id: 'contact',
        practitioner: { display: 'Test Testsson' },
        organization: { display: 'Exempelmottagningen' },
        code: [{ text: 'Distriktssköterska' }],
        telecom: [{ system: 'phone', value: '08-0000000' }],
      },
    ],
  },
  KVI: { sender: '0184' },
  RET: {
    sender: '0184',
    communication: { about: [{ reference: 'Organization/0182' }], ...answer('NOT-REGISTERED-HERE') },
  },
  PLAN: { sender: '0184' },
  OBSTACLE: { sender: '0184', communication: { ...ground('CONSENT'), ...answer('unknown') } },
  'CASE-OWNER': { sender: '0184', communication: { about: [{ reference: 'Organization/0184' }] } },
  RECIPIENT: {
    sender: '0184',
    communication: { ...ground('CONSENT'), about: [{ reference: 'Organization/0182' }] },
  },
  FOUND: { sender: '0184', communication: { ...ground('CONSENT'), ...answer('home') } },
  ...Object.fromEntries(
    PLANNING_CODES.map((code) => {
      // The fixed care contact of the region's open care calls (LUS 4:3), and makes the plan.
      const sender = code.startsWith('SIP') || code === 'SVPL' ? 'SE2321000016-2001' : '0184';
      return [code, { sender, ...PLANNING_KINDS[code] }];
    }),
  ),
};

/** What a ward says for the planning: its own visit, and no person. */
export function planningMessage(example: IncomingExample): Bundle {
  const { id, code, sender, visitId = 'V-1', communication, more = [], corrects } = example;
  const said: Communication = {
    resourceType: 'Communication',
    id: `communication-${id}`,
    status: corrects?.role === 'removal' ? 'entered-in-error' : 'completed',
    category: [{ coding: [{ system: SYSTEM.notice, code }] }],
    encounter: { reference: `Encounter/${STAY}` },
    ...communication,
  };
  const stay: Encounter = {
    resourceType: 'Encounter',
    id: STAY,
    identifier: [{ system: IDENTIFIER_SYSTEM.visit, value: visitId }],
    status: 'in-progress',
    class: { system: SYSTEM.actCode, code: 'IMP' },
  };
  return message(example, `urn:bryggan:sender:${sender}`, [said, stay, ...more]);
}

const ofParty = ([code, said]: [string, Said & Pick<IncomingExample, 'sender'>]) =>
  [code, partyMessage({ id: `example-${code.toLowerCase()}`, code, ...said })] as const;

/** Every kind of message that the hub takes, with the sender of the demonstration county that may send it. */
export const INCOMING_EXAMPLES: ReadonlyMap<string, Bundle> = new Map([
  ...Object.entries(WARD_KINDS).map(
    ([code, said]) =>
      [code, wardMessage({ id: `example-${code.toLowerCase()}`, code, sender: 'KS', ...said })] as const,
  ),
  ...Object.entries(PARTY_KINDS).map(ofParty),
]);

/** What wards and parties both may say, as a ward says it. */
export const WARD_PLANNING_EXAMPLES: ReadonlyMap<string, Bundle> = new Map(
  PLANNING_CODES.map((code) => [
    code,
    planningMessage({ id: `example-ward-${code.toLowerCase()}`, code, sender: 'KS', ...PLANNING_KINDS[code] }),
  ]),
);

/** That the person opposes is a fact of a ward's stay; a party says it as an answer. */
const OPPOSED_BY_PARTY = partyMessage({
  ...{ id: 'example-party-opposed', code: 'OPPOSED', sender: '0184' },
  communication: {
    extension: [...ground('CONSENT').extension, { url: EXTENSION.scope, valueCode: 'SOC' }],
  },
});

/** An example of a kind as one role says it. */
export function exampleOf(code: string, role: 'ward' | 'party'): Bundle {
  const found =
    role === 'party' && code === 'OPPOSED'
      ? OPPOSED_BY_PARTY
      : ((role === 'ward' ? WARD_PLANNING_EXAMPLES.get(code) : undefined) ?? INCOMING_EXAMPLES.get(code));
  if (found === undefined) throw new Error(`no example of ${code}`);
  return found;
}

/** Of each kind one that is refused: without the very thing that it is for. */
export function wrongExample(code: string, right = exampleOf(code, code in PARTY_KINDS ? 'party' : 'ward')): Bundle {
  const entries = (right.entry ?? []).flatMap(({ fullUrl, resource }) => {
    const without = resource && withoutContent(resource as FhirResource, code);
    return without ? [{ ...(fullUrl !== undefined && { fullUrl }), resource: without }] : [];
  });
  return { ...right, id: `${right.id ?? ''}-wrong`, entry: entries };
}

function withoutContent(resource: FhirResource, code: string): FhirResource | undefined {
  if (resource.resourceType === 'Observation') return undefined;
  if (resource.resourceType === 'Encounter') {
    const { start } = resource.period ?? {};
    const rest = { ...resource, ...(start !== undefined && { period: { start } }) };
    delete rest.extension;
    // A notice that is no fact and has no time of its own is wrong without the visit that it is about.
    if (code.startsWith('LEAVE') || code === 'DECEASED' || code in PARTY_KINDS) delete rest.identifier;
    return rest;
  }
  if (resource.resourceType === 'Communication') {
    const rest = { ...resource };
    delete rest.inResponseTo;
    return rest;
  }
  return resource;
}
