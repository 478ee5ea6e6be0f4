import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { absorb } from '../events/intake-sequence.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { growingHistories, historiesOf, prefixesOf, saidOf } from './generated-histories.fixture.ts';
import { GENERATED_EVENTS } from './generated-stays.fixture.ts';

const IN_ANY_ORDER = GENERATED_EVENTS.chain((events) =>
  fc.tuple(fc.constant(events), fc.shuffledSubarray([...events], { minLength: events.length })),
);

/** The set of events after these were read in this order (architecture 2.5). */
function absorbed(order: readonly StayEvent[]): StayEvent[] {
  const known = new Map<string, readonly StayEvent[]>();
  for (const event of order) {
    const taken = absorb(known.get(event.inboundId) ?? [], event);
    if (taken) known.set(event.inboundId, taken.events);
  }
  return [...known.values()].flat();
}

describe('generated stays, in every order of processing with the intake of each held', () => {
  it('end in the same state, with the same acts, duties and deviations', () => {
    fc.assert(
      fc.property(IN_ANY_ORDER, ([events, order]) => {
        expect(saidOf(historiesOf(order))).toEqual(saidOf(historiesOf(events)));
      }),
      { numRuns: 150 },
    );
  });

  it('end so whatever came twice, earlier or later, or in a version that a mended translator replaced', () => {
    const copies = IN_ANY_ORDER.chain(([events, order]) =>
      fc.tuple(fc.constant(events), fc.constant(order), fc.array(fc.nat({ max: 3 }), { minLength: 30, maxLength: 30 })),
    );
    fc.assert(
      fc.property(copies, ([events, order, kinds]) => {
        const again = order.flatMap((event, index) => {
          const later = { ...event, intakeAt: event.intakeAt + 7_000, intakeStamp: event.intakeStamp + 1_000 };
          const faulty = { ...event, revision: 0, facts: [], stayId: 'A' };
          return [[event], [later, event], [event, later], [faulty, event, faulty]][kinds[index] ?? 0] ?? [];
        });
        expect(saidOf(historiesOf(absorbed(again)))).toEqual(saidOf(historiesOf(events)));
      }),
      { numRuns: 150 },
    );
  });
});

describe('generated stays, with the batch cut anywhere', () => {
  it('are told at every cut what the whole set tells', () => {
    const cut = IN_ANY_ORDER.chain(([, order]) =>
      fc.tuple(fc.constant(order), fc.array(fc.boolean(), { minLength: order.length, maxLength: order.length })),
    );
    fc.assert(
      fc.property(cut, ([order, cuts]) => {
        const growingOf = growingHistories();
        for (const [index, isCut] of cuts.entries()) {
          if (!isCut && index < order.length - 1) continue;
          const held = order.slice(0, index + 1);
          expect(saidOf(historiesOf(held, growingOf))).toEqual(saidOf(historiesOf(held)));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('as the hub took them in, what was told is never untold: an act only ends', () => {
    fc.assert(
      fc.property(GENERATED_EVENTS, (events) => {
        const alone = events.filter(({ stayId }) => stayId === 'A');
        let before: readonly { readonly key: string; readonly ended?: { readonly statedBy: string } }[] = [];
        for (const { taken } of prefixesOf(alone)) {
          const acts = historiesOf(taken).get('A')?.acts ?? [];
          expect(acts.slice(0, before.length).map(({ key }) => key)).toEqual(before.map(({ key }) => key));
          before.forEach(({ ended }, index) => {
            if (ended) expect(acts[index]?.ended?.statedBy).toBe(ended.statedBy);
          });
          before = acts;
        }
      }),
      { numRuns: 150 },
    );
  });
});
