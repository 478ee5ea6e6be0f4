import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as immediately } from 'node:timers/promises';
import { BytesInFlight, ReadTurns } from './bytes-in-flight.ts';

const LIMIT = 64 * 1024 * 1024;
const SMALL = 2_000;
const MEGABYTE = 1_000_000;

/** A connection that begins what it has to send as far as it is let, in order. */
class Sending {
  readonly begun: number[] = [];
  readonly #room: BytesInFlight;
  readonly #frames: number[];

  constructor(room: BytesInFlight, frames: readonly number[]) {
    this.#room = room;
    this.#frames = [...frames];
    this.pump();
  }

  readonly pump = (): void => {
    for (let next = this.#frames[0]; next !== undefined; next = this.#frames[0]) {
      if (!this.#room.take(next, this.pump)) return;
      this.begun.push(next);
      this.#frames.shift();
    }
  };

  /** It has gone, with all that it had to send. */
  leave(): void {
    this.#frames.length = 0;
  }
}

describe('bulk in flight', () => {
  it('is begun one frame at a time when it is large, and holds up no message of another', () => {
    const room = new BytesInFlight(LIMIT, () => undefined);
    const large = new Sending(room, [MEGABYTE, MEGABYTE, MEGABYTE]);
    const others = new Sending(room, [SMALL, SMALL]);
    expect([large.begun, others.begun]).toEqual([[MEGABYTE], [SMALL, SMALL]]);
    room.give(MEGABYTE);
    expect(large.begun).toHaveLength(2);
  });

  it('goes by turns: a connection that has much waits for each that came to wait before its next', () => {
    const room = new BytesInFlight(LIMIT, () => undefined);
    const [greedy, second, third] = [[1, 2, 3, 4], [1], [1]].map(
      (frames) =>
        new Sending(
          room,
          frames.map((n) => MEGABYTE + n),
        ),
    );
    const begun = () => [greedy, second, third].map((one) => one?.begun.length);
    expect(begun()).toEqual([1, 0, 0]);
    // It waited for its second before the others came.
    room.give(MEGABYTE + 1);
    expect(begun()).toEqual([2, 0, 0]);
    room.give(MEGABYTE + 2);
    expect(begun()).toEqual([2, 1, 0]);
    room.give(MEGABYTE + 1);
    expect(begun()).toEqual([2, 1, 1]);
    room.give(MEGABYTE + 1);
    expect(begun()).toEqual([3, 1, 1]);
  });

  it('waits for nobody who has gone', () => {
    const room = new BytesInFlight(LIMIT, () => undefined);
    const first = new Sending(room, [MEGABYTE]);
    const [gone, last] = [new Sending(room, [MEGABYTE]), new Sending(room, [MEGABYTE])];
    gone.leave();
    room.give(MEGABYTE);
    expect([first.begun, gone.begun, last.begun]).toEqual([[MEGABYTE], [], [MEGABYTE]]);
  });

  it('is bounded, keeps its order, and comes to its end, whoever sends what', () => {
    const frames = fc.array(fc.constantFrom(SMALL, 20_000, 200_000, MEGABYTE), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (all, draws) => {
        const room = new BytesInFlight(LIMIT, () => undefined);
        const connections = all.map((one) => new Sending(room, one));
        const given = connections.map(() => 0);
        const underWay = () => connections.flatMap(({ begun }, at) => begun.slice(given[at]));
        for (let flying = underWay(); flying.length > 0; flying = underWay()) {
          const bulk = flying.filter((bytes) => bytes > SMALL).reduce((sum, bytes) => sum + bytes, 0);
          expect(bulk).toBeLessThan(512 * 1024 + MEGABYTE);
          const able = connections.flatMap(({ begun }, at) => (begun.length > given[at]! ? [at] : []));
          const at = able[draws.next().value! % able.length]!;
          room.give(connections[at]!.begun[given[at]!]!);
          given[at]! += 1;
        }
        expect(connections.map(({ begun }) => begun)).toEqual(all);
      }),
    );
  });
});

describe('turns to be read', () => {
  it('come as many in a round of the event loop as is said, in the order in which they were asked for', async () => {
    const turns = new ReadTurns(2);
    const read: number[] = [];
    for (const at of [0, 1, 2, 3, 4]) turns.wait(() => read.push(at));
    const rounds: number[][] = [];
    for (let round = 0; round < 3; round++) {
      await immediately();
      rounds.push([...read]);
    }
    expect(rounds).toEqual([
      [0, 1],
      [0, 1, 2, 3],
      [0, 1, 2, 3, 4],
    ]);
  });
});
