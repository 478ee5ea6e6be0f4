import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judge } from '../deviations/registry.ts';
import type { Fact } from '../events/fact.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { History } from './history.ts';
import { withdrawalKey } from '../notices/act.ts';
import { parametersOn } from '../rules/parameters.ts';
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

/** The stay that sends on: admitted on the 4th, its need told to Solna, transferred on the 6th at 12:00. */
const FIRST: Record<'admission' | 'transfer', (more?: Partial<Statement>) => StayEvent> = {
  admission: (more) =>
    message('A01', {
      ...{ sent: '04 08:30', stay: 'p', id: 'p1', facts: [need('SOC', '04 08:15')] },
      ...{ encounter: expecting('10'), ...more },
    }),
  transfer: (more) => leave('p', '06 12:00', { leaving: 'transfer' }, { id: 'p2', ...more }),
};
const first = (): StayEvent[] => [FIRST.admission(), FIRST.transfer()];

const admit = (stay: string, at: string, more: Partial<Statement> = {}): StayEvent =>
  message('A01', { sent: at, stay, ...more, encounter: { start: stated(at), ...more.encounter } });
/** A later message of a stay, which says again when it began. */
const later = (stay: string, sent: string, start: string, more: Partial<Statement> = {}): StayEvent =>
  message('A08', { sent, stay, ...more, encounter: { start: stated(start), ...more.encounter } });
function leave(stay: string, at: string, how: StayEvent['encounter'], more: Partial<Statement> = {}): StayEvent {
  return message('A03', { sent: at, stay, ...more, encounter: { start: undefined, end: stated(at), ...how } });
}
const home = (stay: string, at: string, more: Partial<Statement> = {}): StayEvent =>
  leave(stay, at, { leaving: 'home' }, more);
const CANCEL = (stay: string, at: string, id = `${stay}-cancel`): StayEvent => message('A11', { sent: at, stay, id });
const YES: Fact = consent('Y', '06 15:00');
const info = (at: string): Fact => fact('INFO', 'text', at, { scopes: ['SOC'] });
const SECOND = admit('s', '06 14:00', { id: 's1', facts: [YES] });

/** Acts by stay, one line each: `s UTS 0184`, with why it ended. */
function acts(events: readonly StayEvent[]): string[] {
  return [...histories(events)].flatMap(([stay, history]) =>
    history.acts.map((act) =>
      [stay, act.kind, act.recipient, act.ended && `ended ${act.ended.cause}`].filter(Boolean).join(' '),
    ),
  );
}
/** What stands, by stay. */
const inForce = (events: readonly StayEvent[]): string[] => acts(events).filter((line) => !line.includes(' ended '));
const of = (stay: string, events: readonly StayEvent[]): History => {
  const found = histories(events).get(stay);
  if (!found) throw new Error(`no stay ${stay}`);
  return found;
};
const kept = (stay: string, events: readonly StayEvent[]): string[] =>
  of(stay, events).kept.map((one) => `${one.party.id} ${one.scopes.join('+')}`);

function found(stay: string, events: readonly StayEvent[], watermark = '20'): string[] {
  const history = of(stay, events);
  const received = new Map(
    history.acts.flatMap((act) => [
      [act.key, act.at] as const,
      [withdrawalKey(act) ?? act.key, act.ended?.at ?? act.at] as const,
    ]),
  );
  return judge(history, {
    watermark: may(watermark),
    parameters: (date) => parametersOn(date),
    outages: [],
    received,
    deliveryId: (key) => key,
    suspected: false,
  }).deviations.map((one) => `${one.code} ${one.severity}${one.reason ? ` ${one.reason}` : ''}`);
}

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

describe('what the stay that goes on tells those who were told', () => {
  it('says nothing to them but its own notices, each under its own ground', () => {
    const events = [
      FIRST.admission({ facts: [need('SOC', '04 08:15'), consent('Y', '04 08:15')] }),
      FIRST.transfer(),
      admit('s', '06 14:00', { encounter: expecting('12'), facts: [] }),
      later('s', '07 09:00', '06 14:00', { facts: [fact('READY', 'Y', '07 08:50')] }),
      home('s', '08 12:00'),
    ];
    expect(inForce(events)).toEqual([`p INS ${SOLNA}`, `s BUT ${SOLNA}`]);
    expect(of('s', events).withheld.map(({ kind, because }) => `${kind} ${because}`)).toEqual([
      'UTK not-stated',
      'UTS not-stated',
    ]);
    expect(of('s', events).duties.map(({ code, occasion }) => `${code} ${occasion}`)).toEqual([
      'STATE-GROUND UTK',
      'STATE-GROUND UTS',
    ]);
    const granted = [...events, later('s', '08 13:00', '06 14:00', { facts: [consent('Y', '08 13:00')] })];
    expect(inForce(granted)).toEqual([`p INS ${SOLNA}`, `s BUT ${SOLNA}`, `s UTK ${SOLNA}`, `s UTS ${SOLNA}`]);
  });

  it('does not repeat the expected discharge that was told last', () => {
    const same = [...first(), admit('s', '06 14:00', { encounter: expecting('10') })];
    expect(inForce(same)).toEqual([`p INS ${SOLNA}`]);
    const updated = [
      FIRST.admission(),
      message('A08', { sent: '05 10:00', stay: 'p', encounter: expecting('12') }),
      FIRST.transfer(),
      admit('s', '06 14:00', { encounter: expecting('10') }),
    ];
    expect(inForce(updated)).toEqual([`p INS ${SOLNA}`, `p BUT ${SOLNA}`, `s BUT ${SOLNA}`]);
  });

  it('makes an INS of its own where it states a need, also to one that was told', () => {
    const events = [...first(), admit('s', '06 14:00', { facts: [need('SOC', '06 14:00')] })];
    expect(inForce(events)).toEqual([`p INS ${SOLNA}`, `s INS ${SOLNA}`]);
    const ended = [...events, later('s', '07 09:00', '06 14:00', { facts: [need('NONE', '07 09:00'), YES] })];
    const end = home('s', '08 12:00');
    // The second ward says that there is no need: the case is over for those who were told (DEC-31).
    expect(acts([...ended, end])).toEqual([`p INS ${SOLNA} ended no-need-later`, `s INS ${SOLNA} ended no-need`]);
  });

  it('needs no order where the ward orders its INS', () => {
    const terms = { ins: 'ordered' as const };
    const events = [...first(), admit('s', '06 14:00', { facts: [YES, need('SOC', '06 14:00')], terms })];
    expect(inForce([...events, home('s', '08 12:00', { terms })])).toEqual([`p INS ${SOLNA}`, `s UTS ${SOLNA}`]);
    expect(found('s', events)).toEqual([]);
  });

  it('says in the trace why', () => {
    const [uts] = of('s', [...first(), SECOND, home('s', '08 12:00')]).acts;
    expect(uts?.trace.map((line) => line.text)).toEqual([
      'Solna stad har fått inskrivningsmeddelande i det föregående vårdtillfället, som fortsätter i detta.',
      'Grund: Samtycke, gäller från 2026-05-06 15:00.',
    ]);
  });

  it('carries nothing of the stay before', () => {
    const careProvider = 'Ett annat sjukhus';
    const events = [
      FIRST.admission({ terms: { careProvider, organisation: 'SE-OTHER' } }),
      FIRST.transfer({ terms: { careProvider, organisation: 'SE-OTHER' } }),
      SECOND,
      home('s', '08 12:00', { facts: [info('08 12:00')] }),
    ];
    const told = JSON.stringify(of('s', events).acts);
    for (const secret of [careProvider, 'SE-OTHER', 'p1', 'p2', '"p"']) expect(told).not.toContain(secret);
  });

  it('tells a protected person’s nothing, and asks a human', () => {
    const events = [...first(), SECOND, home('s', '08 12:00', { patient: { protection: 'sekretessmarkering' } })];
    expect(inForce(events)).toEqual([`p INS ${SOLNA}`]);
    expect(of('s', events).duties.map(({ code, occasion }) => `${code} ${occasion}`)).toEqual([
      'ROUTE-BY-HAND protected',
    ]);
  });
});

describe('what is known too late', () => {
  it('is told from when it could be: the transfer comes after the discharge home', () => {
    const late = FIRST.transfer({ intake: '09 10:00' });
    const events = [FIRST.admission(), SECOND, home('s', '08 12:00', { facts: [info('08 12:00')] }), late];
    const { acts: told } = of('s', events);
    expect(told.map(({ kind, at, sent }) => [kind, at, sent])).toEqual([
      ['UTS', may('09 10:00'), may('09 10:00')],
      ['INFO', may('09 10:00'), may('09 10:00')],
    ]);
    // Neither the ward's lateness nor the hub's.
    expect(found('s', events)).toEqual([]);
  });
});

describe('the duties of a stay that goes on', () => {
  const ordered = { terms: { ins: 'ordered' as const } };
  const need2 = need('SOC', '06 14:00');
  it.each<[string, StayEvent[], string[]]>([
    ['an INS was sent: none is missed', [...first(), admit('s', '06 14:00', { facts: [need2], ...ordered })], []],
    [
      'none was sent: judged as ever',
      [FIRST.admission({ facts: [] }), FIRST.transfer(), admit('s', '06 14:00', { facts: [need2], ...ordered })],
      ['INS-01 4'],
    ],
    [
      'an INS after the discharge is no INS-02',
      [
        ...first(),
        SECOND,
        home('s', '08 12:00', { facts: [info('08 12:00')] }),
        later('s', '08 13:00', '06 14:00', { facts: [need2], encounter: expecting('08') }),
      ],
      ['UTK-01 4'],
    ],
    ['what it sends is whole', [...first(), admit('s', '06 14:00', { facts: [need2] })], ['INS-05 3']],
    [
      'home without a word to those who were told',
      [...first(), SECOND, home('s', '08 12:00')],
      ['UTK-01 4', 'UTS-01 4'],
    ],
    [
      'home without a ground to tell them',
      [...first(), admit('s', '06 14:00'), home('s', '08 12:00', { facts: [info('08 12:00')] })],
      ['UTK-01 4', 'UTS-01 2 ground-not-stated'],
    ],
    [
      'the word came the day after',
      [...first(), SECOND, home('s', '08 12:00'), later('s', '09 12:00', '06 14:00', { facts: [info('09 12:00')] })],
      ['UTK-01 4', 'UTS-02 3'],
    ],
    [
      'nobody was told, and no need was ever stated: that alone',
      [FIRST.admission({ facts: [] }), FIRST.transfer(), SECOND, home('s', '08 12:00')],
      ['INS-11 1'],
    ],
    [
      'home on another day than it told',
      [
        ...first(),
        admit('s', '06 14:00', { encounter: expecting('12'), facts: [YES] }),
        home('s', '08 12:00', { facts: [info('08 12:00')] }),
      ],
      ['BUT-01 3', 'UTK-01 4', 'UTS-05 3'],
    ],
    [
      'home on another day than the ward before told: not its word',
      [...first(), SECOND, home('s', '14 12:00', { facts: [info('14 12:00')] })],
      ['UTK-01 4'],
    ],
  ])('%s', (_name, events, expected) => {
    expect(found('s', events)).toEqual(expected);
  });
});

describe('the end of a case', () => {
  const death = leave('s', '08 12:00', { leaving: 'dead' }, { id: 's-dead' });

  it('a death ends the INS of the stay before at those who have it, and what the later one told', () => {
    const events = [...first(), admit('s', '06 14:00', { id: 's1', encounter: expecting('12'), facts: [] }), death];
    expect(acts(events)).toEqual([`p INS ${SOLNA} ended deceased-later`, `s BUT ${SOLNA} ended deceased`]);
    expect(of('p', events).acts[0]?.ended).toMatchObject({ statedBy: 'p2', at: may('08 12:00') });
    expect(of('s', events).duties).toEqual([]);
  });

  it('a death ends every stay of the chain', () => {
    const chain = [...first(), SECOND, leave('s', '08 12:00', { leaving: 'transfer' }), admit('t', '08 13:00')];
    expect(acts([...chain, leave('t', '09 12:00', { leaving: 'dead' })])).toEqual([
      `p INS ${SOLNA} ended deceased-later`,
    ]);
  });

  it('leaves the ward of the stay before judged by what it did itself', () => {
    const lateNeed = FIRST.admission({ intake: '05 20:00' });
    expect(found('p', [lateNeed, FIRST.transfer(), SECOND, death])).toEqual(['INS-04 3']);
  });

  it('a death in a stay that never was ends nothing', () => {
    expect(inForce([...first(), SECOND, death, CANCEL('s', '09 08:00')])).toEqual([`p INS ${SOLNA}`]);
  });

  it('a stay that never was takes back its own notices, and the INS before stands', () => {
    const events = [...first(), admit('s', '06 14:00', { encounter: expecting('12') }), CANCEL('s', '07 08:00')];
    expect(acts(events)).toEqual([`p INS ${SOLNA}`, `s BUT ${SOLNA} ended cancelled`]);
  });

  it('and asks the ward to confirm when it had been left', () => {
    const { duties } = of('s', [...first(), SECOND, home('s', '08 12:00'), CANCEL('s', '09 08:00')]);
    expect(duties.map(({ code }) => code)).toEqual(['CONFIRM']);
  });

  it('when the first never was, what the second told those of the first is no act any more', () => {
    const events = [...first(), SECOND, home('s', '08 12:00'), CANCEL('p', '09 08:00')];
    expect(acts(events)).toEqual([`p INS ${SOLNA} ended cancelled`]);
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
