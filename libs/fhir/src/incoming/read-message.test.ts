import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { INCOMING_EXAMPLES, wrongExample } from '../../definitions/incoming-examples.ts';
import { observation, TOLD_NOTICE, TOLD_STAY, wardMessage } from '../../definitions/incoming-message.ts';
import { IDENTIFIER_SYSTEM } from '../addresses.ts';
import { INCOMING_KINDS } from './kinds.ts';
import { readIncoming } from './read-message.ts';
import { changed, faultsOf, findings, read, words } from './reading.fixture.ts';

const CODES = [...INCOMING_KINDS.keys()];

describe('every kind of notice', () => {
  it('has an example', () => expect([...INCOMING_EXAMPLES.keys()].sort()).toEqual([...CODES].sort()));

  it.each(CODES)('%s is read, and says nothing wrong', (code) => {
    expect(faultsOf(INCOMING_EXAMPLES.get(code))).toEqual([]);
    expect(findings(INCOMING_EXAMPLES.get(code))).toEqual([]);
    expect(read(INCOMING_EXAMPLES.get(code)).header).toMatchObject({
      code,
      messageId: `example-${code.toLowerCase()}`,
    });
  });

  it.each(CODES)('%s without what it is for is refused, and the place says where', (code) => {
    expect(faultsOf(wrongExample(code))).toEqual([expect.stringMatching(/^fhir-missing Bundle\.entry/)]);
  });
});

describe('the habits of other systems', () => {
  const NEED = wardMessage({ id: 'm1', code: 'NEED', sender: 'KS', facts: [observation('NEED', ['SOC'])] });
  const rewritten = (pattern: RegExp, by: string): unknown => JSON.parse(JSON.stringify(NEED).replaceAll(pattern, by));
  const ofType = (type: string): Record<string, unknown> => {
    const found = NEED.entry?.find(({ resource }) => resource?.resourceType === type)?.resource;
    return structuredClone(found ?? {});
  };
  const [ward, observed] = [ofType('Organization'), ofType('Observation')];

  it.each<[string, unknown]>([
    ['absolute references', rewritten(/"reference":"/g, '"reference":"https://ehr.example/fhir/')],
    ['references to a version', rewritten(/"reference":"((?!Message)[A-Z][^"]+)"/g, '"reference":"$1/_history/3"')],
    ['no fullUrl', rewritten(/"fullUrl":"[^"]*",/g, '')],
    [
      'numbers by their OID',
      rewritten(/http:\/\/electronichealth.se\/identifier\/personnummer/g, 'urn:oid:1.2.752.129.2.1.3.1'),
    ],
    [
      'a contained ward',
      changed(NEED, ({ Encounter, Organization }) => {
        Object.assign(Encounter ?? {}, { contained: [ward], serviceProvider: { reference: '#ward' } });
        Object.assign(Organization ?? {}, { id: 'another', identifier: [] });
      }),
    ],
    [
      'names and numbers that the person had before',
      changed(NEED, ({ Patient }) => {
        const { name, identifier } = ofType('Patient') as { name: object[]; identifier: object[] };
        const old = { system: IDENTIFIER_SYSTEM.personnummer, value: '189001019802', use: 'old' };
        Object.assign(Patient ?? {}, {
          name: [{ use: 'old', family: 'Annan' }, ...name],
          identifier: [old, ...identifier],
        });
      }),
    ],
  ])('%s are read as any other', (_, message) => {
    const { encounter, identities, patient } = words(NEED);
    expect(words(message)).toMatchObject({ encounter, patient, identities });
    expect(findings(message)).toEqual([]);
  });

  it.each<[string, string, object]>([
    [
      'fhir-value',
      'Bundle.entry[5].resource.modifierExtension',
      { modifierExtension: [{ url: 'x', valueBoolean: true }] },
    ],
    ['fhir-value', 'Bundle.entry[5].resource.implicitRules', { implicitRules: 'https://x.example/rules' }],
  ])('%s %s: what changes a meaning and is not known is refused', (rule, place, more) => {
    const message = changed(NEED, ({ Observation }) => void Object.assign(Observation ?? {}, more));
    expect(faultsOf(message)).toEqual([`${rule} ${place}`]);
  });

  it('two entries of one fullUrl: nobody can tell which is meant (bdl-7)', () => {
    const [entry] = NEED.entry?.filter(({ resource }) => resource?.resourceType === 'Observation') ?? [];
    const twice = { ...NEED, entry: [...(NEED.entry ?? []), { ...entry, resource: observed }] };
    expect(faultsOf(twice)).toEqual([`fhir-repeated Bundle.entry[${twice.entry.length - 1}].fullUrl`]);
  });

  it.each<[string, string | undefined, string[]]>([
    ['ACUTE', 'IMP', []],
    ['HH', 'OTHER', []],
    ['I', undefined, ['unstated fhir-code Bundle.entry[3].resource.class.code']],
    ['constructor', undefined, ['unstated fhir-code Bundle.entry[3].resource.class.code']],
  ])('class %s is read as %s', (code, expected, told) => {
    const message = changed(NEED, ({ Encounter }) => void Object.assign(Encounter ?? {}, { class: { code } }));
    expect(words(message)).toMatchObject({ encounter: expected === undefined ? {} : { class: expected } });
    expect('class' in words(message).encounter).toBe(expected !== undefined);
    expect(findings(message)).toEqual(told);
  });

  it('a ward that is named and not known by an HSA-id is told', () => {
    const message = changed(
      NEED,
      ({ Encounter }) => void Object.assign(Encounter ?? {}, { serviceProvider: { display: 'Avd 11' } }),
    );
    expect(words(message).encounter).not.toHaveProperty('ward');
    expect(findings(message)).toEqual(['unstated bad-hsa-id Bundle.entry[3].resource.serviceProvider']);
  });
});

describe('a message of a party', () => {
  it.each([
    ['KVI', {}],
    ['RET', { reason: 'NOT-REGISTERED-HERE', rightParty: '0182' }],
    ['OBSTACLE', { exists: 'unknown' }],
    ['FOUND', { where: 'home' }],
    ['QUERY', { text: 'Behövs rullator?', grounds: ['CONSENT'] }],
    ['ANSWER', { text: 'Ja.', question: TOLD_NOTICE, grounds: ['CONSENT'] }],
    [
      'FVK',
      {
        confirmed: true,
        contact: {
          name: 'Test Testsson',
          role: 'Distriktssköterska',
          unit: 'Exempelmottagningen',
          telephone: '08-0000000',
        },
      },
    ],
    ['SIP-CALL', { invited: ['0184'], at: '2026-05-15T10:00:00+02:00', text: 'Planering på avdelningen.' }],
  ])('%s says what the JSON reply says', (code, said) => {
    const { words: party } = read(INCOMING_EXAMPLES.get(code));
    const base = { code, stay: TOLD_STAY, about: TOLD_NOTICE, sent: '2026-05-10T15:00:00+02:00' };
    expect(party).toMatchObject({ from: 'party', answer: { ...base, ...said } });
  });
});

describe('anything else', () => {
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'fhir-not-message'],
    ['a list', [], 'fhir-not-message'],
    ['a Patient', { resourceType: 'Patient' }, 'fhir-not-message'],
    ['a transaction', { resourceType: 'Bundle', type: 'transaction' }, 'fhir-not-message'],
    [
      'no header',
      { resourceType: 'Bundle', type: 'message', entry: [{ resource: { resourceType: 'Patient' } }] },
      'fhir-not-message',
    ],
    [
      '10 000 entries',
      { resourceType: 'Bundle', type: 'message', entry: Array.from({ length: 10_000 }, () => ({})) },
      'fhir-too-many-entries',
    ],
    ['an unknown event', wardMessage({ id: 'm1', code: 'ADMIT', sender: 'KS' }), 'fhir-event-unknown'],
    ['an event of the language', wardMessage({ id: 'm1', code: 'constructor', sender: 'KS' }), 'fhir-event-unknown'],
  ])('%s is refused', (_what, value, rule) => expect(faultsOf(value)[0]).toMatch(new RegExp(`^${rule} `)));

  it('is never thrown over: whatever stands wherever in a message', () => {
    const leaf = fc.oneof(
      fc.constant(null),
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant([]),
      fc.constant({}),
      fc.constant([null]),
      fc.constant({ extension: 'x', coding: [7] }),
    );
    const text = JSON.stringify(INCOMING_EXAMPLES.get('UTS'));
    const paths: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]): void => {
      if (path.length > 0) paths.push(path);
      if (typeof value === 'object' && value !== null)
        for (const [name, below] of Object.entries(value)) walk(below, [...path, name]);
    };
    walk(JSON.parse(text), []);
    fc.assert(
      fc.property(fc.constantFrom(...paths), leaf, (path, value) => {
        const bundle = JSON.parse(text) as Record<string, unknown>;
        let at: Record<string, unknown> = bundle;
        for (const step of path.slice(0, -1)) at = at[step] as Record<string, unknown>;
        at[String(path.at(-1))] = value;
        const reading = readIncoming(bundle);
        if (!reading.ok) expect(reading.faults.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});
