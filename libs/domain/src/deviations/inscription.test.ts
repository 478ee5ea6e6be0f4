import { describe, expect, it } from '@jest/globals';
import { expecting, fact, may, message, need } from '../ward.fixture.ts';
import { admit, ELSEWHERE, found, info, later, leave, order, ORDERED, SOC, YES } from './ward-stay.fixture.ts';

describe('the admission notice', () => {
  it.each([
    ['before the deadline and its grace', [admit('04 08:30', ORDERED)], '05 08:00', []],
    ['when the grace has passed', [admit('04 08:30', ORDERED)], '05 08:01', ['INS-01 4']],
    ['ordered in time', [admit('04 08:30', ORDERED), order('05 07:59')], '09 08:00', []],
    ['ordered late', [admit('04 08:30', ORDERED), order('05 08:30')], '09 08:00', ['INS-03 3']],
    ['no need', [admit('04 08:30', { facts: [need('NONE', '04 08:00')], ...ORDERED })], '09 08:00', []],
    ['need never stated', [admit('04 08:30', { facts: [], ...ORDERED })], '09 08:00', []],
    ['sent on the day after by itself', [admit('05 09:00')], '09 08:00', ['INS-03 3']],
    [
      'a later assessment, in time',
      [admit('04 08:30', { facts: [] }), later('06 20:00', { facts: [need('SOC', '06 10:00')] })],
      '09 08:00',
      [],
    ],
    [
      'a later assessment, too late',
      [admit('04 08:30', { facts: [] }), later('07 11:00', { facts: [need('SOC', '06 10:00')] })],
      '09 08:00',
      ['INS-04 3'],
    ],
    [
      'an assessment without a time of its own is the admission’s',
      [
        admit('04 08:30', { facts: [] }),
        later('07 11:00', { facts: [need('SOC', '04 08:00', { stated: undefined })] }),
      ],
      '09 08:00',
      ['INS-03 3'],
    ],
    ['an item is missing', [admit('04 08:30', { encounter: {} })], '04 08:30', ['INS-05 3']],
    [
      'an item is deleted after the INS had it',
      [admit('04 08:30'), later('04 10:00', { encounter: { expectedDischarge: null } })],
      '09 08:00',
      [],
    ],
    [
      'the item came',
      [admit('04 08:30', { encounter: {} }), later('04 10:00', { encounter: expecting('10') })],
      '09 08:00',
      [],
    ],
    [
      'a UTK while there is no INS',
      [admit('04 08:30', { facts: [SOC, fact('READY', 'Y', '04 09:00')], ...ORDERED })],
      '04 09:00',
      ['INS-02 4'],
    ],
    ['cancelled', [admit('04 08:30', ORDERED), message('A11', { sent: '06 08:00' })], '09 08:00', []],
  ])('%s', (_name, events, watermark, expected) => {
    expect(found(events, watermark)).toEqual(expected);
  });

  it('a discharge before any INS is INS-02 alone, milder on a short stay (DEC-07)', () => {
    const need5 = { facts: [need('SOC', '04 20:00'), YES, info('05 07:00')] };
    const short = [
      admit('04 08:30', { facts: [], ...ELSEWHERE }),
      leave('05 07:30', '05 07:00', { ...need5, ...ELSEWHERE }),
    ];
    expect(found(short, '09 08:00').filter((one) => one.startsWith('INS'))).toEqual(['INS-02 3']);
    const long = [admit('04 08:30', ORDERED), leave('08 12:00', '08 11:00', ORDERED)];
    expect(found(long, '09 08:00').filter((one) => one.startsWith('INS'))).toEqual(['INS-02 4']);
    expect(found([...long, order('08 13:00')], '09 08:00').filter((one) => one.startsWith('INS'))).toEqual([
      'INS-02 4',
    ]);
  });

  it('is judged by the sent time a little before intake, else by intake (architecture 7)', () => {
    const held = (sent: string, intake: string): string[] => found([admit(sent, { intake })], '09 08:00');
    expect(held('05 07:50', '05 08:04')).toEqual([]);
    expect(held('05 07:50', '05 08:06')).toEqual(['INS-03 3']);
    expect(held('05 09:00', '05 08:00')).toEqual([]);
  });

  it('an outage over the deadline makes the lateness the hub’s, whatever the ward’s engine did meanwhile', () => {
    const outages = [{ from: may('05 07:00'), to: may('05 12:00') }];
    const judged = (sent: string, intake: string): string[] =>
      found([admit(sent, { intake })], '09 08:00', { outages }).map((one) => one.slice(0, 6));
    expect(judged('05 07:50', '05 12:10')).toEqual(['TEK-01']);
    expect(judged('05 12:05', '05 12:10')).toEqual(['TEK-01']);
    expect(judged('05 12:20', '05 12:20')).toEqual(['INS-03']);
  });
});
