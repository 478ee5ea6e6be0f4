import { describe, expect, it } from '@jest/globals';
import type { StayEvent } from '../events/stay-event.ts';
import { history, may, message, need, SOLNA, stated } from '../ward.fixture.ts';
import { closingReason, judge } from './registry.ts';
import { admit, allReceived, around, found, info, later, leave, order, ORDERED, ready } from './ward-stay.fixture.ts';

describe('what the ward never said, or said wrongly', () => {
  it.each<[string, StayEvent[], string, string[]]>([
    ['need never stated', [admit('04 08:30', { facts: [] }), leave('05 11:30', '05 11:00')], '06 11:32', ['INS-11 1']],
    [
      'need never stated, the stay has not closed',
      [admit('04 08:30', { facts: [] }), leave('05 11:30', '05 11:00')],
      '06 10:59',
      [],
    ],
    [
      'need NONE',
      [admit('04 08:30', { facts: [need('NONE', '04 08:00')] }), leave('05 11:30', '05 11:00')],
      '09 00:00',
      [],
    ],
    [
      'another day of discharge than was told',
      [
        admit('04 08:30'),
        leave('10 11:30', '10 11:00', { facts: [info('10 11:00'), ready('10 09:00')] }),
        later('10 15:00', { encounter: { end: stated('09 23:00') }, facts: [info('09 20:00')] }),
      ],
      '10 18:00',
      ['UTS-03#1 3', 'UTS-05#1 3'],
    ],
    [
      'another hour of the same day',
      [
        admit('04 08:30'),
        leave('10 11:30', '10 11:00', { facts: [info('10 11:00'), ready('10 09:00')] }),
        later('10 15:00', { encounter: { end: stated('10 09:00') } }),
      ],
      '10 18:00',
      [],
    ],
    [
      'taken in after one that was sent later',
      [admit('04 08:30'), later('05 12:00'), later('05 09:00', { intake: '05 12:30' })],
      '06 00:00',
      ['TEK-04 1'],
    ],
  ])('%s', (_name, events, watermark, expected) => {
    expect(found(events, watermark).filter((one) => !one.startsWith('UTS-02'))).toEqual(expected);
  });
});

describe('what the hub itself owes', () => {
  const events = [admit('04 08:30')];
  const key = history(events).acts[0]?.key ?? '';

  it.each([
    ['not there, deadline not passed', undefined, '05 08:00', []],
    ['not there', undefined, '05 08:01', [`TEK-01#${key} 3`]],
    ['there in time', '05 08:00', '09 08:00', []],
    ['there too late', '05 09:00', '09 08:00', [`TEK-01#${key} 3`]],
  ])('%s', (_name, received, watermark, expected) => {
    const map = new Map(received ? [[key, may(received)]] : []);
    expect(found(events, watermark, { received: map })).toEqual(expected);
  });

  it('owes a withdrawal to those who have the notice, within the hour', () => {
    const cancelled = [...events, message('A11', { sent: '04 10:00' })];
    const has = new Map([[key, may('04 08:31')]]);
    expect(found(cancelled, '04 11:01', { received: has })).toEqual([
      `TEK-01#INS|${SOLNA}|INS|ended|${cancelled[1]!.eventId} 3`,
    ]);
    expect(found(cancelled, '04 11:01', { received: new Map() })).toEqual([]);
  });

  it('owes a recipient to a need that waits past its deadline (TEK-03), and nothing to the ward for it', () => {
    const lost = [admit('04 08:30', { patient: { address: { lines: ['Provgatan 1'], municipality: '1480' } } })];
    expect(found(lost, '05 08:00')).toEqual([]);
    expect(found(lost, '05 08:01')).toEqual(['TEK-03#municipality 3']);
  });
});

describe('absence', () => {
  const silent = [admit('04 08:30', ORDERED)];

  it('is said no sooner than the watermark allows, and a timer says when to look again', () => {
    const judged = judge(history(silent), around('04 12:00'));
    expect(judged.deviations).toEqual([]);
    expect(judged.timers).toEqual([{ at: may('05 08:01') }]);
  });

  it('moves with an outage of the hub to its end and a quarter of an hour', () => {
    const outages = [{ from: may('05 07:00'), to: may('05 12:00') }];
    expect(found(silent, '05 12:15', { outages })).toEqual([]);
    expect(found(silent, '05 12:16', { outages })).toEqual(['INS-01 4']);
    expect(found([...silent, order('05 12:10')], '09 08:00', { outages }).join()).toMatch(/^TEK-01/);
    expect(found([...silent, order('05 12:20')], '09 08:00', { outages })).toEqual(['INS-03 3']);
  });

  it('is suspected only while a message of the stay lies in rejected', () => {
    expect(found(silent, '06 08:00', { suspected: true })).toEqual(['INS-01 4 suspected']);
  });

  it('is closed by what comes late, with the reason', () => {
    const late = history([...silent, order('05 12:00')]);
    const open = judge(late, around('09 08:00', { received: allReceived([...silent, order('05 12:00')]) })).deviations;
    expect(closingReason({ code: 'INS-01', occasion: '' }, late, open)).toBe('came-late');
    const cancelled = history([...silent, message('A11', { sent: '05 12:00' })]);
    expect(closingReason({ code: 'INS-01', occasion: '' }, cancelled, [])).toBe('withdrawn');
  });
});
