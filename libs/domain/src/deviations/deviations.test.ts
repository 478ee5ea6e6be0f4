import { describe, expect, it } from '@jest/globals';
import type { StayEvent } from '../events/stay-event.ts';
import { parametersOn } from '../rules/parameters.ts';
import { consent, expecting, fact, history, may, message, need, SOLNA, stated } from '../ward.fixture.ts';
import type { Circumstances } from './definition.ts';
import { closingReason, judge } from './registry.ts';

const around = (watermark: string, more: Partial<Circumstances> = {}): Circumstances => ({
  watermark: may(watermark),
  parameters: (date) => parametersOn(date),
  outages: [],
  received: new Map(),
  suspected: false,
  ...more,
});

/** Everything the ward's acts ask of the hub has arrived, unless a test says otherwise. */
const allReceived = (events: readonly StayEvent[]): Circumstances['received'] =>
  new Map(
    history(events).acts.flatMap((act) => [
      [act.key, act.at] as const,
      [`${act.kind}|${act.recipient}|${act.slot}|ended|${act.ended?.statedBy ?? ''}`, act.ended?.at ?? 0] as const,
    ]),
  );

const found = (events: readonly StayEvent[], watermark: string, more: Partial<Circumstances> = {}): string[] =>
  judge(history(events, more.outages), around(watermark, { received: allReceived(events), ...more })).deviations.map(
    (one) =>
      `${one.code}${one.occasion && `#${one.occasion}`} ${one.severity}${one.suspected ? ' suspected' : ''}${one.reason ? ` ${one.reason}` : ''}`,
  );

const ORDERED = { terms: { ins: 'ordered' as const } };
const ELSEWHERE = { terms: { info: 'elsewhere' as const } };
const SOC = need('SOC', '04 08:00');
const YES = consent('Y', '04 08:00');

const admit = (sent: string, more: object = {}): StayEvent =>
  message('A01', { sent, facts: [SOC, YES], encounter: expecting('10'), ...more });
const later = (sent: string, more: object = {}): StayEvent => message('A08', { sent, ...more });
const leave = (sent: string, end: string, more: object = {}): StayEvent =>
  message('A03', { sent, encounter: { end: stated(end) }, ...more });
const info = (at: string): ReturnType<typeof fact> => fact('INFO', 'text', at, { scopes: ['SOC'] });
const order = (sent: string): StayEvent => later(sent, { facts: [fact('INS', 'Y', sent)], ...ORDERED });

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

describe('the information at discharge', () => {
  const home = (more: object = {}): StayEvent => leave('09 11:30', '09 11:00', more);

  it.each([
    ['told the same day', [admit('04 08:30'), home({ facts: [info('09 11:00')] })], '12 00:00', []],
    ['not told, the day is not over', [admit('04 08:30'), home()], '10 00:00', []],
    ['not told', [admit('04 08:30'), home()], '10 00:01', ['UTS-01#1 4']],
    [
      'told the day after',
      [admit('04 08:30'), home(), later('10 09:00', { facts: [info('10 09:00')] })],
      '12 00:00',
      ['UTS-02#1 3'],
    ],
    ['consent refused', [admit('04 08:30', { facts: [SOC, consent('N', '04 08:00')] }), home()], '12 00:00', []],
    [
      'nothing but a ground is missing',
      [admit('04 08:30', { facts: [SOC] }), home({ facts: [info('09 11:00')] })],
      '12 00:00',
      ['UTS-01#1 2 ground-not-stated'],
    ],
    ['neither ground nor information', [admit('04 08:30', { facts: [SOC] }), home()], '12 00:00', ['UTS-01#1 4']],
    ['told elsewhere by agreement', [admit('04 08:30', ELSEWHERE), home(ELSEWHERE)], '12 00:00', []],
    ['taken back', [admit('04 08:30'), home(), message('A13', { sent: '09 12:00' })], '12 00:00', []],
    [
      'transfer',
      [
        admit('04 08:30'),
        leave('09 11:30', '09 11:00', { encounter: { end: stated('09 11:00'), leaving: 'transfer' } }),
      ],
      '12 00:00',
      [],
    ],
    [
      'death',
      [admit('04 08:30'), leave('09 11:30', '09 11:00', { encounter: { end: stated('09 11:00'), leaving: 'dead' } })],
      '12 00:00',
      [],
    ],
  ])('%s', (_name, events, watermark, expected) => {
    expect(found(events, watermark)).toEqual(expected);
  });
});

describe('the expected discharge', () => {
  it.each([
    ['on the day', '10', []],
    ['one day later', '11', []],
    ['two days later', '12', ['BUT-01#1 3']],
    ['two days earlier', '08', ['BUT-01#1 3']],
  ])('%s', (_name, day, expected) => {
    const events = [admit('04 08:30'), leave(`${day} 11:30`, `${day} 11:00`, { facts: [info(`${day} 11:00`)] })];
    expect(found(events, '20 00:00')).toEqual(expected);
  });

  it('was told anew before the discharge', () => {
    const update = later('09 10:00', { encounter: expecting('12') });
    const events = [admit('04 08:30'), update, leave('12 11:30', '12 11:00', { facts: [info('12 11:00')] })];
    expect(found(events, '20 00:00')).toEqual([]);
  });

  it('told anew by the discharge itself is not told before', () => {
    const discharge = leave('12 11:30', '12 11:00', {
      encounter: { end: stated('12 11:00'), ...expecting('12') },
      facts: [info('12 11:00')],
    });
    expect(found([admit('04 08:30'), discharge], '20 00:00')).toEqual(['BUT-01#1 3']);
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
