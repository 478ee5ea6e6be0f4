import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StayEvent } from '../events/stay-event.ts';
import type { StatedTime } from '../time/time.ts';
import {
  consent,
  expecting,
  fact,
  histories,
  may,
  message,
  need,
  REGION_CLINIC,
  SOLNA,
  stated,
  type Statement,
} from '../ward.fixture.ts';
import {
  admit,
  CANCEL,
  FIRST,
  first,
  home,
  inForce,
  info,
  kept,
  later,
  leave,
  SECOND,
  YES,
} from './continuation.fixture.ts';

describe('who continues whom (DEC-08)', () => {
  const withHome = (start: string, more: Partial<Statement> = {}): StayEvent[] => [
    ...first(),
    admit('s', start, { facts: [YES], ...more }),
  ];
  const aSecondAfter = (text: string): StatedTime => ({
    ...{ iso: 'a second later', precision: 'second' },
    ...{ start: may(text) + 1000, end: may(text) + 2000 },
  });
  it.each<[string, StayEvent[], string[]]>([
    ['two hours after', withHome('06 14:00'), [`${SOLNA} SOC`]],
    ['24 hours after, to the second', withHome('07 12:00'), [`${SOLNA} SOC`]],
    ['24 hours and a second after', withHome('07 12:00', { encounter: { start: aSecondAfter('07 12:00') } }), []],
    ['before the transfer is said: the receiving hospital may be the first', withHome('06 11:00'), [`${SOLNA} SOC`]],
    ['a stay that began before the first: it is none that follows', withHome('03 11:00'), []],
    ['a stay that began with the first', withHome('04 08:00'), []],
    ['another person', withHome('06 14:00', { person: 'another' }), []],
    ['the first was cancelled', [...withHome('06 14:00'), CANCEL('p', '06 16:00')], []],
    ['the transfer was taken back', [...withHome('06 14:00'), message('A13', { sent: '06 16:00', stay: 'p' })], []],
    ['the way of leaving was another', [FIRST.admission(), home('p', '06 12:00'), admit('s', '06 14:00')], []],
    [
      'the way of leaving was corrected to a transfer',
      [FIRST.admission(), home('p', '06 12:00'), SECOND, leave('p', '06 12:01', { leaving: 'transfer' })],
      [`${SOLNA} SOC`],
    ],
    ['the first told nobody', [FIRST.admission({ facts: [] }), FIRST.transfer(), SECOND], []],
    [
      'the need of the first was taken back',
      [...first(), SECOND, message('A08', { sent: '06 17:00', stay: 'p', facts: [need('NONE', '06 17:00')] })],
      [],
    ],
    [
      'the need of the first became known when the second had begun',
      [
        FIRST.admission({ facts: [] }),
        FIRST.transfer(),
        SECOND,
        message('A08', { sent: '06 17:00', stay: 'p', facts: [need('KHSL', '05 17:00')] }),
      ],
      [`${SOLNA} KHSL`, `${REGION_CLINIC} ROV`],
    ],
    [
      'a person whose number was found out in the first',
      [FIRST.admission({ person: 'reserve' }), FIRST.transfer(), SECOND],
      [`${SOLNA} SOC`],
    ],
  ])('%s', (_name, events, expected) => {
    expect(kept('s', events)).toEqual(expected);
  });

  it('an imprecise time of transfer is the end of its day', () => {
    const day = leave('p', '06 18:00', { leaving: 'transfer', end: stated('06') });
    expect(kept('s', [FIRST.admission(), day, admit('s', '07 23:00')])).toEqual([`${SOLNA} SOC`]);
  });

  it('a reservnummer of the first that nobody mended is another person', () => {
    const events = [FIRST.admission({ person: 'reserve' }), FIRST.transfer({ person: 'reserve' }), SECOND];
    expect(kept('s', events)).toEqual([]);
  });

  it('of two the one with the latest transfer is continued, and not both', () => {
    const other = [
      admit('q', '06 10:00', { facts: [need('ROV', '06 10:00')] }),
      leave('q', '06 13:00', { leaving: 'transfer' }),
    ];
    // q itself was admitted two hours before p's transfer: it continues p, and hands on both (DEC-31).
    expect(kept('s', [...first(), ...other, SECOND])).toEqual([`${SOLNA} SOC`, `${REGION_CLINIC} ROV`]);
    const unrelated = [
      admit('q', '06 09:59', { facts: [need('ROV', '06 09:59')] }),
      leave('q', '06 13:00', { leaving: 'transfer' }),
    ];
    expect(kept('s', [...first(), ...unrelated, SECOND])).toEqual([`${REGION_CLINIC} ROV`]);
  });

  it('two that claim the same both continue it', () => {
    const events = [...first(), SECOND, admit('t', '06 15:00', { facts: [YES] })];
    expect([kept('s', events), kept('t', events)]).toEqual([[`${SOLNA} SOC`], [`${SOLNA} SOC`]]);
  });

  it('a chain of three hands on what the first told, and what the second adds', () => {
    const second = admit('s', '06 14:00', { facts: [need('ROV', '06 14:00')] });
    const events = [
      ...first(),
      second,
      leave('s', '08 12:00', { leaving: 'transfer' }),
      admit('t', '08 13:00', { facts: [consent('Y', '08 13:00')] }),
      home('t', '10 12:00'),
    ];
    expect(inForce(events)).toEqual([
      `p INS ${SOLNA}`,
      `s INS ${REGION_CLINIC}`,
      `t UTS ${SOLNA}`,
      `t UTS ${REGION_CLINIC}`,
    ]);
  });
});

describe('the order in which the events of the stays come', () => {
  const events = [
    ...first(),
    admit('s', '06 11:00', { id: 's1', encounter: expecting('12'), facts: [YES] }),
    later('s', '07 09:00', '06 11:00', { id: 's2', facts: [fact('READY', 'Y', '07 08:50'), need('ROV', '07 08:00')] }),
    leave('s', '08 12:00', { leaving: 'transfer' }, { id: 's3' }),
    admit('t', '08 13:00', { id: 't1', facts: [consent('Y', '08 13:00')] }),
    home('t', '09 12:00', { id: 't2', facts: [info('09 12:00')] }),
    message('A13', { sent: '06 20:00', stay: 'p', id: 'p3' }),
    leave('p', '06 12:00', { leaving: 'transfer' }, { id: 'p4', sent: '06 21:00' }),
    leave('t', '09 14:00', { leaving: 'dead' }, { id: 't3' }),
  ];

  it('changes nothing of any of them', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: 1 }), (order) => {
        const sorted = [...order].sort((a, b) => (a.eventId < b.eventId ? -1 : 1));
        expect(histories(order)).toEqual(histories(sorted));
      }),
    );
  });
});
