import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StayEvent } from '#libs/domain';
import { consent, fact, info, may, message, need, stated } from '../test/ward.ts';
import { Watch } from '../test/watch.ts';

const STAY: readonly StayEvent[] = [
  message('A01', { sent: '04 08:30', facts: [need('SOC', '04 08:00')] }),
  message('A08', { sent: '05 09:00', facts: [consent('Y', '05 09:00')] }),
  message('A08', { sent: '06 09:00', encounter: { expectedDischarge: stated('12 12:00') } }),
  message('A03', { sent: '09 14:00', facts: [fact('READY', 'Y', '09 10:00')], encounter: { end: stated('09 14:00') } }),
  message('A08', { sent: '10 08:00', facts: [info('10 08:00')] }),
];

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((one, at) => permutations(list.filter((_, index) => index !== at)).map((rest) => [one, ...rest]));
}

let watch: Watch;
beforeAll(async () => {
  watch = await Watch.begin();
});
afterAll(() => watch.end());

const findings = async (): Promise<unknown[]> =>
  (await watch.deviations()).filter((one) => one.status !== 'cancelled').map((one) => [one.id, one.deviation]);

/** What is said to be missing though the watermark has not passed its deadline: it may still come. */
async function saidTooEarly(watermark: number): Promise<string[]> {
  const open = (await watch.deviations())
    .filter(({ status }) => status !== 'cancelled')
    .map(({ deviation }) => deviation);
  return open.flatMap(({ code, due }) => (ABSENCES.has(code) && due > watermark ? [code] : []));
}
const ABSENCES = new Set(['INS-01', 'UTK-01', 'UTS-01', 'BUT-03', 'TEK-01', 'UTS-06']);

describe('the order in which messages come', () => {
  it('makes no difference to what is open at the end, nor does coming twice (architecture 2.8)', async () => {
    await watch.clear();
    await watch.events(...STAY);
    await watch.judgeAt('20');
    const expected = await findings();
    expect(expected.length).toBeGreaterThan(2);
    for (const order of permutations(STAY)) {
      await watch.clear();
      // One at a time, each twice, and the first once more at the end.
      for (const event of order) await watch.events(event, event);
      await watch.events(order[0]!);
      await watch.judgeAt('20');
      expect(await findings()).toEqual(expected);
    }
  });

  it('nor do the places where batches end and the watermark moves', async () => {
    await watch.clear();
    await watch.events(...STAY);
    await watch.judgeAt('20');
    const expected = await findings();
    const step = fc.record({ upTo: fc.integer({ min: 1, max: 10 }), judgedFirst: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...STAY, ...STAY], { minLength: 10 }),
        fc.array(step, { minLength: 4, maxLength: 4 }),
        async (order, steps) => {
          await watch.clear();
          let from = 0;
          let watermark = -Infinity;
          for (const { upTo, judgedFirst } of steps) {
            if (judgedFirst) {
              const at = `${String(5 + from).padStart(2, '0')} 12:00`;
              await watch.judgeAt(at);
              watermark = may(at);
            }
            const batch = order.slice(from, from + upTo);
            if (batch.length > 0) await watch.events(...batch);
            from += batch.length;
            expect(await saidTooEarly(watermark)).toEqual([]);
          }
          if (from < order.length) await watch.events(...order.slice(from));
          await watch.judgeAt('20');
          expect(await findings()).toEqual(expected);
        },
      ),
      { numRuns: 35 },
    );
  });
});
