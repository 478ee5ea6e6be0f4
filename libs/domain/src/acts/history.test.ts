import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '../events/fact.ts';
import type { StayEvent } from '../events/stay-event.ts';
import {
  admission,
  consent,
  expecting,
  fact,
  history,
  inForce,
  JARVA,
  may,
  message,
  need,
  REGION_CLINIC,
  SOLNA,
  stated,
} from '../ward.fixture.ts';

const kinds = (events: readonly StayEvent[]): string[] => history(events).acts.map((act) => act.kind);

describe('who is told of an admission', () => {
  it('tells nobody and asks nothing of anybody when no need is recorded (DEC-01)', () => {
    const stay = history([
      message('A01', { sent: '04 08:30' }),
      message('A08', { sent: '05 08:30', encounter: expecting('10'), facts: [fact('READY', 'Y', '05 08:00')] }),
      message('A03', {
        sent: '06 12:00',
        encounter: { end: stated('06 11:00') },
        facts: [fact('INFO', 'x', '06 11:00')],
      }),
    ]);
    expect(stay.acts).toEqual([]);
    expect(stay.duties).toEqual([]);
  });

  it.each([
    ['SOC', [`${SOLNA} INS 2026-05-10 SOC`]],
    ['ROV', [`${REGION_CLINIC} INS 2026-05-10 ROV`]],
    ['KHSL', [`${SOLNA} INS 2026-05-10 KHSL`, `${REGION_CLINIC} INS 2026-05-10 ROV`]],
    ['SOC ROV', [`${SOLNA} INS 2026-05-10 SOC`, `${REGION_CLINIC} INS 2026-05-10 ROV`]],
    ['NONE', []],
  ])('need %s', (values, told) => {
    expect(inForce([admission({ facts: [need(values.split(' '), '04 08:15')] })])).toEqual(told);
  });

  it('sends the city to its district board, also by the name it had before a merger', () => {
    const address = { lines: ['Provgatan 1'], municipality: '0180' };
    const to = (district: string): string[] => inForce([admission({ patient: { address: { ...address, district } } })]);
    expect(to('jarva')).toEqual([`${JARVA} INS 2026-05-10 SOC`]);
    expect(to('rinkeby-kista')).toEqual([`${JARVA} INS 2026-05-10 SOC`]);
  });

  it.each([
    ['no address', { address: null }],
    ['the divided city without a board', { address: { lines: ['Provgatan 1'], municipality: '0180' } }],
    ['a municipality the directory does not know', { address: { lines: ['Provgatan 1'], municipality: '1480' } }],
  ])('gives a need without a recipient to a person: %s', (_name, patient) => {
    const { acts, duties } = history([admission({ patient })]);
    expect(acts).toEqual([]);
    const byHand = duties.filter((duty) => duty.code === 'ROUTE-BY-HAND');
    expect(byHand).toMatchObject([{ occasion: 'municipality', owner: 'operator', due: may('05 08:15') }]);
  });

  it('gives a protected person to a human alone, marked, and never shows an address', () => {
    const { acts, duties } = history([admission({ patient: { protection: 'sekretessmarkering' } })]);
    expect(acts).toEqual([]);
    expect(duties).toMatchObject([{ code: 'ROUTE-BY-HAND', occasion: 'protected', protection: 'sekretessmarkering' }]);
    expect(JSON.stringify(duties)).not.toContain('Provgatan');
  });

  it('gives a stay to a human as soon as another stay of the person brings a protection; what was said stays said', () => {
    const events = [admission()];
    const protection = { label: 'sekretessmarkering', since: may('05 10:00') } as const;
    const { acts, duties, stay } = history(events, [], protection);
    expect(acts.map((act) => [act.kind, act.ended])).toEqual([['INS', undefined]]);
    expect(stay.protection).toBe('sekretessmarkering');
    expect(duties).toMatchObject([
      { code: 'ROUTE-BY-HAND', occasion: 'protected', since: may('05 10:00'), due: may('06 10:00') },
    ]);
    const later = message('A08', { sent: '06 08:00', encounter: expecting('12') });
    expect(history([...events, later], [], protection).acts.map((act) => act.kind)).toEqual(['INS']);
  });

  it('waits for the order where the agreement says so, and counts the order as the sending (DEC-02)', () => {
    const ordered = { terms: { ins: 'ordered' as const } };
    const before = admission(ordered);
    expect(inForce([before])).toEqual([]);
    const order = message('A08', { sent: '04 15:00', facts: [fact('INS', 'Y', '04 15:00')], ...ordered });
    expect(inForce([before, order])).toEqual([`${SOLNA} INS 2026-05-10 SOC`]);
  });

  it('counts an INS that the ward addresses as a recorded need, one addressed to nobody not (DEC-01)', () => {
    const ordered = { terms: { ins: 'ordered' as const }, facts: [] };
    const order = (scopes: Fact['scopes']): StayEvent =>
      message('A08', { sent: '04 15:00', ...ordered, facts: [fact('INS', 'Y', '04 15:00', { scopes })] });
    expect(inForce([admission(ordered), order(['SOC'])])).toEqual([`${SOLNA} INS 2026-05-10 SOC`]);
    expect(inForce([admission(ordered), order([])])).toEqual([]);
  });

  it('takes a need that the agreement implies, until one is stated', () => {
    const implied = { terms: { impliedNeed: ['SOC', 'ROV'] as const }, facts: [] };
    expect(inForce([admission(implied)])).toHaveLength(2);
    expect(inForce([admission({ ...implied, facts: [need('NONE', '04 08:15')] })])).toEqual([]);
  });

  it('states the admission by any message with class I and a start, also when no A01 came', () => {
    expect(inForce([message('A08', { sent: '04 09:00', facts: [need('SOC', '04 08:15')] })])).toHaveLength(1);
    const emergency = { encounter: { class: 'EMER' as const } };
    expect(inForce([message('A08', { sent: '04 09:00', facts: [need('SOC', '04 08:15')], ...emergency })])).toEqual([]);
  });

  it('completes an INS that lacked an item by a second version, and asks the ward for it meanwhile', () => {
    const bare = admission({ encounter: {} });
    expect(history([bare]).duties).toMatchObject([{ code: 'COMPLETE-INS', owner: 'SE2321000016-1000' }]);
    const complete = history([bare, message('A08', { sent: '04 12:00', encounter: expecting('10') })]);
    expect(complete.acts.map((act) => [act.kind, act.follows !== undefined])).toEqual([
      ['INS', false],
      ['INS', true],
    ]);
    expect(complete.duties).toEqual([]);
  });
});

describe('each change is an act', () => {
  it('10 May, 12 May, 10 May are three notices, the first of them the INS', () => {
    const events = [
      admission(),
      message('A08', { sent: '05 08:00', encounter: expecting('12') }),
      message('A08', { sent: '06 08:00', encounter: expecting('10') }),
    ];
    expect(inForce(events)).toEqual([
      `${SOLNA} INS 2026-05-10 SOC`,
      `${SOLNA} BUT 2026-05-12`,
      `${SOLNA} BUT 2026-05-10`,
    ]);
  });

  it('is one act when the hub takes several in at one instant, and three all the same', () => {
    const at = { intake: '06 09:00' };
    const events = [
      admission(at),
      message('A08', { sent: '05 08:00', encounter: expecting('12'), ...at }),
      message('A08', { sent: '06 08:00', encounter: expecting('10'), ...at }),
    ];
    for (const order of permutations(events)) expect(kinds(order)).toEqual(['INS', 'BUT', 'BUT']);
  });

  it('ready yes, no, yes are three: told, withdrawn, told', () => {
    const consented = [need('SOC', '04 08:15'), consent('Y', '04 08:15')];
    const ready = (value: string, at: string): StayEvent =>
      message('A08', { sent: at, facts: [fact('READY', value, at)] });
    const { acts } = history([
      admission({ facts: consented }),
      ready('Y', '07 10:00'),
      ready('N', '07 15:00'),
      ready('Y', '08 09:00'),
    ]);
    expect(acts.map((act) => [act.kind, act.ended?.cause])).toEqual([
      ['INS', undefined],
      ['UTK', 'not-so-any-more'],
      ['UTK', undefined],
    ]);
  });

  it('says nothing anew when a message repeats what is known', () => {
    const again = message('A08', { sent: '05 09:00', facts: [need('SOC', '05 09:00')], encounter: expecting('10') });
    expect(kinds([admission(), again])).toEqual(['INS']);
  });
});

describe('what is cancelled is taken back from those who have it', () => {
  const consented = admission({ facts: [need('SOC', '04 08:15'), consent('Y', '04 08:15')] });
  const discharge = message('A03', { sent: '09 11:30', encounter: { end: stated('09 11:00') } });

  it('A11 at any time, also after the discharge, which the ward then confirms (DEC-15)', () => {
    const cancelled = history([consented, discharge, message('A11', { sent: '09 12:00' })]);
    expect(cancelled.acts.every((act) => act.ended?.cause === 'cancelled')).toBe(true);
    expect(cancelled.acts.map((act) => act.kind)).toEqual(['INS', 'UTS']);
    expect(cancelled.duties.map((duty) => duty.code)).toEqual(['CONFIRM']);
  });

  it('is revived by an A01 sent later, and by nothing else', () => {
    const cancelled = [consented, message('A11', { sent: '04 09:00' })];
    expect(inForce([...cancelled, message('A08', { sent: '04 10:00' }), message('A13', { sent: '04 11:00' })])).toEqual(
      [],
    );
    const revived = history([...cancelled, message('A01', { sent: '04 10:00' })]);
    expect(revived.acts.map((act) => [act.kind, act.ended?.cause])).toEqual([
      ['INS', 'cancelled'],
      ['INS', undefined],
    ]);
  });

  it('A13 takes the UTS back, whatever its own EVN-6 and a left-over end', () => {
    const back = message('A13', { sent: '09 13:00', occurred: '04 08:00', encounter: { end: stated('09 11:00') } });
    const { acts, stay } = history([consented, discharge, back]);
    expect(acts.map((act) => [act.kind, act.ended?.cause])).toEqual([
      ['INS', undefined],
      ['UTS', 'not-so-any-more'],
    ]);
    expect(stay.state).toBe('admitted');
  });

  it('goes to the old recipient when the address was wrong, and the new one is told afresh (MC-28)', () => {
    const moved = message('A08', {
      sent: '05 09:00',
      patient: { address: { lines: ['Annan gata 2'], municipality: '0183' } },
    });
    const { acts } = history([consented, moved]);
    expect(acts.map((act) => [act.recipient, act.kind, act.ended?.cause])).toEqual([
      [SOLNA, 'INS', 'other-recipient'],
      ['0183', 'INS', undefined],
    ]);
  });

  it('keeps what an old recipient has while the new address is unknown', () => {
    const unknown = message('A08', { sent: '05 09:00', patient: { address: null } });
    expect(inForce([consented, unknown])).toEqual([`${SOLNA} INS 2026-05-10 SOC`]);
  });

  it.each([
    ['dead', ['INS deceased']],
    ['transfer', ['INS -']],
    ['home', ['INS -', 'UTS -']],
    ['against-advice', ['INS -', 'UTS -']],
  ] as const)('A03 that leaves by %s (DEC-08)', (leaving, expected) => {
    const end = message('A03', { sent: '09 11:30', encounter: { end: stated('09 11:00'), leaving } });
    expect(history([consented, end]).acts.map((act) => `${act.kind} ${act.ended?.cause ?? '-'}`)).toEqual(expected);
  });
});

describe('information for open care', () => {
  const texts = (...events: readonly StayEvent[]): (string | undefined)[] => {
    const { acts } = history([admission({ facts: [need(['ROV'], '04 08:15'), consent('Y', '04 08:15')] }), ...events]);
    return acts.flatMap(({ content, ended }) => (content.kind === 'INFO' && !ended ? [content.text] : []));
  };
  const scoped = fact('INFO', 'b', '07 11:00', { scopes: ['ROV'] });
  const unscoped = fact('INFO', 'a', '07 11:00');
  const later = [message('A08', { sent: '08 08:00' }), message('A08', { sent: '09 08:00' })];

  it('of one time, once with the scope and once without, is one notice, and is told once', () => {
    const both = message('A08', { sent: '07 11:30', facts: [unscoped, scoped] });
    expect(texts(both, ...later)).toEqual(['a\nb']);
  });

  it('of one time in two messages is told with the second, and no more after it', () => {
    const first = message('A08', { sent: '07 11:30', facts: [unscoped] });
    const second = message('A08', { sent: '07 12:30', facts: [scoped] });
    expect(texts(first, second, ...later)).toEqual(['a', 'a\nb']);
  });
});

describe('a message that says nothing', () => {
  const scopes = fc.constantFrom<Fact['scopes'][]>([], ['SOC'], ['ROV'], ['SOC', 'ROV']);
  const values = {
    INFO: ['a', 'b'],
    READY: ['Y', 'N'],
    INS: ['Y', 'N'],
    CONSENT: ['Y', 'N'],
    NEED: ['SOC', 'ROV', 'NONE'],
  };
  const said = fc
    .record({
      code: fc.constantFrom('INFO', 'READY', 'INS', 'CONSENT', 'NEED', 'INFO'),
      scopes,
      value: fc.nat(5),
      status: fc.constantFrom('F', 'F', 'F', 'C', 'D'),
      hour: fc.constantFrom('05 08:00', '06 08:00'),
      timed: fc.boolean(),
    })
    .map(({ code, scopes, value, status, hour, timed }) => {
      const of = values[code];
      const one = fact(code, of[value % of.length] ?? '', hour, { scopes: code === 'NEED' ? [] : scopes, status });
      return timed ? { ...one, stated: hour } : one;
    });
  const course = fc.array(
    fc.record({
      trigger: fc.constantFrom('A08', 'A08', 'A03', 'A13'),
      facts: fc.array(said, { maxLength: 3 }),
      expected: fc.constantFrom(undefined, '10', '12'),
    }),
    { maxLength: 5 },
  );

  it('tells nothing anew and ends nothing, whatever was said before', () => {
    fc.assert(
      fc.property(course, (messages) => {
        const events = [
          admission({ facts: [need(['SOC', 'ROV'], '04 08:15'), consent('Y', '04 08:15')] }),
          ...messages.map(({ trigger, facts, expected }, at) =>
            message(trigger, {
              ...{ sent: `06 ${10 + at}:30`, facts },
              encounter: {
                ...(trigger === 'A03' && { end: stated(`06 ${10 + at}:00`) }),
                ...(expected !== undefined && expecting(expected)),
              },
            }),
          ),
        ];
        const before = history(events).acts;
        expect(history([...events, message('A08', { sent: '06 20:30' })]).acts).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the order of processing changes nothing', () => {
  const course: StayEvent[] = [
    admission({ facts: [need(['SOC', 'ROV'], '04 08:15'), consent('Y', '04 08:15')] }),
    message('A08', { sent: '05 08:00', encounter: expecting('12'), facts: [fact('READY', 'Y', '05 08:00')] }),
    message('A08', { sent: '06 08:00', encounter: expecting('10'), facts: [fact('READY', 'N', '06 08:00')] }),
    message('A03', {
      sent: '07 11:30',
      encounter: { end: stated('07 11:00') },
      facts: [fact('INFO', 'a', '07 11:00')],
    }),
    message('A13', { sent: '07 12:00' }),
  ];

  it('for every permutation of five messages with their intake held', () => {
    const expected = history(course);
    for (const order of permutations(course)) expect(history(order)).toEqual(expected);
  });

  it('acts only grow or end as more is taken in: nothing is told that is not due, nothing withdrawn is told afresh', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(course, { minLength: 1 }), (events) => {
        const arrived = events.map((event, index) => ({ ...event, intakeAt: may('08 00:00') + index * 1000 }));
        let before: readonly { key: string; ended?: unknown }[] = [];
        arrived.forEach((_, index) => {
          const { acts } = history(arrived.slice(0, index + 1));
          before.forEach((act, position) => {
            expect(acts[position]?.key).toBe(act.key);
            if (act.ended) expect(acts[position]?.ended).toEqual(act.ended);
          });
          before = acts;
        });
      }),
    );
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}
