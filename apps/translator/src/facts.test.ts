import { describe, expect, it } from '@jest/globals';
import { adt, fact, type Fields } from '../test/adt.ts';
import { eventOf, faultsOf, read } from '../test/reading.ts';

const facts = (...obx: Fields[]) => eventOf({ obx }).facts;
const faults = (...obx: Fields[]) => faultsOf(read(adt({ obx })));
const at = (text: string) => Date.parse(text);

describe('values', () => {
  it.each([
    ['NEED', 'ROV~SOC', ['SOC', 'ROV']],
    ['NEED', 'SOC~KHSL~ROV', ['SOC', 'KHSL', 'ROV']],
    ['NEED', 'SOC^Socialtjänst^BRYGGAN', ['SOC']],
    ['NEED', 'NONE', ['NONE']],
    ['CONSENT', 'Y', ['Y']],
    ['CONSENT', 'N', ['N']],
    ['READY', 'Y', ['Y']],
    ['READY', 'N', ['N']],
    ['INS', 'Y', ['Y']],
    ['BASIS', 'CANNOT_CONSENT', ['CANNOT_CONSENT']],
    ['BASIS', 'LPT_7A~MENPROVNING', ['LPT_7A', 'MENPROVNING']],
  ])('%s %s', (code, value, expected) => {
    expect(facts(fact(code, value))).toMatchObject([{ code, values: expected, status: 'F' }]);
  });

  it.each([
    ['NEED', 'SOC~NONE'],
    ['NEED', 'XYZ'],
    ['NEED', ''],
    ['NEED', '""'],
    ['NEED', 'HOME'],
    ['CONSENT', 'J'],
    ['CONSENT', 'Y~N'],
    ['READY', ''],
    ['INS', 'N'],
    ['BASIS', 'BECAUSE'],
    ['INFO', ''],
  ])('%s may not be "%s"', (code, value) => {
    expect(faults(fact(code, value))).toEqual(['unknown-fact-value@OBX-5']);
  });

  it('what was never true needs no value', () => {
    expect(facts(fact('NEED', '', { 11: 'D' }))).toMatchObject([{ code: 'NEED', values: [], status: 'D' }]);
  });
});

describe('which OBX are facts', () => {
  it.each(['LN', undefined])('not those of another coding system (%s)', (system) => {
    expect(facts({ 3: `NEED^text^${system ?? ''}`, 5: 'whatever' })).toEqual([]);
  });

  it.each(['COMPULSORY', 'HOUSING', 'PATINFO', 'CHECK', 'HOMECARE'])('%s is read over for now', (code) => {
    expect(facts(fact(code, 'ANYTHING'))).toEqual([]);
  });

  it.each(['NEEDS', ''])('an unknown code "%s" of ours is a fault', (code) => {
    expect(faults(fact(code, 'SOC'))).toEqual(['unknown-fact@OBX-3']);
  });

  it.each([
    ['F', 'F'],
    ['', 'F'],
    ['C', 'C'],
    ['D', 'D'],
    ['W', 'D'],
  ])('status "%s"', (status, expected) => {
    expect(facts(fact('READY', 'Y', { 11: status }))).toMatchObject([{ status: expected }]);
  });

  it.each(['P', 'R', 'X', 'I', 'S'])('status %s states nothing', (status) => {
    expect(facts(fact('READY', 'Y', { 11: status }))).toEqual([]);
  });
});

describe('scopes', () => {
  it.each([
    [undefined, []],
    ['ROV', ['ROV']],
    ['ROV~SOC', ['SOC', 'ROV']],
    ['HOME', ['HOME']],
  ])('%s', (text, expected) => {
    expect(facts(fact('CONSENT', 'Y', { 4: text }))).toMatchObject([{ scopes: expected }]);
  });

  it('an unknown one is a fault', () => {
    expect(faults(fact('CONSENT', 'Y', { 4: 'SOC~EVERYONE' }))).toEqual(['bad-scope@OBX-4']);
  });
});

describe('when a fact holds from', () => {
  it.each([
    ['a precise time', '20260509080000', '2026-05-09T08:00:00+02:00'],
    ['a minute is precise', '202605090800', '2026-05-09T08:00:00+02:00'],
    ['an hour: its end', '2026050908', '2026-05-09T08:59:59.999+02:00'],
    ['a date alone: the end of that day', '20260509', '2026-05-09T23:59:59.999+02:00'],
    ['but at most when it was sent', '20260510', '2026-05-10T14:30:00+02:00'],
    ['a month, at most when it was sent', '202605', '2026-05-10T14:30:00+02:00'],
    ['with an offset', '202605090800+0000', '2026-05-09T08:00:00Z'],
  ])('%s', (_, text, expected) => {
    expect(facts(fact('READY', 'Y', { 14: text }))).toMatchObject([{ at: at(expected), ownTime: true }]);
  });

  it('without OBX-14: when it happened', () => {
    expect(facts(fact('READY', 'Y'))).toMatchObject([{ at: at('2026-05-10T14:25:00+02:00'), ownTime: false }]);
  });

  it('without that: when it was sent', () => {
    const event = eventOf({ evn: { 6: undefined }, obx: [fact('READY', 'Y')] });
    expect(event.facts).toMatchObject([{ at: at('2026-05-10T14:30:00+02:00'), ownTime: false }]);
  });

  it('a time that cannot be is a fault', () => {
    expect(faults(fact('READY', 'Y', { 14: '202610250215' }))).toEqual(['time-in-overlap@OBX-14']);
  });
});

describe('INFO', () => {
  it('of one scope and time are lines of one text, in order', () => {
    const [first, ...rest] = facts(
      fact('INFO', 'Läkemedel:', { 4: 'ROV' }),
      fact('NEED', 'ROV'),
      fact('INFO', '', { 4: 'ROV' }),
      fact('INFO', 'oförändrade', { 4: 'ROV' }),
      fact('INFO', 'Till kommunen', { 4: 'SOC' }),
    );
    expect(first).toMatchObject({ scopes: ['ROV'], values: ['Läkemedel:\n\noförändrade'] });
    expect(rest).toMatchObject([{ code: 'NEED' }, { scopes: ['SOC'], values: ['Till kommunen'] }]);
  });

  it('of other times or statuses are kept apart', () => {
    expect(
      facts(
        fact('INFO', 'a', { 14: '202605091000' }),
        fact('INFO', 'b', { 14: '202605091100' }),
        fact('INFO', 'c', { 11: 'C', 14: '202605091000' }),
      ),
    ).toMatchObject([{ values: ['a'] }, { values: ['b'] }, { values: ['c'], status: 'C' }]);
  });

  it('has its escapes decoded, its repetitions as lines, and what stands unescaped in it kept', () => {
    expect(facts(fact('INFO', 'A\\T\\B\\.br\\C~D & E^F'))).toMatchObject([{ values: ['A&B\nC\nD & E^F'] }]);
  });
});

it.each([
  ['SE2321000016-ABC1', 'SE2321000016-ABC1'],
  ['191212121212', undefined],
  ['121212-1212', undefined],
  ['Anna Andersson', undefined],
  [undefined, undefined],
])('who judged is an id: %s', (text, expected) => {
  expect(facts(fact('NEED', 'SOC', { 16: text && `${text}^Andersson^Anna` }))[0]?.judgedBy).toBe(expected);
});
