import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Identity } from '../events/statements.ts';
import { FIRST, PROVISIONAL, SECOND } from './generated-stays.fixture.ts';
import { GENERATED_WITH_PERSONS, merger, stamped, type TakenIn } from './generated-persons.fixture.ts';
import { growingHistories, historiesOf, prefixesOf, saidOf } from './generated-histories.fixture.ts';

const IN_ANY_ORDER = GENERATED_WITH_PERSONS.chain((taken) =>
  fc.tuple(
    fc.constant(taken),
    fc.shuffledSubarray([...taken.events, ...taken.said], {
      minLength: taken.events.length + taken.said.length,
    }),
  ),
);

type Order = readonly (TakenIn['events'][number] | TakenIn['said'][number])[];

function split(order: Order): TakenIn {
  return {
    events: order.flatMap((event) => ('stayId' in event ? [event] : [])),
    said: order.flatMap((event) => ('stayId' in event ? [] : [event])),
  };
}

describe('generated stays with what is said of their persons beside them', () => {
  it('end alike in every order of processing, with the intake of each held', () => {
    fc.assert(
      fc.property(IN_ANY_ORDER, ([{ events, said }, order]) => {
        const shuffled = split(order);
        expect(saidOf(historiesOf(shuffled.events, undefined, shuffled.said))).toEqual(
          saidOf(historiesOf(events, undefined, said)),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('are told at every cut of a batch what the whole set tells', () => {
    const cut = IN_ANY_ORDER.chain(([, order]) =>
      fc.tuple(fc.constant(order), fc.array(fc.boolean(), { minLength: order.length, maxLength: order.length })),
    );
    fc.assert(
      fc.property(cut, ([order, cuts]) => {
        const growingOf = growingHistories();
        for (const [index, isCut] of cuts.entries()) {
          if (!isCut && index < order.length - 1) continue;
          const { events, said } = split(order.slice(0, index + 1));
          expect(saidOf(historiesOf(events, growingOf, said))).toEqual(saidOf(historiesOf(events, undefined, said)));
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a merger', () => {
  const PAIRS = fc.constantFrom([FIRST, SECOND], [SECOND, FIRST], [PROVISIONAL, FIRST], [FIRST, PROVISIONAL] as const);
  const PLACED = fc.tuple(GENERATED_WITH_PERSONS, PAIRS, fc.integer({ min: -2, max: 250 }));

  /** The histories when a merger comes at that time, in half hours. */
  function mergedAt(at: number, from: Identity, into: Identity, events: TakenIn['events']) {
    const all = stamped(events, [merger(from, into, at)]);
    const intake = all.said[0]?.intakeAt ?? 0;
    const histories = historiesOf(all.events, undefined, all.said);
    // One that the hub learns of after the closing changes nothing of the stay (DEC-17).
    const open = [...histories].filter(([, { stay }]) => intake <= (stay.closesAt ?? Infinity));
    return { intake, histories: new Map(open), taken: all };
  }

  /** The stays that the hub held for closed at some time since that instant, though a later message may have opened them again. */
  function heldForClosed(since: number, { events, said }: TakenIn): Set<string> {
    const moments = [...prefixesOf(events).filter(({ now }) => now > since), { now: since, taken: [] }];
    const held = moments.flatMap(({ now }) => {
      const known = historiesOf(
        events.filter(({ intakeAt }) => intakeAt <= now),
        undefined,
        said,
      );
      return [...known].flatMap(([stayId, { stay }]) => ((stay.closesAt ?? Infinity) < since ? [stayId] : []));
    });
    return new Set(held);
  }

  it('before, between and after the messages of a stay ends in the same state', () => {
    fc.assert(
      fc.property(PLACED, ([{ events }, [from, into], halfHours]) => {
        const first = mergedAt(-10, from, into, events).histories;
        for (const [stayId, { stay }] of mergedAt(halfHours, from, into, events).histories) {
          expect([stayId, stay]).toEqual([stayId, first.get(stayId)?.stay]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('leaves nothing more to be told under the number that was given up', () => {
    fc.assert(
      fc.property(PLACED, ([{ events }, [from, into], halfHours]) => {
        const { intake, histories, taken } = mergedAt(halfHours, from, into, events);
        const closed = heldForClosed(intake, taken);
        for (const [stayId, { acts }] of histories) {
          // While the hub holds a stay for closed, what is said of its person changes nothing of it (DEC-17).
          if (closed.has(stayId)) continue;
          const after = acts.filter(({ at }) => at > intake);
          expect(after.filter(({ content }) => content.person.identity.value === from.value)).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });
});
