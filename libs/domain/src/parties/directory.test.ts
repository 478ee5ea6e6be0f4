import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AddressRegister, houseIn, type AddressRange } from './address-register.ts';
import { decide } from '../routing/decision.ts';
import { demonstrationCounty } from './demonstration-county.fixture.ts';
import { directoryFaults } from './directory-faults.ts';
import { isInForce, type Party } from './party.ts';
import { PartyDirectory } from './directory.ts';

const COUNTY = join(import.meta.dirname, '../../../../deploy/county');
const county = demonstrationCounty(
  readFileSync(join(COUNTY, 'parties.json'), 'utf8'),
  readFileSync(join(COUNTY, 'addresses.csv'), 'utf8'),
);

function boardsOn(date: string): string[] {
  return county.all().flatMap((row) => (row.kind === 'district-board' && isInForce(row, date) ? [row.id] : []));
}

describe('the demonstration county', () => {
  it('has the 26 municipalities of county 01', () => {
    const codes = county.all().flatMap(({ id, kind }) => (kind === 'municipality' ? [id] : []));
    expect(new Set(codes).size).toBe(26);
    expect(codes.every((code) => /^01\d\d$/.test(code))).toBe(true);
  });

  it.each([
    ['1997-01-01', 0],
    ['1998-12-31', 0],
    ['1999-01-01', 18],
    ['2006-12-31', 18],
    ['2007-01-01', 14],
    ['2020-06-30', 14],
    ['2020-07-01', 13],
    ['2023-06-30', 13],
    ['2023-07-01', 11],
    ['2026-05-04', 11],
  ])('has the boards of the day: %s has %i', (date, count) => expect(boardsOn(date)).toHaveLength(count));

  it('follows every board of any time to one of today', () => {
    const all = county.all().filter(({ kind }) => kind === 'district-board');
    const today = new Set(boardsOn('2026-05-04'));
    expect(all.map(({ id }) => county.party(id, '2026-05-04')?.id).filter((id) => !id || !today.has(id))).toEqual([]);
  });

  it('knows who a board took over from', () => {
    expect(
      county
        .predecessors('0180-jarva')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['0180-rinkeby-kista', '0180-spanga-tensta']);
    expect(county.predecessors('0180-bromma')).toEqual([]);
  });

  it('gives no address for the bare code of a divided municipality', () => {
    expect(county.party('0180', '2026-05-04')).toBeUndefined();
    expect(county.municipality('0180', '2026-05-04')?.divided).toBe(true);
  });
});

const desk = { id: 'mottagning', name: 'Mottagningen', takes: ['unknown'], isDefault: true } as const;
const reached = { delivery: [{ channel: 'topic', address: 'deliveries.x' }], outOfHours: 'none' } as const;
const municipality: Party = {
  ...{ id: '0184', name: 'Solna', kind: 'municipality', legalForms: ['municipal-authority'], from: '2018-01-01' },
  ...reached,
  ...{ desks: [desk], source: 'test' },
};
const city: Party = {
  ...{ id: '0180', name: 'Staden', kind: 'municipality', legalForms: ['municipal-authority'], from: '2018-01-01' },
  ...{ divided: true, source: 'test' },
};
const board: Party = { ...municipality, id: '0180-farsta', name: 'Farsta', kind: 'district-board' };
const clinic: Party = {
  ...{ id: 'SE2321000016-2001', name: 'Mottagningen', kind: 'clinic', legalForms: ['region-authority'] },
  ...{ from: '2018-01-01', care: 'primary', source: 'test' },
  ...reached,
};
const without = (party: Party, name: keyof Party): Party =>
  Object.fromEntries(Object.entries(party).filter(([key]) => key !== name)) as unknown as Party;

describe('a directory is refused', () => {
  it.each<[what: string, parties: Party[], fault: RegExp]>([
    ['an id of another form', [{ ...municipality, id: 'solna' }], /does not fit municipality/],
    ['no legal form', [{ ...municipality, legalForms: [] }], /no legal form/],
    ['a divided board', [city, { ...board, divided: true }], /only a municipality can be divided/],
    ['areas of a party without care', [without({ ...clinic, areas: [] }, 'care')], /only a clinic with a kind of care/],
    ['an end before the beginning', [{ ...clinic, to: '2017-12-31' }], /ends before it begins/],
    ['two rows on one day', [municipality, { ...municipality, from: '2020-01-01' }], /in force on the same day/],
    [
      'a gap',
      [
        { ...municipality, to: '2020-06-30' },
        { ...municipality, from: '2020-07-02' },
      ],
      /there is a gap before the next row/,
    ],
    ['a municipality that just ends', [{ ...municipality, to: '2020-06-30' }], /ends without a successor/],
    ['a successor of one that has not ended', [{ ...municipality, successor: '0183' }], /a successor but no end/],
    [
      'a successor that is not there',
      [{ ...municipality, to: '2020-06-30', successor: '0183' }],
      /not in force the day after/,
    ],
    [
      'a successor that begins too late',
      [
        { ...municipality, to: '2020-06-30', successor: '0183' },
        { ...municipality, id: '0183', from: '2020-07-02' },
      ],
      /not in force the day after/,
    ],
    [
      'a successor of another kind',
      [{ ...municipality, to: '2020-06-30', successor: clinic.id }, clinic],
      /successor is of another kind/,
    ],
    ['no word of the hours out of office', [without(municipality, 'outOfHours')], /out of hours/],
    ['no address for delivery', [without(clinic, 'delivery')], /no address for delivery/],
    ['no default desk', [{ ...municipality, desks: [] }], /needs one default desk/],
    [
      'two default desks',
      [{ ...municipality, desks: [desk, { ...desk, id: 'b', takes: [] }] }],
      /needs one default desk/,
    ],
    [
      'two desks for one group',
      [{ ...municipality, desks: [desk, { id: 'b', name: 'B', takes: ['unknown'] }] }],
      /two desks take unknown/,
    ],
    [
      'two desks of one id',
      [{ ...municipality, desks: [desk, { id: desk.id, name: 'B', takes: [] }] }],
      /two desks have the same id/,
    ],
    ['a board of a municipality that is not divided', [board], /municipality 0180 is not divided/],
    ['a divided municipality without boards', [city], /has no board on 2018-01-01/],
    ['a day without boards', [city, { ...board, from: '2018-01-02' }], /has no board on 2018-01-01/],
    [
      'a task entrusted to nobody',
      [{ ...municipality, entrusts: [{ to: 'SE1', scopes: ['SOC'] }] }],
      /SE1 is not in force/,
    ],
    ['an area that is not there', [{ ...clinic, areas: ['0199'] }], /there is no area 0199/],
    [
      'an area of two clinics',
      [municipality, { ...clinic, areas: ['0184'] }, { ...clinic, id: 'SE2321000016-2002', areas: ['0184'] }],
      /shares the area 0184/,
    ],
    [
      'a ward of no hospital',
      [{ ...clinic, kind: 'ward', partOf: 'SE2321000016-1' }],
      /SE2321000016-1 is not in force/,
    ],
  ])('%s', (_what, parties, fault) => {
    const faults = directoryFaults(parties);
    expect(faults.map(({ text }) => text).join('\n')).toMatch(fault);
  });

  it('with every fault at once, each with its place', () => {
    const places = directoryFaults([{ ...municipality, desks: [] }, without(clinic, 'delivery')]).map(
      ({ place }) => place,
    );
    expect(places).toEqual(['parties/0 (0184)', 'parties/1 (SE2321000016-2001)']);
  });

  it('not for a period without boards whose row says why: then every need waits in its queue with that reason', () => {
    const early: Party = { ...city, from: '2010-01-01', to: '2017-12-31', note: 'Nämndernas namn är okända.' };
    expect(directoryFaults([early, city, board])).toEqual([]);
    const directory = new PartyDirectory({ version: 'v', parties: [early, city, board] });
    const facts = {
      need: ['SOC'],
      address: { lines: ['Provgatan 1'], municipality: '0180', district: 'farsta' },
    } as const;
    const [waiting] = decide(facts, directory, '2012-05-04').byHand;
    expect(waiting).toMatchObject({ queue: '0180' });
    expect(waiting?.trace).toContainEqual({ rule: 'RTE-24', text: 'Nämndernas namn är okända.' });
  });

  it('not when it holds together', () => expect(directoryFaults([municipality, city, board, clinic])).toEqual([]));
});

const range = (more: Partial<AddressRange>): AddressRange => ({
  ...{
    municipality: '0180',
    street: 'Provgatan',
    low: 1,
    high: 10,
    parity: 'all',
    board: '0180-farsta',
    from: '2018-01-01',
  },
  ...more,
});

describe('a register of addresses', () => {
  it.each([
    ['numbers that run backwards', [range({ low: 9, high: 1 })], /the numbers run backwards/],
    ['an end before the beginning', [range({ to: '2017-01-01' })], /ends before it begins/],
    ['two rows for one house', [range({}), range({ low: 10, high: 20 })], /shares a house with row/],
    ['two rows for one side', [range({ parity: 'odd' }), range({ low: 3, high: 3 })], /shares a house with row/],
    ['a board that is not there', [range({ board: '0180-atlantis' })], /is no board of municipality 0180/],
    ['a board of another municipality', [range({ municipality: '0184' })], /is no board of municipality 0184/],
    ['a board before its time', [range({ from: '2017-01-01' })], /is not in force all that time/],
  ])('is refused with %s', (_what, ranges, fault) => {
    const faults = directoryFaults([city, board], ranges);
    expect(faults.map(({ text }) => text).join('\n')).toMatch(fault);
  });

  it.each([
    ['sides of one street', [range({ parity: 'odd' }), range({ parity: 'even' })]],
    ['houses one after another', [range({ high: 4 }), range({ low: 5 })]],
    ['periods one after another', [range({ to: '2019-12-31' }), range({ from: '2020-01-01' })]],
    ['a side with one house of the other in its range', [range({ parity: 'odd' }), range({ low: 2, high: 2 })]],
  ])('may have %s', (_what, ranges) => expect(directoryFaults([city, board], ranges)).toEqual([]));

  it('says why it has no board', () => {
    const register = new AddressRegister([range({}), range({ street: 'Andra gatan', board: '0180-bromma' })]);
    const boardOf = (...lines: string[]): unknown => register.boardOf('0180', lines, '2026-05-04');
    expect(boardOf('Provgatan 10')).toEqual({ board: '0180-farsta' });
    expect(boardOf('Provgatan')).toEqual({ missing: 'no-house-number' });
    expect(boardOf('Tredje gatan 1')).toEqual({ missing: 'unknown-street' });
    expect(boardOf('Provgatan 11')).toEqual({ missing: 'unknown-number' });
    expect(boardOf('Provgatan 1', 'Andra gatan 1')).toEqual({ missing: 'several-boards' });
    expect(register.boardOf('0180', ['Provgatan 1'], '2017-12-31')).toEqual({ missing: 'unknown-number' });
    expect(register.boardOf('0184', ['Provgatan 1'], '2026-05-04')).toEqual({ missing: 'unknown-street' });
  });

  it.each([
    ['Exempelgatan 12 B lgh 1102', { street: 'Exempelgatan', number: 12 }],
    ['S:t Eriksgatan 5', { street: 'S:t Eriksgatan', number: 5 }],
    ['c/o Testsson', undefined],
    ['Box 12345', undefined],
    ['11646 Stockholm', undefined],
  ])('reads %s', (line, house) => expect(houseIn(line)).toEqual(house));
});

describe('a directory by its date', () => {
  it('has no party before it begins, and its successor after it has ended', () => {
    const rows = [
      city,
      { ...board, to: '2020-06-30', successor: '0180-soder' },
      { ...board, id: '0180-soder', from: '2020-07-01' },
    ];
    const directory = new PartyDirectory({ version: '1', parties: rows });
    expect(directory.party('0180-farsta', '2017-12-31')).toBeUndefined();
    expect(directory.party('0180-farsta', '2020-06-30')?.id).toBe('0180-farsta');
    expect(directory.party('0180-farsta', '2020-07-01')?.id).toBe('0180-soder');
    expect(directory.party('0180-soder', '2020-06-30')).toBeUndefined();
  });
});
