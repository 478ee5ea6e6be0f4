import { describe, expect, it } from '@jest/globals';
import type { StayEvent } from '../events/stay-event.ts';
import { consent, expecting, fact, may, message, need, SOLNA } from '../ward.fixture.ts';
import {
  acts,
  admit,
  CANCEL,
  FIRST,
  first,
  found,
  home,
  inForce,
  info,
  later,
  leave,
  of,
  SECOND,
  YES,
} from './continuation.fixture.ts';

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
