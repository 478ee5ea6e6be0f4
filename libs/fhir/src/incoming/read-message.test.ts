import { describe, expect, it } from '@jest/globals';
import type { Bundle } from 'fhir/r4.js';
import fc from 'fast-check';
import { INCOMING_EXAMPLES, wrongExample } from '../../definitions/incoming-examples.ts';
import { observation, TOLD_NOTICE, TOLD_STAY, wardMessage } from '../../definitions/incoming-message.ts';
import { EXTENSION, IDENTIFIER_SYSTEM } from '../addresses.ts';
import { INCOMING_KINDS } from './kinds.ts';
import type { IncomingMessage, WardWords } from './message.ts';
import { readIncoming } from './read-message.ts';

const CODES = [...INCOMING_KINDS.keys()];
const faultsOf = (value: unknown): string[] => {
  const reading = readIncoming(value);
  return reading.ok ? [] : reading.faults.map(({ rule, place }) => `${rule} ${place}`);
};
function read(value: unknown): IncomingMessage {
  const reading = readIncoming(value);
  if (!reading.ok) throw new Error(faultsOf(value).join('\n'));
  return reading.message;
}
function words(value: unknown): WardWords {
  const message = read(value);
  if (message.words.from !== 'ward') throw new Error('no ward');
  return message.words;
}
const findings = (value: unknown) => read(value).findings.map(({ grade, rule, place }) => `${grade} ${rule} ${place}`);

/** A copy in which something has been written otherwise. */
function changed(bundle: Bundle, change: (resources: Record<string, Record<string, unknown>>) => void): Bundle {
  const copy = structuredClone(bundle);
  const resources = Object.fromEntries(
    (copy.entry ?? []).map(({ resource }) => [resource?.resourceType ?? '', resource]),
  );
  change(resources as never);
  return copy;
}

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

describe('a message of a ward', () => {
  const NEED = wardMessage({ id: 'm1', code: 'NEED', sender: 'KS', facts: [observation('NEED', ['ROV', 'SOC'])] });

  it('says person, stay and facts as every way in says them', () => {
    expect(words(NEED)).toMatchObject({
      visitId: 'V-1',
      identities: [{ type: 'personnummer', value: '191212121212' }],
      patient: {
        name: { family: 'Tolvansson', given: ['Tolvan'] },
        birthDate: '1912-12-12',
        address: { lines: ['Exempelgatan 1'], postalCode: '16900', city: 'Solna', municipality: '0184' },
        listedClinic: 'SE2321000016-2001',
      },
      encounter: { class: 'IMP', ward: 'SE2321000016-1001', start: { iso: '2026-05-10T14:00:00+02:00' } },
      facts: [{ code: 'NEED', values: ['SOC', 'ROV'], status: 'F', at: Date.parse('2026-05-10T15:00:00+02:00') }],
      course: 'update',
    });
  });

  it.each<[string, string, string, boolean]>([
    ['inpatient care days ahead', 'IMP', '2026-05-12T14:00:00+02:00', false],
    ['inpatient care on a day to come', 'ACUTE', '2026-05-12', false],
    ['inpatient care within what a clock may be off', 'IMP', '2026-05-10T17:00:00+02:00', true],
    ['a planned visit', 'PRENC', '2026-05-12T14:00:00+02:00', true],
    ['an outpatient visit', 'AMB', '2026-05-12T14:00:00+02:00', true],
  ])('believes a start of %s as HL7 v2 does', (_, code, start, isBelieved) => {
    const message = changed(NEED, ({ Encounter }) => Object.assign(Encounter!, { class: { code }, period: { start } }));
    expect(words(message).encounter.start?.iso).toBe(isBelieved ? start : undefined);
    const told = /^unstated admission-after-message Bundle\.entry\[\d\]\.resource\.period\.start$/;
    expect(findings(message)).toEqual(isBelieved ? [] : [expect.stringMatching(told)]);
  });

  const LABEL = { system: 'http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel', code: 'sekretessmarkering' };
  const DEMO = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'DEMO' };
  it.each(['MessageHeader', 'Communication', 'Encounter', 'Observation'])(
    'is protected by a label on its %s',
    (type) => {
      const message = changed(NEED, (resources) => Object.assign(resources[type]!, { meta: { security: [LABEL] } }));
      expect(words(message).encounter.protection).toBe('sekretessmarkering');
    },
  );

  it('is protected by a label on the Bundle, and the person by a label of all demographic data alone, or of no kind', () => {
    expect(words({ ...NEED, meta: { security: [LABEL] } }).encounter.protection).toBe('sekretessmarkering');
    const labelled = (...security: object[]) =>
      words(changed(NEED, ({ Patient }) => Object.assign(Patient!, { meta: { security } }))).patient.protection;
    expect(labelled(DEMO)).toBe('unknown');
    expect(labelled(DEMO, LABEL)).toBe('sekretessmarkering');
    expect(labelled({ ...LABEL, code: 'constructor' })).toBe('unknown');
    expect(labelled({ ...DEMO, code: 'PSY' })).toBeUndefined();
  });

  type Change = (resources: Record<string, Record<string, unknown>>) => void;
  it.each<[string, Change, string]>([
    ['a class as a list, as R5 has it', ({ Encounter: e }) => (e!.class = [e!.class]), 'fhir-value Encounter.class'],
    ['a text for a period', ({ Encounter: e }) => (e!.period = '2026'), 'fhir-value Encounter.period'],
    ['a code for a concept', ({ Observation: o }) => (o!.code = 'NEED'), 'fhir-value Observation.code'],
    ['a visit that was cancelled', ({ Encounter: e }) => (e!.status = 'cancelled'), 'fhir-code Encounter.status'],
    ['a visit that never was', ({ Encounter: e }) => (e!.status = 'entered-in-error'), 'fhir-code Encounter.status'],
    ['a draft', ({ Communication: c }) => (c!.status = 'preparation'), 'fhir-code Communication.status'],
    [
      'a fact of another',
      ({ Observation: o }) => (o!.subject = { reference: 'Patient/x' }),
      'fhir-reference Observation.subject',
    ],
    [
      'a fact of another visit',
      ({ Observation: o }) => (o!.encounter = { reference: 'Encounter/x' }),
      'fhir-reference Observation.encounter',
    ],
  ])('is refused with %s', (_, change, expected) => {
    const places = faultsOf(changed(NEED, change)).map((told) =>
      told.replace(
        /Bundle\.entry\[(\d)\]\.resource/,
        (_all, at: string) => NEED.entry?.[Number(at)]?.resource?.resourceType ?? '',
      ),
    );
    expect(places).toContain(expected);
  });

  it('is read with another category before ours, and with a fact whose person stands in no reference', () => {
    const other = changed(NEED, ({ Communication: c, Observation: o }) => {
      (c!.category as object[]).unshift({ coding: [{ system: 'urn:x', code: 'y' }] });
      o!.subject = { identifier: { value: '191212121212' } };
    });
    expect([faultsOf(other), findings(other)]).toEqual([[], []]);
  });

  it('says when a fact holds from by an instant as by a dateTime; an interval counts as unstated', () => {
    const at = '2026-05-10T14:30:00+02:00';
    const timed = (time: object) => changed(NEED, ({ Observation: o }) => Object.assign(o!, time));
    expect(words(timed({ effectiveInstant: at })).facts[0]).toMatchObject({ at: Date.parse(at), stated: at });
    expect(words(timed({ effectivePeriod: { start: at } })).facts[0]).not.toHaveProperty('stated');
    expect(findings(timed({ effectivePeriod: { start: at } }))).toEqual([
      expect.stringMatching(/^unstated fhir-value .*effectivePeriod$/),
    ]);
  });

  it('has the clinic by whichever reference names one, and tells of one that names none', () => {
    const listed = (generalPractitioner: object[]) =>
      changed(NEED, ({ Patient: p }) => Object.assign(p!, { generalPractitioner }));
    const clinic = { identifier: { system: IDENTIFIER_SYSTEM.hsa, value: 'SE2321000016-2002' } };
    expect(words(listed([{ reference: 'Practitioner/1' }, clinic])).patient.listedClinic).toBe('SE2321000016-2002');
    // The one Organization of the message is the ward; it serves as well to show that a reference is followed.
    expect(words(listed([{ reference: 'Organization/ward' }])).patient.listedClinic).toBe('SE2321000016-1001');
    expect(findings(listed([{ display: 'Vårdcentralen' }]))).toEqual([
      expect.stringMatching(/^unstated bad-hsa-id .*generalPractitioner\[0\]$/),
    ]);
  });

  it('tells of times that contradict each other, and of a number whose register nobody names', () => {
    const planned = { url: EXTENSION.plannedEndDate, valueDateTime: '2026-05-01' };
    expect(findings(changed(NEED, ({ Encounter: e }) => (e!.extension = [planned])))).toEqual([
      expect.stringMatching(/^flagged implausible-order .*extension\[0\]$/),
    ]);
    const ahead = changed(INCOMING_EXAMPLES.get('UTS')!, ({ Encounter: e }) =>
      Object.assign(e!.period as object, { end: '2027-05-01' }),
    );
    expect(findings(ahead)).toEqual([expect.stringMatching(/^flagged discharge-after-message .*period\.end$/)]);
    const later = changed(NEED, ({ Provenance: p }) => Object.assign(p!, { occurredDateTime: '2027-05-01' }));
    expect(findings(later)).toEqual([expect.stringMatching(/^flagged event-after-message .*occurredDateTime$/)]);
    const bare = changed(NEED, ({ Patient: p }) => (p!.identifier = [{ value: '191212121212' }]));
    expect(findings(bare)).toEqual([expect.stringMatching(/^flagged fhir-missing .*identifier\[0\]\.system$/)]);
  });

  it.each(['0001-01-01', '9999-12-31T23:59:59Z'])('has no time that stands for none: %s', (start) => {
    const message = changed(NEED, ({ Encounter }) => Object.assign(Encounter!, { period: { start } }));
    expect(faultsOf(message)).toEqual([expect.stringMatching(/^fhir-value .*period\.start$/)]);
  });

  it.each<[string, 'revision' | 'removal' | undefined, string]>([
    ['UTS', undefined, 'discharge'],
    ['UTS', 'revision', 'update'],
    ['UTS', 'removal', 'cancel-discharge'],
    ['TRANSFER', 'removal', 'cancel-discharge'],
    ['BUT', 'revision', 'planned-end'],
    ['BUT', 'removal', 'cancel-planned-end'],
    ['LEAVE-START', 'removal', 'leave-end'],
    ['LEAVE-END', 'removal', 'leave-start'],
    ['DECEASED', 'removal', 'update'],
  ])('%s, %s, is the course %s', (code, role, course) => {
    const bundle = changed(INCOMING_EXAMPLES.get(code)!, ({ Communication, Provenance }) => {
      if (role === 'removal') Communication!['status'] = 'entered-in-error';
      if (role) Provenance!['entity'] = [{ role, what: { reference: 'MessageHeader/before' } }];
    });
    expect(words(bundle).course).toBe(course);
    if (role) expect(read(bundle).header.link).toMatchObject({ role, previous: 'before' });
  });

  it('a death that is taken back is said to be none, and a discharge that is taken back says no end', () => {
    const taken = (code: string) =>
      changed(INCOMING_EXAMPLES.get(code)!, ({ Communication, Provenance }) => {
        Communication!['status'] = 'entered-in-error';
        Provenance!['entity'] = [
          { role: 'removal', what: { reference: 'urn:uuid:00000051-0000-8000-8000-000000000001' } },
        ];
      });
    expect(words(taken('DECEASED')).patient.deceased).toBe(false);
    expect(words(taken('UTS')).encounter).not.toHaveProperty('end');
  });

  it.each<[string, object, string[]]>([
    ['a correction that corrects no fact', { corrects: { role: 'revision', previous: 'm0' } }, ['fhir-correction']],
    ['a removal that takes no fact away', { corrects: { role: 'removal', previous: 'm0' } }, ['fhir-correction']],
    [
      'a first statement that only corrects',
      { facts: [observation('NEED', ['SOC'], { status: 'corrected' })] },
      ['fhir-correction'],
    ],
    ['an unknown value', { facts: [observation('NEED', ['SOCIAL'])] }, ['fhir-code', 'fhir-missing']],
    [
      'an unknown fact',
      {
        facts: [
          {
            ...observation('NEED', ['SOC']),
            code: { coding: [{ system: 'https://bryggan.example/fhir/CodeSystem/fact', code: 'NEEDS' }] },
          },
        ],
      },
      ['fhir-code', 'fhir-missing'],
    ],
    [
      'an unknown scope',
      { facts: [observation('NEED', ['SOC']), observation('CONSENT', ['Y'], {}, ['REGION' as never])] },
      ['fhir-code'],
    ],
    [
      'two consents of one time',
      {
        facts: [
          observation('NEED', ['SOC']),
          observation('CONSENT', ['Y']),
          observation('CONSENT', ['N'], { id: 'no' }),
        ],
      },
      ['contradicting-facts'],
    ],
    [
      'a time that does not exist',
      { facts: [observation('NEED', ['SOC'], { effectiveDateTime: '2026-02-30' })] },
      ['fhir-value'],
    ],
    ['no visit', { encounter: { identifier: [] } }, ['fhir-missing']],
    ['another category', { communication: { category: [{ coding: [{ system: 'x', code: 'NEED' }] }] } }, ['fhir-code']],
    ['another person', { communication: { subject: { reference: 'Patient/other' } } }, ['fhir-reference']],
    ['two persons', { more: [{ resourceType: 'Patient', id: 'p2' }] }, ['fhir-repeated']],
    ['a status that is none', { communication: { status: 'in-progress' } }, ['fhir-code']],
    ['a timestamp without an hour', { sent: '2026-05-10' }, ['fhir-value']],
    ['an id that is none', { id: 'a b' }, ['fhir-value', 'fhir-value']],
  ])('%s is refused', (_what, more, expected) => {
    const example = { id: 'm1', code: 'NEED', sender: 'KS', facts: [observation('NEED', ['SOC'])], ...more };
    const faults = faultsOf(wardMessage(example));
    expect(faults.map((text) => text.split(' ')[0])).toEqual(expected);
  });

  it('how certain a co-ordination number is; a code that nobody knows is a note, and on another number it says nothing', () => {
    const { samordningsnummer, personnummer } = IDENTIFIER_SYSTEM;
    const certain = (system: string, valueCode: string) =>
      changed(NEED, ({ Patient }) => {
        const extension = [{ url: EXTENSION.identityCertainty, valueCode }];
        const value = system === samordningsnummer ? '196109732393' : '191212121212';
        Patient!['identifier'] = [{ extension, system, value }];
      });
    const said = (system: string, code: string) => words(certain(system, code)).identities[0].certainty;
    expect(said(samordningsnummer, 'styrkt')).toBe('styrkt');
    expect(said(personnummer, 'styrkt')).toBeUndefined();
    expect(said(samordningsnummer, 'kanske')).toBeUndefined();
    expect(findings(certain(samordningsnummer, 'kanske'))).toEqual([
      expect.stringMatching(/^noted fhir-code .*identifier\[0\]\.extension\[0\]\.valueCode$/),
    ]);
  });

  it('what no notice needs is left out and told; what one needs counts as unstated (SAL-2, SAL-3)', () => {
    const bundle = changed(NEED, ({ Patient, Encounter }) => {
      Patient!['birthDate'] = '12/12 1912';
      Patient!['name'] = [{ family: ['Tolvansson'] }];
      Patient!['telecom'] = 'no list';
      Encounter!['hospitalization'] = {
        dischargeDisposition: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/discharge-disposition', code: 'moon' }],
        },
      };
    });
    expect(findings(bundle)).toEqual([
      'flagged fhir-code Bundle.entry[3].resource.hospitalization.dischargeDisposition',
      'unstated fhir-value Bundle.entry[2].resource.name[0].family',
      'noted fhir-value Bundle.entry[2].resource.birthDate',
    ]);
    expect(words(bundle)).toMatchObject({ encounter: { leaving: 'home' } });
  });

  it('a fact of tomorrow holds from when it was sent, a day to its end, and its own words name it (DEC-19, DEC-21)', () => {
    const of = (effectiveDateTime: string) => {
      const facts = [observation('NEED', ['SOC'], { effectiveDateTime })];
      return words(wardMessage({ id: 'm1', code: 'NEED', sender: 'KS', facts })).facts[0];
    };
    expect(of('2026-05-11T08:00:00+02:00')).toMatchObject({
      at: Date.parse('2026-05-10T15:00+02:00'),
      stated: '2026-05-11T08:00:00+02:00',
    });
    expect(of('2026-05-09')).toMatchObject({ at: Date.parse('2026-05-10T00:00+02:00') - 1, stated: '2026-05-09' });
  });

  it('the order of entries, but for the first, changes nothing', () => {
    const facts = [observation('NEED', ['SOC']), observation('CONSENT', ['Y']), observation('CARETYPE', ['SOM'])];
    const [head, ...rest] = wardMessage({ id: 'm1', code: 'NEED', sender: 'KS', facts }).entry!;
    const inOrder = words({ ...NEED, entry: [head, ...rest] });
    fc.assert(
      fc.property(fc.shuffledSubarray(rest, { minLength: rest.length }), (entry) => {
        const { identities, ...read } = words({ ...NEED, entry: [head, ...entry] });
        expect(read).toEqual({ ...inOrder, identities: undefined });
        expect(identities).toHaveLength(1);
      }),
    );
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
