import { describe, expect, it } from '@jest/globals';
import { adt, type Fields } from '../test/adt.ts';
import { eventOf, faultsOf, read } from '../test/reading.ts';

const encounter = (pv1: Fields, pv2: Fields = {}) => eventOf({ pv1, pv2 }).encounter;

describe('times of the stay keep what was written', () => {
  it.each([
    ['202605101420', '2026-05-10T14:20+02:00', 'minute'],
    ['20260510142030', '2026-05-10T14:20:30+02:00', 'second'],
    ['20260510', '2026-05-10', 'day'],
    ['2026051014', '2026-05-10T14+02:00', 'hour'],
    ['20260110142030', '2026-01-10T14:20:30+01:00', 'second'],
    ['202605101420-0500', '2026-05-10T14:20-05:00', 'minute'],
  ])('PV1-44 %s', (text, iso, precision) => {
    expect(encounter({ 44: text }).start).toMatchObject({ iso, precision });
  });

  it.each([
    ['PV1-44', { pv1: { 44: '202603290230' } }, 'time-in-gap@PV1-44'],
    ['PV1-45', { pv1: { 45: '202610250230' } }, 'time-in-overlap@PV1-45'],
    ['PV2-9', { pv2: { 9: '202610250230' } }, 'time-in-overlap@PV2-9'],
    ['EVN-6', { evn: { 6: '202603290230' } }, 'time-in-gap@EVN-6'],
    ['EVN-6 of year 226', { evn: { 6: '022604011645' } }, 'bad-timestamp@EVN-6'],
  ])('an hour that is not, or is twice, is a fault in %s', (_, parts, expected) => {
    expect(faultsOf(read(adt(parts)))).toEqual([expected]);
  });

  it('unless an offset settles it', () => {
    expect(encounter({ 44: '202610250230+0100' }).start?.start).toBe(Date.parse('2026-10-25T02:30+01:00'));
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

it.each([
  ['I', 'IMP'],
  ['E', 'EMER'],
  ['O', 'AMB'],
  ['P', 'PRENC'],
  ['R', 'OTHER'],
  [undefined, undefined],
])('class %s', (code, expected) => {
  expect(encounter({ 2: code }).class).toBe(expected);
});

it.each([
  ['HSA-id', '11^^^SE2321000016-1001', 'SE2321000016-1001'],
  ['name and HSA-id', '11^^^Avd 11&SE2321000016-1001&HSA', 'SE2321000016-1001'],
  ['no HSA-id', '11^^^Avd 11', undefined],
  ['deleted', '""', null],
  ['unstated', undefined, undefined],
])('ward: %s', (_, pl, expected) => {
  expect(encounter({ 3: pl }).ward).toBe(expected);
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
  [undefined, undefined],
])('way of leaving %s', (code, expected) => {
  expect(encounter({ 36: code }).leaving).toBe(expected);
});
