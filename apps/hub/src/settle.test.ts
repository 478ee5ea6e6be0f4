import { describe, expect, it } from '@jest/globals';
import { Settling, type SettleStep } from './settle.ts';

/** A line of one step whose topic grows and whose consumer follows, as the test says. */
function line(
  more: Partial<SettleStep> = {},
  deadlineMillis = 60_000,
): {
  settling: Settling;
  log: { end: bigint; applied: bigint };
  asked: () => number;
} {
  const log = { end: 3n, applied: 0n };
  let asked = 0;
  const step: SettleStep = {
    stage: 'router',
    topics: () => ['events'],
    positions: () => Promise.resolve(new Map([['events', new Map([[0, log.applied]])]])),
    ...more,
  };
  const settling = new Settling({
    steps: [step],
    endOffsets: () => {
      asked++;
      return Promise.resolve(new Map([['events', [{ low: 0n, high: log.end }]]]));
    },
    deadlineMillis,
    pollMillis: 1,
  });
  return { settling, log, asked: () => asked };
}

describe('settle', () => {
  it('waits for what was there when it was asked, and for no more', async () => {
    let polls = 0;
    const { settling, asked } = line({
      positions: () => Promise.resolve(new Map([['events', new Map([[0, BigInt(polls++)]])]])),
    });
    expect(await settling.settle()).toBeUndefined();
    expect([polls, asked()]).toEqual([4, 1]);
  });

  it('names the stage that does not catch up', async () => {
    expect(await line({}, 20).settling.settle()).toMatchObject({ name: 'settle-timed-out', place: 'router' });
  });

  it('waits for what a stage still has to say', async () => {
    const { settling, log } = line({ allSaid: () => Promise.resolve(false) }, 20);
    log.applied = 3n;
    expect(await settling.settle()).toMatchObject({ place: 'router' });
  });

  it('asks again only when something was written', async () => {
    let mark = 'one';
    const { settling, log, asked } = line({ mark: () => Promise.resolve(mark) });
    log.applied = 3n;
    await settling.settle();
    await settling.settle();
    expect(asked()).toBe(1);
    mark = 'two';
    await settling.settle();
    expect(asked()).toBe(2);
  });

  it('outlives a moment without Kafka', async () => {
    let failures = 3;
    const { settling, log } = line({
      positions: () =>
        failures-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve(new Map([['events', new Map([[0, 3n]])]])),
    });
    log.applied = 3n;
    expect(await settling.settle()).toBeUndefined();
  });
});
