import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureTopics, GroupCommitProducer, MessagingError, silentLog } from './index.ts';
import type { StuckRow } from './index.ts';
import type { SendableRecord } from './partition-book.ts';
import { eventually } from '../../../test/hub/until.ts';
import { readAll } from './testing/reading.ts';
import { names, numbers, record, RelayOnServices, upTo } from './testing/relay-on-services.ts';
import { within } from './waiting.ts';

let outbox: RelayOnServices;

beforeAll(async () => {
  outbox = await RelayOnServices.open();
});
afterEach(() => outbox.clear());
afterAll(() => outbox.close());

describe('the trouble of one lane', () => {
  it('stays its own when a topic is refused or a row is too large', async () => {
    const out = await outbox.newTopic(1);
    const missing = `${out}-missing`;
    const stuck: StuckRow[] = [];
    const { relay } = await outbox.started({ onStuck: (row) => stuck.push(row) });
    const lanes = [
      await outbox.append('refused', [
        ...numbers(out, 'refused', 0, 3),
        record(missing, 'refused', 100),
        ...numbers(out, 'refused', 3, 6),
      ]),
      await outbox.append('large', [
        ...numbers(out, 'large', 0, 3),
        record(out, 'large', 100, 'x'.repeat(1_500_000)),
        ...numbers(out, 'large', 3, 6),
      ]),
    ];
    for (const lane of names(8)) lanes.push(await outbox.append(lane, numbers(out, lane, 0, 3)));
    relay.kick(...lanes);
    await eventually(async () => expect(await outbox.waiting()).toBe(1));
    expect(await outbox.received(out)).toEqual(
      upTo([['refused', 6], ['large', 6], ...names(8).map((lane) => [lane, 3] as const)]),
    );
    expect(stuck).toEqual([{ id: 'large/100', topic: out, reason: 'too-large' }]);
    expect(await relay.stuck()).toBe(1);

    await ensureTopics(outbox.kafka, [{ name: missing, partitions: 1, replicationFactor: 1, configs: {} }]);
    await eventually(async () => {
      relay.kick(...lanes);
      expect(await relay.idle()).toBe(true);
    });
    expect(await readAll(outbox.kafka, missing)).toHaveLength(1);
  });

  it('does not hold up the others when Kafka does not take it: they go on without it', async () => {
    const out = await outbox.newTopic(1);
    const bad = await outbox.append('bad', numbers(out, 'bad', 0, 2));
    const producer = new LeaderlessProducer(`${RelayOnServices.schema}:${bad}`);
    outbox.afterTest(() => producer.stop());
    const { relay } = outbox.start({ producer });
    await eventually(() => expect(producer.held).toBe(1));
    const lanes: number[] = [];
    for (let round = 0; round < 5; round++) {
      for (const lane of names(6)) lanes.push(await outbox.append(lane, numbers(out, lane, round * 2, round * 2 + 2)));
      relay.kick(bad, ...lanes);
      await eventually(async () => expect(await outbox.waiting()).toBe(2));
    }
    producer.leader = true;
    producer.release();
    await eventually(async () => {
      relay.kick(bad);
      expect(await outbox.waiting()).toBe(0);
    });
    expect(await outbox.received(out)).toEqual(upTo([['bad', 2], ...names(6).map((lane) => [lane, 10] as const)]));
  });

  it('is found by going alone, after a pass of many that failed', async () => {
    const out = await outbox.newTopic(1);
    const producer = new LeaderlessProducer('');
    outbox.afterTest(() => producer.stop());
    const { relay, taken } = await outbox.started({ producer });
    const lanes: number[] = [];
    for (const lane of ['bad', ...names(6)]) lanes.push(await outbox.append(lane, numbers(out, lane, 0, 2)));
    producer.lane = `${RelayOnServices.schema}:${lanes[0]}`;
    relay.kick(...lanes);
    await eventually(() => expect(producer.refused).toBe(1));
    await eventually(() => expect(producer.held).toBe(1));
    producer.release();
    await eventually(async () => expect(await outbox.waiting()).toBe(2));
    // The poll, the pass of all, and one for each.
    expect(taken()).toBeGreaterThanOrEqual(1 + 1 + 7);
    producer.leader = true;
    producer.release();
    await outbox.emptied();
    expect(await outbox.received(out)).toEqual(upTo(['bad', ...names(6)].map((lane) => [lane, 2])));
  });

  it('is over when the connection broke in the middle of a pass: all is sent, and they go together again', async () => {
    const out = await outbox.newTopic(1);
    const producer = new BreakingProducer({ kafka: outbox.kafka, log: silentLog });
    outbox.afterTest(() => producer.stop());
    const { relay, taken } = await outbox.started({ producer });
    const lanes: number[] = [];
    for (const lane of names(8)) lanes.push(await outbox.append(lane, numbers(out, lane, 0, 3)));
    producer.breaks = 1;
    relay.kick(...lanes);
    await outbox.emptied();
    expect(await readAll(outbox.kafka, out)).toHaveLength(48);
    expect(taken()).toBe(1 + 1 + 8);
    for (const lane of names(8)) await outbox.append(lane, numbers(out, lane, 3, 5));
    relay.kick(...lanes);
    await outbox.emptied();
    expect(taken()).toBe(1 + 1 + 8 + 1);
    expect(await outbox.received(out)).toEqual(upTo(names(8).map((lane) => [lane, 5])));
  });
});

/** Acts as if the partition of one lane's records had no leader: a request that holds any waits, then fails; one of several lanes fails at once. */
class LeaderlessProducer extends GroupCommitProducer {
  lane: string;
  leader = false;
  held = 0;
  refused = 0;
  release: () => void = () => undefined;

  constructor(lane: string) {
    super({ kafka: outbox.kafka, log: silentLog });
    this.lane = lane;
  }

  override async sendAll(records: readonly SendableRecord[]): ReturnType<GroupCommitProducer['sendAll']> {
    if (this.leader || !records.some(({ lane }) => lane === this.lane)) return super.sendAll(records);
    if (records.some(({ lane }) => lane !== this.lane)) this.refused++;
    else {
      this.held++;
      await within(5000, new Promise<void>((resolve) => (this.release = resolve)));
    }
    throw new MessagingError('unavailable', 'no leader');
  }
}

/** Breaks the relay's connections once the records are stored, before it can delete the rows. */
class BreakingProducer extends GroupCommitProducer {
  breaks = 0;

  override async sendAll(records: readonly SendableRecord[]): ReturnType<GroupCommitProducer['sendAll']> {
    const acks = await super.sendAll(records);
    if (this.breaks-- > 0) await outbox.breakConnections();
    return acks;
  }
}
