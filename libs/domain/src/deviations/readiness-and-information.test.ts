import { describe, expect, it } from '@jest/globals';
import type { StayEvent } from '../events/stay-event.ts';
import { consent, expecting, fact, message, need, stated } from '../ward.fixture.ts';
import { admit, ELSEWHERE, found, info, later, leave, ready, SOC, YES } from './ward-stay.fixture.ts';

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
