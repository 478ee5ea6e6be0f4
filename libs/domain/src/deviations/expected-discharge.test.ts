import { describe, expect, it } from '@jest/globals';
import type { StayEvent } from '../events/stay-event.ts';
import { expecting, need, stated } from '../ward.fixture.ts';
import { admit, found, info, later, leave, ready } from './ward-stay.fixture.ts';

describe('what the ward says of the expected discharge', () => {
  const expect2 = (sent: string, day: string): StayEvent => later(sent, { encounter: expecting(day) });
  it.each<[string, StayEvent[], string, string[]]>([
    ['told a day ahead', [admit('04 08:30'), expect2('09 23:59', '10')], '09 23:59', []],
    ['told on the day itself', [admit('04 08:30'), expect2('08 10:00', '08')], '08 12:00', ['BUT-02 2']],
    ['passed a day ago', [admit('04 08:30')], '12 00:01', ['BUT-03 2']],
    ['passed less than a day ago', [admit('04 08:30')], '12 00:00', []],
    ['passed, and told anew', [admit('04 08:30'), expect2('11 10:00', '14')], '13 00:00', []],
    ['passed, and ready', [admit('04 08:30'), later('10 10:00', { facts: [ready('10 09:00')] })], '13 00:00', []],
    ['changed twice', [admit('04 08:30'), expect2('05 10:00', '12'), expect2('06 10:00', '13')], '10 00:00', []],
    [
      'changed three times',
      [admit('04 08:30'), expect2('05 10:00', '12'), expect2('06 10:00', '13'), expect2('07 10:00', '12')],
      '10 00:00',
      ['BUT-04 1'],
    ],
    ['without a need', [admit('04 08:30', { facts: [need('NONE', '04 08:00')] })], '20 00:00', []],
  ])('%s', (_name, events, watermark, expected) => {
    expect(found(events, watermark).map((one) => one.replace(/#\S+/, ''))).toEqual(expected);
  });
});

describe('the expected discharge', () => {
  it.each([
    ['on the day', '10', []],
    ['one day later', '11', []],
    ['two days later', '12', ['BUT-01#1 3']],
    ['one day earlier', '09', ['UTS-05#1 3']],
    ['two days earlier', '08', ['BUT-01#1 3', 'UTS-05#1 3']],
  ])('%s', (_name, day, expected) => {
    const events = [
      admit('04 08:30'),
      leave(`${day} 11:30`, `${day} 11:00`, { facts: [info(`${day} 11:00`), ready(`${day} 10:00`)] }),
    ];
    expect(found(events, '20 00:00')).toEqual(expected);
  });

  it('was told anew before the discharge', () => {
    const update = later('09 10:00', { encounter: expecting('12') });
    const events = [
      admit('04 08:30'),
      update,
      leave('12 11:30', '12 11:00', { facts: [info('12 11:00'), ready('12 10:00')] }),
    ];
    expect(found(events, '20 00:00')).toEqual([]);
  });

  it('told anew by the discharge itself is not told before', () => {
    const discharge = leave('12 11:30', '12 11:00', {
      encounter: { end: stated('12 11:00'), ...expecting('12') },
      facts: [info('12 11:00'), ready('12 10:00')],
    });
    expect(found([admit('04 08:30'), discharge], '20 00:00')).toEqual(['BUT-01#1 3']);
  });
});
