import { describe, expect, it } from '@jest/globals';
import { adt } from '../../test/adt.ts';
import { eventOf, findingsOf, INTAKE, read } from '../../test/reading.ts';

const iso = (msh7: string, pv144: string, changed = {}) =>
  eventOf({ msh: { 7: msh7 }, pv1: { 44: pv144 } }, changed).encounter.start?.iso;

describe('a time without an offset', () => {
  it.each([
    ['UTC', '20261201083000+0000', '202612010815', '2026-12-01T08:15+00:00'],
    ['UTC, of the other half of the year', '20261201083000+0000', '202607010815', '2026-07-01T08:15+00:00'],
    ['far away', '20261201083000-0500', '202612010815', '2026-12-01T08:15-05:00'],
    ['Stockholm', '20261201093000+0100', '202612010915', '2026-12-01T09:15+01:00'],
    ['Stockholm, of the other half of the year', '20261027093000+0100', '202610200915', '2026-10-20T09:15+02:00'],
    ["Stockholm's of winter in summer", '20260701093000+0100', '202607010915', '2026-07-01T09:15+01:00'],
    ['an hour of MSH-7 without minutes', '2026120109+0100', '202612010915', '2026-12-01T09:15+01:00'],
    ['no offset in MSH-7', '20260701093000', '202607010915', '2026-07-01T09:15+02:00'],
  ])('%s: has that of MSH-7', (_, msh7, written, expected) => {
    expect(iso(msh7, written)).toBe(expected);
  });

  it('a date alone stays a local date', () => {
    expect(eventOf({ msh: { 7: '20261201083000+0000' }, pv1: { 44: '20261201' } }).encounter.start).toMatchObject({
      iso: '2026-12-01',
      start: Date.parse('2026-12-01T00:00:00+01:00'),
    });
  });

  it("has Stockholm's where the agreement says so, whatever MSH-7 says", () => {
    const zone = { zone: 'stockholm' };
    expect(iso('20261201083000+0000', '202612010915', zone)).toBe('2026-12-01T09:15+01:00');
    expect(iso('20261025024500+0100', '202610250230', zone)).toBe('2026-10-25T02:30+01:00');
    expect(iso('20261025014500+0000', '202610250230', zone)).toBeUndefined();
  });

  it('an offset of its own beats all of them', () => {
    expect(iso('20261201083000+0000', '202612010815+0200')).toBe('2026-12-01T08:15+02:00');
  });
});

describe('the hour that comes twice or is not', () => {
  it.each([
    ['twice, settled by MSH-7', '20261025024500+0100', '202610250230', '2026-10-25T02:30+01:00'],
    ['twice, the first of them', '20261025024500+0200', '202610250230', '2026-10-25T02:30+02:00'],
    ['not there on the clocks of Stockholm', '20260329034500+0200', '202603290230', '2026-03-29T02:30+02:00'],
  ])('%s', (_, msh7, written, expected) => {
    expect(iso(msh7, written)).toBe(expected);
  });

  it.each([
    ['PV1-44', { pv1: { 44: '202603290230' } }, 'time-in-gap'],
    ['PV1-45', { pv1: { 45: '202610250230' } }, 'time-in-overlap'],
    ['PV2-9', { pv2: { 9: '202610250230' } }, 'time-in-overlap'],
    ['EVN-6', { evn: { 6: '202603290230' } }, 'time-in-gap'],
  ])('in %s with nothing that settles it counts as not stated', (place, parts, name) => {
    const sent = { msh: { 7: '20261101120000' }, ...parts };
    expect(findingsOf(sent)).toEqual([`unstated ${name}@${place}`]);
    const { encounter, occurredAt } = eventOf(sent);
    const found = { 'PV1-44': encounter.start, 'PV1-45': encounter.end, 'PV2-9': encounter.expectedDischarge };
    expect({ ...found, 'EVN-6': occurredAt }[place]).toBeUndefined();
  });
});

describe('a time that is not as it should be', () => {
  it.each(['v.20', '0000', '20260231', '202605102530', '022604011645', '20260510 14:20', '1420'])(
    '%s counts as not stated',
    (text) => {
      expect(eventOf({ pv2: { 9: text } }).encounter).not.toHaveProperty('expectedDischarge');
      expect(findingsOf({ pv2: { 9: text } })).toEqual(['unstated bad-timestamp@PV2-9']);
    },
  );

  it.each([
    ['a long fraction', '20260510142000.1234567', '2026-05-10T14:20:00.123+02:00'],
    ['a glued fraction', '20260510142000123', '2026-05-10T14:20:00+02:00'],
    ['a comma', '20260510142000,5', '2026-05-10T14:20:00.500+02:00'],
    ['with an offset', '20260510142000.1234567+0100', '2026-05-10T14:20:00.123+01:00'],
  ])('%s is left out as far as it is not sure, and noted', (_, text, expected) => {
    expect(eventOf({ pv1: { 44: text } }).encounter.start?.iso).toBe(expected);
    expect(findingsOf({ pv1: { 44: text } })).toEqual(['noted excess-in-time@PV1-44']);
  });
});

it.each([
  ['none', undefined, 'missing-field'],
  ['deleted', '""', 'missing-field'],
  ['an impossible one', '20260231', 'bad-timestamp'],
  ['one of the doubled hour', '20261025023000', 'time-in-overlap'],
])('a time of sending that cannot be read (%s) is that of intake', (_, msh7, name) => {
  expect(eventOf({ msh: { 7: msh7 } }).sentAt).toBe(INTAKE);
  expect(findingsOf({ msh: { 7: msh7 } })).toEqual([`unstated ${name}@MSH-7`]);
  expect(read(adt({ msh: { 7: msh7 } })).kind).toBe('events');
});
