import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { INCOMING_EXAMPLES } from '../../definitions/incoming-examples.ts';
import { observation, wardMessage } from '../../definitions/incoming-message.ts';
import { EXTENSION, IDENTIFIER_SYSTEM } from '../addresses.ts';
import { changed, faultsOf, findings, read, words } from './reading.fixture.ts';

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

  it.each<[string, object, object]>([
    ['is of use old', { use: 'old' }, { use: 'home' }],
    ['ended', { period: { end: '2026-04' } }, { period: { start: '2026-04' } }],
    ['begins later', { period: { start: '2026-06-01' } }, { period: { end: '2026-05-31T23:00:00+02:00' } }],
  ])('has the address and the name that hold: the first %s', (_, first, second) => {
    const message = changed(NEED, ({ Patient: p }) => {
      const [registered] = p!.address as [{ extension: [object, { valueCoding: object }] }];
      const of = (code: string, more: object) => ({
        extension: [registered.extension[0], { ...registered.extension[1], valueCoding: { code } }],
        ...more,
      });
      const temporary = (code: string, { period }: { period?: object }) => ({
        ...of(code, { use: 'temp', ...(period ? { period } : { period: { end: '2020' } }) }),
        extension: [{ ...registered.extension[1], valueCoding: { code } }],
      });
      p!.address = [of('0180', first), of('0184', second), temporary('0126', first)];
      p!.name = [
        { family: 'Då', ...first },
        { family: 'Nu', ...second, use: undefined },
      ];
    });
    expect(words(message).patient).toMatchObject({ name: { family: 'Nu' }, address: { municipality: '0184' } });
    expect(words(message).patient).not.toHaveProperty('stayingIn');
  });

  it('has its own Provenance by its whole id, whichever target names it, and its own Communication in whichever focus', () => {
    const message = changed(NEED, ({ MessageHeader: m, Provenance: p }) => {
      (m!.focus as object[]).unshift({ reference: 'Encounter/stay' });
      Object.assign(p!, { occurredDateTime: '2026-05-10T13:00:00+02:00' });
      (p!.target as object[]).unshift({ reference: 'Communication/communication-m1' });
    });
    const older = {
      resourceType: 'Provenance',
      target: [{ reference: 'MessageHeader/am1' }],
      occurredDateTime: '2026',
    };
    message.entry?.splice(1, 0, { resource: older });
    expect(words(message).occurred?.iso).toBe('2026-05-10T13:00:00+02:00');
  });

  it.each<[string, string, object]>([
    [
      'Encounter.hospitalization',
      'hospitalization.modifierExtension',
      { hospitalization: { modifierExtension: [{}] } },
    ],
    ['Observation', 'component[0].modifierExtension', { component: [{ modifierExtension: [{}] }] }],
  ])('is refused with a modifier in a part of %s', (type, place, part) => {
    const message = changed(NEED, (resources) => Object.assign(resources[type.split('.')[0] ?? '']!, part));
    expect(faultsOf(message)).toEqual([expect.stringMatching(`^fhir-value .*${place.replace(/[[\]]/g, '\\$&')}$`)]);
  });

  it('is refused with two values of one fact', () => {
    const both = changed(NEED, ({ Observation: o }) => (o!.valueString = 'NONE'));
    expect(faultsOf(both)).toContainEqual(expect.stringMatching(/^fhir-repeated .*valueCodeableConcept$/));
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
