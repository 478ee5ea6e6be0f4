import { inTransaction } from '#libs/persistence';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureTopics, lockLane, Outbox, type Applied } from './index.ts';
import { eventually } from '../../../test/hub/until.ts';
import { names, numbers, RelayOnServices, upTo } from './testing/relay-on-services.ts';

let outbox: RelayOnServices;

beforeAll(async () => {
  outbox = await RelayOnServices.open();
});
afterEach(() => outbox.clear());
afterAll(() => outbox.close());

/** What a consumer does to a lane, one transaction after the other; `owners` stands for the owner in the position's row. */
class LaneWriter {
  readonly #owners = new Map<string, string>();
  readonly #written = new Map<string, number>();

  get written(): ReadonlyMap<string, number> {
    return this.#written;
  }

  /** Out: what is to be told to the relay after the commit. */
  async write(lane: string, topic: string, count: number, owner: string): Promise<Applied> {
    const from = this.#written.get(lane) ?? 0;
    const { schema } = RelayOnServices;
    const queued = await inTransaction(outbox.pool, async (tx) =>
      Outbox.append(tx, schema, await lockLane(tx, schema, lane), numbers(topic, lane, from, from + count)),
    );
    const continued = this.#owners.get(lane) === owner;
    this.#owners.set(lane, owner);
    this.#written.set(lane, from + count);
    const places = { topic: 'in', partition: 0, next: 0n, applied: 1, dropped: 0 };
    return { ...places, lane: queued[0]?.lane ?? NaN, appended: queued.length, queued, continued };
  }
}

describe('what was just committed', () => {
  it('is sent from memory, once a pass has emptied its lane', async () => {
    const out = await outbox.newTopic(1);
    const { relay } = await outbox.started();
    const writer = new LaneWriter();
    relay.committed([await writer.write('a', out, 3, 'we')]);
    await outbox.emptied();
    const second = await writer.write('a', out, 3, 'we');
    // Nobody else looks for them: were they read from the outbox, they would not be found.
    await outbox.pool.query('update outbox set lane = lane + 1000');
    relay.committed([second]);
    await eventually(async () => expect(await outbox.received(out)).toEqual(upTo([['a', 6]])));
    await outbox.pool.query('truncate outbox');
  });

  it('is read from the outbox when somebody else may have written to the lane before it', async () => {
    const out = await outbox.newTopic(1);
    const { relay } = await outbox.started();
    const writer = new LaneWriter();
    relay.committed([await writer.write('a', out, 3, 'we')]);
    await outbox.emptied();
    await writer.write('a', out, 3, 'another, that died before it had sent them');
    relay.committed([await writer.write('a', out, 3, 'we')]);
    await outbox.emptied();
    expect(await outbox.received(out)).toEqual(upTo([['a', 9]]));
  });

  it('is read from the outbox after it could not be sent', async () => {
    const out = await outbox.newTopic(1);
    const missing = `${out}-missing`;
    const { relay } = await outbox.started({ pollMs: 300 });
    const writer = new LaneWriter();
    relay.committed([await writer.write('a', out, 3, 'we')]);
    await outbox.emptied();
    relay.committed([await writer.write('a', missing, 1, 'we')]);
    relay.committed([await writer.write('a', out, 3, 'we')]);
    await eventually(async () => expect(await outbox.waiting()).toBe(1));
    await ensureTopics(outbox.kafka, [{ name: missing, partitions: 1, replicationFactor: 1, configs: {} }]);
    relay.committed([await writer.write('a', missing, 1, 'we')]);
    await outbox.emptied();
    expect((await outbox.received(missing)).get('a')).toEqual([3, 7]);
    expect((await outbox.received(out)).get('a')).toEqual([0, 1, 2, 4, 5, 6]);
  });

  it('keeps its order, and none is lost, whoever writes, dies, or does not know what it has committed', async () => {
    const out = await outbox.newTopic(3);
    const relays = [outbox.start({ pollMs: 150 }), outbox.start({ pollMs: 250 })];
    const writer = new LaneWriter();
    const owners = ['first 0', 'second 0'];
    for (let step = 1; step <= 400; step++) {
      const who = Math.random() < 0.8 ? 0 : 1;
      const applied = await writer.write(names(4)[step % 4] ?? '', out, 1 + (step % 3), owners[who] ?? '');
      // The reply to the commit was lost: nothing is told, and the consumer goes on under another name.
      if (Math.random() < 0.1) owners[who] = `${who} ${step}`;
      else relays[who]?.relay.committed([applied]);
    }
    await outbox.emptied();
    expect(await outbox.received(out)).toEqual(
      upTo([...writer.written].map(([lane, count]) => [lane, count] as const)),
    );
  });
});
