import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StayEvent } from '#libs/domain';
import { consent, fact, ids, info, message, need, SOLNA, stated, type Told } from '../test/ward.ts';
import { Watch } from '../test/watch.ts';

/*
 * A case that goes on in another stay after a transfer (DEC-08): the first stay tells Solna, and sends the patient
 * on at 12:00 on the 5th; the second begins at 14:00 at a hospital that orders its INS.
 */
const FIRST = message('A01', { sent: '04 08:30', facts: [need('SOC', '04 08:00')] });
const MOVED = message('A03', { sent: '05 12:00', encounter: { end: stated('05 12:00'), leaving: 'transfer' } });
const second = (trigger: Parameters<typeof message>[0], sent: string, more: Partial<Told> = {}): StayEvent =>
  message(trigger, {
    ...{ visit: 'v2', sent, terms: { ins: 'ordered' }, ...more },
    encounter: { start: stated('05 14:00'), expectedDischarge: stated('07 12:00'), ...more.encounter },
  });
const ARRIVED = second('A01', '05 15:00', { facts: [consent('Y', '05 15:00'), need('SOC', '05 15:00')] });
const READY = second('A08', '06 09:00', { facts: [fact('READY', 'Y', '06 09:00')] });
const LEFT = second('A03', '07 12:00', { encounter: { end: stated('07 12:00'), leaving: 'home' } });
const INFO = second('A08', '08 09:00', { facts: [info('08 09:00')] });

let watch: Watch;
beforeAll(async () => {
  watch = await Watch.begin();
});
afterAll(() => watch.end());
beforeEach(() => watch.clear());

/** What is open of the ward, the hub's own aside. */
const ofWard = async (): Promise<string[]> => (await watch.open()).filter((line) => !line.startsWith('TEK'));
const findings = async (): Promise<unknown[]> =>
  (await watch.deviations()).filter((one) => one.status !== 'cancelled').map((one) => [one.id, one.deviation]);

describe('the duty to send an INS', () => {
  it('is met by the stay before', async () => {
    await watch.events(FIRST, MOVED);
    await watch.events(ARRIVED);
    await watch.judgeAt('06 16:00');
    // The INS of the first and the BUT of the second, which no recipient has.
    expect(await watch.open()).toEqual(['TEK-01 3', 'TEK-01 3']);
  });

  it('is missed until the stay before is heard of, and again when that never was', async () => {
    await watch.events(ARRIVED);
    await watch.judgeAt('06 16:00');
    expect(await ofWard()).toEqual(['INS-01 4']);
    await watch.events(FIRST);
    expect(await ofWard()).toEqual(['INS-01 4']);
    await watch.events({ ...MOVED, intakeAt: MOVED.intakeAt + 1 });
    expect(await ofWard()).toEqual([]);
    expect(await watch.closed()).toEqual(['INS-01 disproved']);
    await watch.events(message('A11', { sent: '06 17:00' }));
    expect(await ofWard()).toEqual(['INS-01 4']);
  });

  it('is the second’s own when the first told nobody, or the stay is another person’s', async () => {
    await watch.events(message('A01', { sent: '04 08:30' }), MOVED, ARRIVED);
    await watch.judgeAt('06 16:00');
    expect(await ofWard()).toEqual(['INS-01 4']);
    await watch.clear();
    await watch.events(FIRST, MOVED, { ...ARRIVED, patientId: ids.patient('pnr', 'another') });
    await watch.judgeAt('06 16:00');
    expect(await ofWard()).toEqual(['INS-01 4']);
  });
});

describe('the information at the end of the case', () => {
  it('is missed towards those whom the first stay told, when a timer alone asks', async () => {
    await watch.events(FIRST, MOVED);
    await watch.events(ARRIVED);
    await watch.events(LEFT);
    await watch.judgeAt('08 01:00');
    expect(await ofWard()).toEqual(['UTK-01 4', 'UTS-01 4']);
    await watch.events(INFO);
    expect(await ofWard()).toEqual(['UTK-01 4', 'UTS-02 3']);
  });
});

describe('a death in the stay that goes on', () => {
  it('makes the withdrawal of the first stay’s INS owed, and the hub answers for it', async () => {
    await watch.events(FIRST, MOVED, ARRIVED);
    await watch.receipt('v1', `INS|${SOLNA}|INS|${FIRST.eventId}`, '04 08:31');
    await watch.events(second('A03', '07 12:00', { encounter: { end: stated('07 12:00'), leaving: 'dead' } }));
    await watch.judgeAt('07 14:00');
    expect(
      (await watch.deviations()).map(({ stayId, deviation }) => [stayId, deviation.code, deviation.evidence]),
    ).toEqual([[FIRST.stayId, 'TEK-01', [FIRST.eventId]]]);
  });
});

describe('the order in which the events of both stays come', () => {
  const CASE: readonly StayEvent[] = [
    // The first stay finds out who the person is only at its end, the second on the way.
    { ...FIRST, patientId: ids.patient('pnr', 'reserve') },
    MOVED,
    { ...ARRIVED, patientId: ids.patient('pnr', 'unknown') },
    READY,
    LEFT,
    INFO,
  ];
  const TAKEN_BACK: readonly StayEvent[] = [
    FIRST,
    MOVED,
    ARRIVED,
    message('A13', { sent: '05 16:00' }),
    message('A03', { sent: '05 18:00', encounter: { end: stated('05 12:00'), leaving: 'transfer' } }),
    second('A03', '07 12:00', { encounter: { end: stated('07 12:00'), leaving: 'dead' } }),
    second('A13', '07 13:00'),
  ];

  it.each([
    ['home, with a late word', CASE, 3],
    ['a transfer and a death taken back', TAKEN_BACK, 1],
  ])(
    'makes no difference to what is open, nor do doubles and the ends of batches: %s',
    async (_name, events, least) => {
      await watch.events(...events);
      await watch.judgeAt('20');
      const expected = await findings();
      expect(expected.length).toBeGreaterThanOrEqual(least);
      const step = fc.record({ upTo: fc.integer({ min: 1, max: 6 }), judgedFirst: fc.boolean() });
      const doubled = [...events, ...events];
      await fc.assert(
        fc.asyncProperty(
          fc.shuffledSubarray(doubled, { minLength: doubled.length }),
          fc.array(step, { minLength: 6, maxLength: 6 }),
          async (order, steps) => {
            await watch.clear();
            let from = 0;
            for (const { upTo, judgedFirst } of steps) {
              if (judgedFirst) await watch.judgeAt(`${String(4 + from).padStart(2, '0')} 12:00`);
              const batch = order.slice(from, from + upTo);
              if (batch.length > 0) await watch.events(...batch);
              from += batch.length;
            }
            for (const event of order.slice(from)) await watch.events(event);
            await watch.judgeAt('20');
            expect(await findings()).toEqual(expected);
          },
        ),
        { numRuns: 60 },
      );
    },
  );
});
