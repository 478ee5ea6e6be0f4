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
  deliveryId: (key) => key,
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
const ready = (at: string, value = 'Y'): ReturnType<typeof fact> => fact('READY', value, at);
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
  const admitted = (more: object = {}): StayEvent => admit('04 08:30', { encounter: expecting('09'), ...more });
  const home = ({
    facts = [],
    ...more
  }: { facts?: ReturnType<typeof fact>[] } & Record<string, unknown> = {}): StayEvent =>
    leave('09 11:30', '09 11:00', { facts: [...facts, ready('09 10:00')], ...more });

  it.each([
    ['told the same day', [admitted(), home({ facts: [info('09 11:00')] })], '12 00:00', []],
    ['not told, the day is not over', [admitted(), home()], '10 00:00', []],
    ['not told', [admitted(), home()], '10 00:01', ['UTS-01#1 4']],
    [
      'told the day after',
      [admitted(), home(), later('10 09:00', { facts: [info('10 09:00')] })],
      '12 00:00',
      ['UTS-02#1 3'],
    ],
    ['consent refused', [admitted({ facts: [SOC, consent('N', '04 08:00')] }), home()], '12 00:00', []],
    [
      'nothing but a ground is missing',
      [admitted({ facts: [SOC] }), home({ facts: [info('09 11:00')] })],
      '12 00:00',
      ['UTK-01#1 2 ground-not-stated', 'UTS-01#1 2 ground-not-stated'],
    ],
    [
      'neither ground nor information',
      [admitted({ facts: [SOC] }), home()],
      '12 00:00',
      ['UTK-01#1 2 ground-not-stated', 'UTS-01#1 4'],
    ],
    ['told elsewhere by agreement', [admitted(ELSEWHERE), home(ELSEWHERE)], '12 00:00', []],
    ['taken back', [admitted(), home(), message('A13', { sent: '09 12:00' })], '12 00:00', []],
    [
      'transfer',
      [admitted(), leave('09 11:30', '09 11:00', { encounter: { end: stated('09 11:00'), leaving: 'transfer' } })],
      '12 00:00',
      [],
    ],
    [
      'death',
      [admitted(), leave('09 11:30', '09 11:00', { encounter: { end: stated('09 11:00'), leaving: 'dead' } })],
      '12 00:00',
      [],
    ],
  ])('%s', (_name, events, watermark, expected) => {
    expect(found(events, watermark)).toEqual(expected);
  });
});

describe('readiness for discharge', () => {
  const admitted = (more: object = {}): StayEvent => admit('04 08:30', { encounter: expecting('09'), ...more });
  const home = (sent = '09 11:30', more: object = {}): StayEvent =>
    leave(sent, '09 11:00', { facts: [info('09 11:00')], ...more });
  const says = (sent: string, at: string, more: object = {}): StayEvent => later(sent, { facts: [ready(at)], ...more });
  const both = need(['SOC', 'ROV'], '04 08:00');

  it.each<[string, StayEvent[], string[]]>([
    ['said before the discharge', [admitted(), says('09 09:00', '09 08:50'), home()], []],
    ['said in the minute of the discharge', [admitted(), home(), says('09 11:30', '09 11:00')], []],
    ['said a minute after it', [admitted(), home(), says('09 11:31', '09 11:00')], ['UTK-01#1 4']],
    ['never said', [admitted(), home()], ['UTK-01#1 4']],
    [
      'taken back and not said again',
      [admitted(), says('08 09:00', '08 08:50'), later('08 15:00', { facts: [ready('08 14:50', 'N')] }), home()],
      ['UTK-01#1 4'],
    ],
    [
      'told to the region alone for want of a ground',
      [admitted({ facts: [both] }), says('09 09:00', '09 08:50'), home()],
      ['UTK-03#1 2 ground-not-stated', 'UTS-01#1 4'],
    ],
    [
      'refused for all is lawful',
      [admitted({ facts: [SOC, consent('N', '04 08:00')] }), says('09 09:00', '09 08:50'), home()],
      [],
    ],
    ['judged in the morning, said at night', [admitted(), says('08 21:00', '08 08:00'), home()], ['UTK-02#e2 2']],
    ['four hours are in time', [admitted(), says('08 12:00', '08 08:00'), home()], []],
    [
      'with a referral open',
      [admitted({ facts: [SOC, YES, fact('REFERRAL', 'Y', '05 08:00')] }), says('09 09:00', '09 08:50'), home()],
      ['UTK-04#e2 3'],
    ],
    [
      'with a referral that had ended',
      [
        admitted({ facts: [SOC, YES, fact('REFERRAL', 'Y', '05 08:00'), fact('REFERRAL', 'N', '06 08:00')] }),
        says('09 09:00', '09 08:50'),
        home(),
      ],
      [],
    ],
    [
      'sent before noon by its own word, and taken in after it',
      [admitted(), says('08 11:50', '08 11:30', { intake: '08 13:00' }), home()],
      ['UTK-07#e2 3'],
    ],
    ['a few minutes over noon', [admitted(), says('08 11:55', '08 11:30', { intake: '08 12:05' }), home()], []],
    [
      'late, but on the same side of noon',
      [admitted(), says('08 09:00', '08 08:55', { intake: '08 11:59' }), home()],
      [],
    ],
    [
      'open compulsory care without its decision',
      [admitted({ facts: [SOC, YES, fact('COMPULSORY', 'OPT', '06 08:00')] }), home()],
      ['TVG-03#1 4'],
    ],
    [
      'open compulsory care with its decision',
      [
        admitted({ facts: [SOC, YES, fact('COMPULSORY', 'OPT', '06 08:00')] }),
        later('08 10:00', { facts: [fact('OPTDECISION', 'Y', '08 09:00')] }),
        home(),
      ],
      [],
    ],
    [
      'against advice',
      [admitted(), home('09 11:30', { encounter: { end: stated('09 11:00'), leaving: 'against-advice' } })],
      [],
    ],
  ])('%s', (_name, events, expected) => {
    expect(found(events, '20 00:00').map((one) => one.replace(events[1]?.eventId ?? '', 'e2'))).toEqual(expected);
  });

  it('is missed no sooner than the watermark has passed the discharge and its grace', () => {
    expect(found([admitted(), home()], '09 11:30').filter((one) => one.startsWith('UTK'))).toEqual([]);
    expect(found([admitted(), home()], '09 11:31').filter((one) => one.startsWith('UTK'))).toEqual(['UTK-01#1 4']);
  });
});

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
