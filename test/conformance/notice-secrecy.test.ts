import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { errorsIn, validateAll, type Issue, type Named } from './validator.ts';

/**
 * rules 12.4: an INS carries its lawful items and nothing else. Each row adds by hand what a careless change of the
 * code, or a person, might add; HL7's validator has to refuse it by our profile alone.
 */
type Json = Record<string, unknown>;
type Change = (resource: (type: string, nth?: number) => Json, bundle: Json) => void;

const example = (name: string): Json =>
  JSON.parse(readFileSync(join('schemas', 'fhir', 'examples', `${name}.json`), 'utf8')) as Json;
const entriesOf = (bundle: Json) => bundle.entry as { fullUrl: string; resource: Json }[];

function changed(name: string, change: Change): Json {
  const bundle = example(name);
  change(
    (type, nth = 0) => entriesOf(bundle).filter(({ resource }) => resource.resourceType === type)[nth]!.resource,
    bundle,
  );
  return bundle;
}

const add = (type: string, more: Json, nth = 0): Change => {
  return (resource) => Object.assign(resource(type, nth), more);
};
const WARD = 'Avdelning 11';
const HSA = { system: 'urn:oid:1.2.752.29.4.19', value: 'SE2321000016-1001' };
const coded = (text: string) => ({ coding: [{ system: 'http://snomed.info/sct', code: '386661006' }], text });
const organization = (id: string) => ({
  fullUrl: `https://bryggan.example/fhir/Organization/${id}`,
  resource: { resourceType: 'Organization', id, name: 'Sumpans vårdcentral' },
});
const extension = (value: Json) => ({ url: 'https://bryggan.example/fhir/StructureDefinition/info-scope', ...value });

const LEAKS: readonly (readonly [string, Change])[] = [
  ['a ward as location', add('Encounter', { location: [{ location: { display: WARD } }] })],
  ['a ward as service provider', add('Encounter', { serviceProvider: { display: WARD } })],
  ['the HSA-id of a ward as service provider', add('Encounter', { serviceProvider: { identifier: HSA } })],
  ['a reason', add('Encounter', { reasonCode: [coded('Feber')] })],
  ['a reason on the notice', add('Communication', { reasonCode: [coded('Feber')] })],
  ['a diagnosis', add('Encounter', { diagnosis: [{ condition: { display: 'Stroke' } }] })],
  ['a care type', add('Encounter', { serviceType: coded('Psykiatri') })],
  ['a type', add('Encounter', { type: [coded('Psykiatri')] })],
  [
    'another class than inpatient',
    add('Encounter', { class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'ACUTE' } }),
  ],
  ['the start of the stay', add('Encounter', { period: { start: '2026-05-10T14:00:00+02:00' } })],
  ['where the patient came from', add('Encounter', { hospitalization: { origin: { display: WARD } } })],
  ['a participant', add('Encounter', { participant: [{ individual: { display: 'Dr Andersson' } }] })],
  ['the visit number', add('Encounter', { identifier: [{ system: 'https://example.org/numbers', value: 'V1' }] })],
  ['a ward in the person’s display', (r) => Object.assign(r('Encounter').subject as Json, { display: WARD })],
  ['a ward in the sender’s display', (r) => Object.assign(r('Communication').sender as Json, { display: WARD })],
  ['another sender', add('Communication', { sender: { reference: 'Organization/0180-jarva' } })],
  ['a text', add('Communication', { payload: [{ contentString: `Ligger på ${WARD}` }] })],
  ['a note', add('Communication', { note: [{ text: `Ligger på ${WARD}` }] })],
  ['a topic', add('Communication', { topic: coded('Demens') })],
  [
    'a narrative',
    add('Communication', {
      text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${WARD}</div>` },
    }),
  ],
  [
    'a narrative of the person',
    add('Patient', { text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${WARD}</div>` } }),
  ],
  [
    'a contained ward',
    add('Communication', {
      contained: [{ resourceType: 'Location', id: 'w', name: WARD }],
      about: [{ reference: '#w' }],
    }),
  ],
  ['the text of the category', (r) => Object.assign((r('Communication').category as Json[])[0]!, { text: WARD })],
  [
    'another display of the category',
    (r) => Object.assign((r('Communication').category as { coding: Json[] }[])[0]!.coding[0]!, { display: WARD }),
  ],
  ['a second category', (r) => (r('Communication').category as Json[]).push({ text: WARD })],
  ['a second recipient', (r) => (r('Communication').recipient as Json[]).push({ reference: 'Organization/0184' })],
  [
    'another ground',
    (r) => {
      const [basis] = r('Communication').extension as { valueCoding: Json }[];
      basis!.valueCoding.code = 'CONSENT';
    },
  ],
  ['an extension of INFO', (r) => (r('Communication').extension as Json[]).push(extension({ valueCode: 'SOC' }))],
  [
    'an extension that nobody defined',
    (r) => (r('Encounter').extension as Json[]).push({ url: 'urn:ward', valueString: WARD }),
  ],
  [
    'an extension on an element',
    add('Communication', { _sent: { extension: [{ url: 'urn:ward', valueString: WARD }] } }),
  ],
  [
    'a well-known extension on an element',
    add('Communication', {
      _sent: { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/originalText', valueString: WARD }] },
    }),
  ],
  [
    'a tag',
    (r) =>
      Object.assign(r('Communication').meta as Json, { tag: [{ system: 'urn:ward', code: 'avd11', display: WARD }] }),
  ],
  ['a contact', add('Patient', { contact: [{ name: { text: 'Anna' } }] })],
  ['a telephone', add('Patient', { telecom: [{ system: 'phone', value: '08-123' }] })],
  ['the birth date', add('Patient', { birthDate: '1912-12-12' })],
  ['a death', add('Patient', { deceasedBoolean: true })],
  ['the listed clinic', add('Patient', { generalPractitioner: [{ display: 'Sumpans vårdcentral' }] })],
  [
    'a second identity',
    (r) => (r('Patient').identifier as Json[]).push({ system: 'https://example.org/numbers', value: '1' }),
  ],
  [
    'the assigner of the identity',
    (r) => Object.assign((r('Patient').identifier as Json[])[0]!, { assigner: { display: WARD } }),
  ],
  [
    'how long the identity is valid',
    (r) => Object.assign((r('Patient').identifier as Json[])[0]!, { period: { start: '2026-01-01' } }),
  ],
  [
    'the type of the identity',
    (r) => Object.assign((r('Patient').identifier as Json[])[0]!, { type: { text: 'reservnummer-region' } }),
  ],
  ['a text of the name', (r) => Object.assign((r('Patient').name as Json[])[0]!, { text: WARD })],
  ['a text of the address', (r) => Object.assign((r('Patient').address as Json[])[0]!, { text: WARD })],
  ['a second address', (r) => (r('Patient').address as Json[]).push({ line: [WARD] })],
  ['the HSA-id of the hospital', add('Organization', { identifier: [HSA] })],
  ['the ward as the care provider’s name', add('Organization', { name: WARD })],
  ['an HSA-id as the care provider’s name', add('Organization', { name: HSA.value })],
  ['an alias of the care provider', add('Organization', { alias: ['Karolinska'] })],
  ['the care provider as a part', add('Organization', { partOf: { display: 'Karolinska' } })],
  ['an HSA-id on the recipient', add('Organization', { identifier: [HSA] }, 1)],
  ['another organisation', (_r, bundle) => entriesOf(bundle).push(organization('SE2321000016-2001'))],
  [
    'the hospital in the care provider’s place',
    (r, bundle) => {
      r('Organization').id = 'SE2321000016-1000';
      entriesOf(bundle)[4]!.fullUrl = 'https://bryggan.example/fhir/Organization/SE2321000016-1000';
    },
  ],
  [
    'a location beside',
    (_r, bundle) => {
      entriesOf(bundle).push({
        fullUrl: 'https://bryggan.example/fhir/Location/w',
        resource: { resourceType: 'Location', id: 'w', name: WARD },
      });
    },
  ],
  ['the name of the source', (r) => Object.assign(r('MessageHeader').source as Json, { name: WARD })],
  ['the software of the source', (r) => Object.assign(r('MessageHeader').source as Json, { software: WARD })],
  [
    'a source that is not opaque',
    (r) => Object.assign(r('MessageHeader').source as Json, { endpoint: 'urn:bryggan:sender:KS' }),
  ],
  ['an author', add('MessageHeader', { author: { display: 'Dr Andersson' } })],
  ['a reason in the header', add('MessageHeader', { reason: coded('Feber') })],
  ['the name of the destination', (r) => Object.assign((r('MessageHeader').destination as Json[])[0]!, { name: WARD })],
  [
    'the desk in the destination',
    (r) => Object.assign((r('MessageHeader').destination as Json[])[0]!, { endpoint: 'mailto:bistand@example.se' }),
  ],
  [
    'a display of the receiver',
    (r) => Object.assign((r('MessageHeader').destination as { receiver: Json }[])[0]!.receiver, { display: WARD }),
  ],
  ['a reason of the Provenance', add('Provenance', { reason: [coded('Feber')] })],
  ['a place of the Provenance', add('Provenance', { location: { display: WARD } })],
  [
    'the agent of the Provenance',
    (r) => Object.assign((r('Provenance').agent as { who: Json }[])[0]!.who, { display: WARD }),
  ],
  ['on behalf of whom', (r) => Object.assign((r('Provenance').agent as Json[])[0]!, { onBehalfOf: { display: WARD } })],
  [
    'an identifier of the message',
    (_r, bundle) => Object.assign(bundle, { identifier: { system: 'https://example.org/numbers', value: 'KS-1' } }),
  ],
  [
    'a signature',
    (_r, bundle) =>
      Object.assign(bundle, {
        signature: {
          type: [{ system: 'urn:iso-astm:E1762-95:2013', code: '1.2.840.10065.1.12.1.1' }],
          when: '2026-05-10T14:00:00+02:00',
          who: { display: WARD },
        },
      }),
  ],
  [
    'a link of an entry',
    (_r, bundle) => Object.assign(entriesOf(bundle)[0]!, { link: [{ relation: 'self', url: 'urn:avd:11' }] }),
  ],
  ['no identity', (r) => delete r('Patient').identifier],
];

function dropProfile(resource: Json): void {
  const { profile, ...meta } = (resource.meta ?? {}) as Json;
  if (profile === undefined) return;
  if (Object.keys(meta).length === 0) delete resource.meta;
  else resource.meta = meta;
}

/** The profile of the whole message has to hold also where the parts no longer say which profile they obey. */
const withoutPartProfiles = (change: Change): Change => {
  return (resource, bundle) => {
    change(resource, bundle);
    for (const entry of entriesOf(bundle)) dropProfile(entry.resource);
  };
};

/** Base R4 alone. */
const withoutProfiles = (change: Change): Change => {
  return (resource, bundle) => {
    if (Array.isArray(bundle.entry)) withoutPartProfiles(change)(resource, bundle);
    else change(resource, bundle);
    dropProfile(bundle);
  };
};

const OTHER_KINDS: readonly (readonly [string, string, Change])[] = [
  ['but', 'an address in a BUT', add('Patient', { address: [{ line: ['Storgatan 1'] }] })],
  [
    'uts',
    'a planned end in a UTS',
    add('Encounter', {
      extension: [
        {
          url: 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate',
          valueDateTime: '2026-05-10',
        },
      ],
    }),
  ],
  ['ins-withdrawn', 'a reason in a withdrawn INS', add('Communication', { statusReason: coded('Avliden') })],
  ['ins-withdrawn', 'a death in a withdrawn INS', add('Patient', { deceasedBoolean: true })],
  [
    'ins-withdrawn',
    'the planned end in a withdrawn INS',
    add('Encounter', {
      extension: [
        {
          url: 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate',
          valueDateTime: '2026-05-10',
        },
      ],
    }),
  ],
  [
    'info-withdrawn',
    'the text in a withdrawn INFO',
    add('Communication', { payload: [{ contentString: 'Rullator' }] }),
  ],
  [
    'ins-protected',
    'an address of a protected person',
    (r) => {
      r('Patient').address = [{ line: ['Storgatan 1'] }];
    },
  ],
  ['home', 'an address to home care', add('Patient', { address: [{ line: ['Storgatan 1'] }] })],
  ['home', 'a reason to home care', add('Communication', { reasonCode: [coded('Feber')] })],
  ['home', 'when the stay ended to home care', add('Encounter', { period: { end: '2026-05-14T11:00:00+02:00' } })],
  [
    'home',
    'a need to home care',
    (r) =>
      (r('Communication').extension as Json[]).push({
        url: 'https://bryggan.example/fhir/StructureDefinition/recipient-need',
        valueCode: 'SOC',
      }),
  ],
  ['receipt', 'a person in a receipt', (_r, bundle) => Object.assign(bundle, { subject: { reference: 'Patient/1' } })],
  [
    'deviation',
    'a person in a deviation',
    (_r, bundle) => Object.assign(bundle, { patient: { reference: 'Patient/1' } }),
  ],
  ['deviation', 'a free text in a deviation', (_r, bundle) => Object.assign(bundle, { detail: 'Tolvan Tolvansson' })],
  ['task', 'a person in a Task', (_r, bundle) => Object.assign(bundle, { for: { reference: 'Patient/1' } })],
  ['ins-withdrawn', 'an address in a withdrawn INS', add('Patient', { address: [{ line: ['Storgatan 1'] }] })],
  [
    'uts-withdrawn-protected',
    'an address of one who became protected later',
    add('Patient', { address: [{ line: ['Storgatan 1'] }] }),
  ],
  ['event-protected', 'an event whose label is lost on one resource', (r) => delete r('Encounter').meta],
  ['event-protected-visit', 'an event of a protected visit whose label is lost', (r) => delete r('Patient').meta],
  [
    'ins',
    'a need of open care before a board',
    (r) => {
      const [, need] = r('Communication').extension as Json[];
      need!.valueCode = 'ROV';
    },
  ],
  [
    'info',
    'information for open care before a board',
    (r) => {
      const [, scope] = r('Communication').extension as Json[];
      scope!.valueCode = 'ROV';
    },
  ],
  ['answer', 'a person in an answer', add('Communication', { subject: { reference: 'Patient/1' } })],
  [
    'answer',
    'a text in an answer that has none',
    add('Communication', { payload: [{ contentString: 'Känd sedan länge' }] }),
  ],
  ['answer', 'a note in an answer', add('Communication', { note: [{ text: 'Känd sedan länge' }] })],
  ['answer', 'the ward in an answer', add('Encounter', { location: [{ location: { display: WARD } }] })],
  [
    'answer',
    'an answer without its ground',
    (r) => {
      const answer = r('Communication');
      answer.extension = (answer.extension as Json[]).filter(({ url }) => !String(url).endsWith('/disclosure-basis'));
    },
  ],
  [
    'answer',
    'a reason in a free answer',
    (r) => {
      for (const coding of [
        r('MessageHeader').eventCoding,
        (r('Communication').category as { coding: Json[] }[])[0]!.coding[0],
      ])
        Object.assign(coding as Json, { code: 'KVI' });
    },
  ],
  [
    'event',
    'an event that does not say what it does to the stay',
    (r) => {
      const header = r('MessageHeader');
      header.extension = (header.extension as Json[]).filter(({ url }) => !String(url).endsWith('/event-course'));
    },
  ],
];

const ROWS: readonly (readonly [string, string, Change])[] = [
  ...LEAKS.map(([name, change]) => ['ins', name, change] as const),
  ...LEAKS.map(
    ([name, change]) => ['ins', `${name}, profiles of the parts removed`, withoutPartProfiles(change)] as const,
  ),
  ...OTHER_KINDS,
];

/** What base R4 refuses by itself, so that these rows prove less; all others are our profiles' doing. */
const REFUSED_BY_R4 = ['an extension that nobody defined', 'an extension on an element'];

describe('the profiles', () => {
  let errors: readonly Issue[] = [];
  const refused = (name: string) => errors.filter((error) => error.name === name);

  beforeAll(async () => {
    const named: Named[] = ROWS.flatMap(([of, name, change]) => [
      { name, resource: changed(of, change) },
      { name: `R4: ${name}`, resource: changed(of, withoutProfiles(change)) },
    ]);
    const untouched = { name: 'untouched', resource: example('ins') };
    const bare = {
      name: 'bare',
      resource: changed(
        'ins',
        withoutPartProfiles(() => undefined),
      ),
    };
    errors = errorsIn(await validateAll([untouched, bare, ...named]));
  });

  it('let an INS through as the builders write it', () => {
    expect([...refused('untouched'), ...refused('bare')]).toEqual([]);
  });

  it.each(ROWS.map(([of, name]) => [name, of]))('refuse %s (%s)', (name) => {
    expect(refused(name)).not.toEqual([]);
  });

  it('are what refuses: base R4 would have let it through', () => {
    const byR4 = ROWS.map(([, name]) => name).filter((name) => refused(`R4: ${name}`).length > 0);
    expect(byR4.filter((name) => !REFUSED_BY_R4.some((known) => name.startsWith(known)))).toEqual([]);
  });
});
