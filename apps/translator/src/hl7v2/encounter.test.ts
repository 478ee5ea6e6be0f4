import { describe, expect, it } from '@jest/globals';
import { adt, type AdtParts, type Fields, PNR } from '../../test/adt.ts';
import { eventOf, faultsOf, findingsOf, KS, read, stayEventOf } from '../../test/reading.ts';

const encounter = (pv1: Fields, pv2: Fields = {}) => eventOf({ pv1, pv2 }).encounter;

describe('times of the stay keep what was written', () => {
  it.each([
    ['202605101420', '2026-05-10T14:20+02:00', 'minute'],
    ['20260510142030', '2026-05-10T14:20:30+02:00', 'second'],
    ['20260510', '2026-05-10', 'day'],
    ['2026051014', '2026-05-10T14+02:00', 'hour'],
    ['20260110142030', '2026-01-10T14:20:30+01:00', 'second'],
    ['202605100720-0500', '2026-05-10T07:20-05:00', 'minute'],
  ])('PV1-44 %s', (text, iso, precision) => {
    expect(encounter({ 44: text }).start).toMatchObject({ iso, precision });
  });

  it.each([
    ['""', null],
    [undefined, undefined],
  ])('deleted is not unstated: %s', (text, expected) => {
    const stated = encounter({ 44: text, 45: text }, { 9: text });
    expect([stated.start, stated.end, stated.expectedDischarge]).toEqual([expected, expected, expected]);
  });

  it('EVN-6 fills no gap of PV1 here: the fold knows where it may', () => {
    const event = eventOf({ trigger: 'A03', evn: { 6: '20260512100000' }, pv1: { 45: undefined } });
    expect(event.encounter).not.toHaveProperty('end');
    expect(event.occurredAt?.iso).toBe('2026-05-12T10:00:00+02:00');
  });
});

describe('class', () => {
  it.each([
    ['I', 'IMP'],
    ['i', 'IMP'],
    ['E', 'EMER'],
    ['O', 'AMB'],
    ['P', 'PRENC'],
    ['R', 'OTHER'],
    ['U', 'OTHER'],
    [undefined, undefined],
    ['""', undefined],
  ])('%s', (code, expected) => {
    expect(encounter({ 2: code }).class).toBe(expected);
    expect(findingsOf({ trigger: 'A08', pv1: { 2: code } })).toEqual([]);
  });

  it.each(['X', '1', 'constructor', '__proto__'])('%s of no table is not stated, which is told', (code) => {
    expect(encounter({ 2: code })).not.toHaveProperty('class');
    expect(findingsOf({ pv1: { 2: code } })).toEqual(['unstated bad-class@PV1-2']);
  });
});

describe('ward', () => {
  it.each<[string, string | undefined, string | null | undefined, string[]]>([
    ['HSA-id', '11^^^SE2321000016-1001', 'SE2321000016-1001', []],
    ['name and HSA-id', '11^^^Avd 11&SE2321000016-1001&HSA', 'SE2321000016-1001', []],
    ['no HSA-id', '11^^^Avd 11', undefined, ['unstated bad-hsa-id@PV1-3.4']],
    ['one that the agreement does not know', '9^^^SE2321000016-9', 'SE2321000016-9', ['flagged unknown-ward@PV1-3.4']],
    ['deleted', '""', null, []],
    ['unstated', undefined, undefined, []],
  ])('%s', (_, pl, expected, findings) => {
    expect(encounter({ 3: pl }).ward).toBe(expected);
    expect(findingsOf({ pv1: { 3: pl } })).toEqual(findings);
  });
});

it('terms follow the ward', () => {
  const wards = [{ hsaId: 'SE2321000016-1001', name: 'Avdelning 11', legalForm: 'private' as const }];
  expect(eventOf({}, { wards }).terms.legalForm).toBe('private');
});

it.each([
  ['01', 'home'],
  ['02', 'transfer'],
  ['05', 'transfer'],
  ['09', 'transfer'],
  ['9', 'transfer'],
  ['07', 'against-advice'],
  ['20', 'dead'],
  ['40', 'dead'],
  ['41', 'dead'],
  ['42', 'dead'],
  ['99', 'home'],
  ['constructor', 'home'],
  ['__proto__', 'home'],
  [undefined, undefined],
])('way of leaving %s', (code, expected) => {
  expect(encounter({ 36: code }).leaving).toBe(expected);
});

it.each([
  ['code', 'SE2321000016-1200', 'SE2321000016-1200'],
  ['code and day', 'Geriatriken^20260512', 'Geriatriken'],
  ['a bare &', 'Berg & Dal', 'Berg & Dal'],
  ['deleted', '""', null],
  ['unstated', undefined, undefined],
])('receiving unit: %s', (_, text, expected) => {
  expect(encounter({ 37: text }).receivingUnit).toBe(expected);
});

it.each([
  ['R', 'R'],
  ['E^Akut', 'E'],
  ['""', undefined],
  [undefined, undefined],
])('type of admission %s', (text, expected) => {
  expect(encounter({ 4: text }).admissionType).toBe(expected);
});

it.each<[string | undefined, string | undefined, string[]]>([
  ['Y', 'unknown', []],
  ['y', 'unknown', []],
  ['J', 'unknown', ['flagged bad-indicator@PV2-22']],
  ['N', undefined, []],
  ['""', undefined, []],
  [undefined, undefined, []],
])('protection of the visit %s', (text, expected, findings) => {
  expect(encounter({}, { 22: text }).protection).toBe(expected);
  expect(findingsOf({ pv2: { 22: text } })).toEqual(findings);
});

it('a discharge before the admission stands as it was written, flagged', () => {
  const parts = { trigger: 'A03', pv1: { 45: '20260509' } };
  expect(eventOf(parts).encounter).toMatchObject({ start: { precision: 'second' }, end: { iso: '2026-05-09' } });
  expect(findingsOf(parts)).toEqual(['flagged implausible-order@PV1-45']);
  expect(findingsOf({ trigger: 'A03', pv1: { 45: '20260510' } })).toEqual([]);
});

describe('what contradicts itself is read, and told', () => {
  it.each<[string, AdtParts, string]>([
    ['a discharge expected before the admission', { pv2: { 9: '20260501' } }, 'flagged implausible-order@PV2-9'],
    [
      'a way of leaving of no table',
      { trigger: 'A03', pv1: { 36: 'EXP', 45: '202605101425' } },
      'flagged unknown-leaving@PV1-36',
    ],
    ['a discharge a week ahead', { trigger: 'A03', pv1: { 45: '20260517' } }, 'flagged discharge-after-message@PV1-45'],
    ['a registration of an inpatient', { trigger: 'A04' }, 'flagged class-differs@PV1-2'],
    ['a change to inpatient care of an outpatient', { trigger: 'A06', pv1: { 2: 'O' } }, 'flagged class-differs@PV1-2'],
    ['a change to outpatient care of an inpatient', { trigger: 'A07' }, 'flagged class-differs@PV1-2'],
  ])('%s', (_, parts, finding) => {
    expect(findingsOf(parts)).toEqual([finding]);
  });

  it.each<[string, AdtParts]>([
    ['a way of leaving that is a number', { trigger: 'A03', pv1: { 36: '1', 45: '202605101425' } }],
    ['a registration of an outpatient', { trigger: 'A04', pv1: { 2: 'E' } }],
    ['a change to inpatient care that says no class', { trigger: 'A06', pv1: { 2: undefined } }],
    ['a planned admission of an inpatient', { trigger: 'A05' }],
  ])('but not %s', (_, parts) => {
    expect(findingsOf(parts)).toEqual([]);
  });
});

const OTHER = '189001019802^^^&1.2.752.129.2.1.3.1&ISO^NI';
const withMore = (...segments: readonly string[]): string => `${adt()}${segments.join('\r')}\r`;

describe('a second patient or visit in one message', () => {
  it.each<[string, string, readonly string[]]>([
    ['another person', `PID|2||${OTHER}||Annan^Person`, ['several-patients@PID-3']],
    ['another visit', 'PV1|2|I|11||||||||||||||||V-2', ['several-visits@PV1-19']],
    ['both', `PID|2||${OTHER}\rPV1|2|I|11||||||||||||||||V-2`, ['several-visits@PV1-19', 'several-patients@PID-3']],
  ])('of %s: nobody can tell whose the rest is', (_, segments, faults) => {
    expect(faultsOf(read(withMore(segments)))).toEqual(faults);
  });

  it.each([
    ['the same person', `PID|2||${PNR}||Tolvan^Tolv`, 'PID'],
    ['the same person by another of its numbers', `PID|2||4711^^^KS^MR~${PNR}`, 'PID'],
    ['nobody', 'PID|2|||||', 'PID'],
    ['the same visit', 'PV1|2|I|12||||||||||||||||V-1001', 'PV1'],
    ['no visit', 'PV1|2|N', 'PV1'],
  ])('of %s is a note, and the first holds', (_, segment, place) => {
    const event = stayEventOf(withMore(segment));
    expect(event.findings.map(({ grade, code, place }) => `${grade} ${code}@${place}`)).toEqual([
      `noted repeated-segment@${place}`,
    ]);
    expect(event.encounter.ward).toBe('SE2321000016-1001');
  });

  it('is what a merge is made of: a group for each', () => {
    const groups = `PID|1||${PNR}\rMRG|${OTHER}\rPID|2||201212121212^^^SKV^PN\rMRG|199912319999^^^KS^MR`;
    const [head] = adt({ trigger: 'A40' }).split('\rPID');
    expect(read(`${head ?? ''}\r${groups}\r`)).toMatchObject({ kind: 'events', events: [{}, {}] });
  });
});

describe('an admission that is said before it is', () => {
  const AHEAD = '20260511143000';
  it.each<[string, AdtParts, readonly string[]]>([
    ['A01', { pv1: { 44: AHEAD } }, ['unstated admission-after-message@PV1-44']],
    ['A06', { trigger: 'A06', pv1: { 44: AHEAD } }, ['unstated admission-after-message@PV1-44']],
    [
      'A08 that says an admission by its time',
      { trigger: 'A08', pv1: { 44: AHEAD } },
      ['unstated admission-after-message@PV1-44'],
    ],
    ['A01 of a day to come', { pv1: { 44: '20260512' } }, ['unstated admission-after-message@PV1-44']],
    [
      'A01 with EVN-6 too',
      { pv1: { 44: AHEAD }, evn: { 6: AHEAD } },
      [
        'unstated admission-after-message@PV1-44',
        'unstated admission-after-message@EVN-6',
        'flagged no-admission-time@PV1-44',
      ],
    ],
  ])('%s has no time that is believed', (_, parts, findings) => {
    expect(eventOf(parts).encounter).not.toHaveProperty('start');
    expect(findingsOf(parts)).toEqual(findings);
  });

  it.each<[string, AdtParts]>([
    ['two hours ahead, as a clock of another zone', { pv1: { 44: '20260510163000' } }],
    ['tomorrow, of a planned admission (A05)', { trigger: 'A05', pv1: { 44: AHEAD } }],
    ['tomorrow, of class P', { pv1: { 2: 'P', 44: AHEAD } }],
    ['today as a day', { pv1: { 44: '20260510' } }],
    ['tomorrow, in an A08 about a visit of class P', { trigger: 'A08', pv1: { 2: 'P', 44: AHEAD } }],
  ])('stands: %s', (_, parts) => {
    expect(eventOf(parts).encounter.start).toBeDefined();
    expect(findingsOf(parts)).toEqual([]);
  });

  it('is one of when the message was sent', () => {
    const { at, sentAt } = eventOf({ pv1: { 44: AHEAD }, evn: { 6: AHEAD } }, KS);
    expect(at).toBe(sentAt);
  });
});
