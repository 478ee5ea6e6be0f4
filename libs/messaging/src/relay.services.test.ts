import { createPool, inTransaction, messagingTables, migrate } from '#libs/persistence';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import type { Pool } from 'pg';
import { createTestDatabase, testServices, topicPrefix } from '../../../test/services/services.ts';
import { dropSeen } from './position.ts';
import {
  GroupCommitProducer,
  MessagingError,
  Outbox,
  connectKafka,
  ensureTopics,
  lockLane,
  raiseSequence,
  silentLog,
  startRelay,
} from './index.ts';
import type { Applied, InRecord, KafkaPort, OutRecord, Relay, RelayOptions, StuckRow } from './index.ts';
import type { SendableRecord } from './partition-book.ts';
import { isGarbled } from './record.ts';
import { eventually, readAll } from './testing/reading.ts';
import { within } from './waiting.ts';

const schema = 'sender';
let database: { url: string; drop(): Promise<void> };
let pool: Pool;
let kafka: KafkaPort;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await createTestDatabase('relay');
  await migrate({ url: database.url, schema, migrations: messagingTables(schema) });
  pool = createPool({ url: database.url, applicationName: 'test', schema });
  kafka = connectKafka({ brokers: testServices().brokers, clientId: 'test', log: silentLog });
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await pool.query('truncate outbox, position, lane cascade');
});

afterAll(async () => {
  await kafka.close();
  await pool.end();
  await database.drop();
});

async function newTopic(partitions: number, suffix = 't'): Promise<string> {
  const name = `${topicPrefix('relay')}${suffix}`;
  await ensureTopics(kafka, [{ name, partitions, replicationFactor: 1, configs: {} }]);
  return name;
}

interface Started {
  relay: Relay;
  /** Its connections taken so far: one per pass, and the poll at its start. */
  taken: () => number;
  /** And given back. */
  released: () => number;
  stop: () => Promise<void>;
}

/** A relay that polls only at its start, with a pool of its own. */
function start(more: Partial<RelayOptions> = {}): Started {
  const own = createPool({ url: database.url, applicationName: 'relay', schema });
  let taken = 0;
  let released = 0;
  own.on('acquire', () => {
    taken++;
  });
  own.on('release', () => {
    released++;
  });
  const relay = startRelay({ kafka, pool: own, schema, log: silentLog, pollMs: 3_600_000, ...more });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= relay.stop().then(() => own.end()));
  cleanups.push(stop);
  return { relay, taken: () => taken, released: () => released, stop };
}

/** As `start`, and its poll is over: what is written now is sent by kicks only. */
async function started(more: Partial<RelayOptions> = {}): Promise<Started> {
  const sending = start(more);
  await eventually(() => expect(sending.released()).toBe(1));
  return sending;
}

const record = (topic: string, lane: string, n: number, value = ''): OutRecord => ({
  topic,
  key: `k${(n * 7) % 11}`,
  id: `${lane}/${n}`,
  kind: 'number',
  schemaVersion: 1,
  traceparent: '',
  value,
});

const numbers = (topic: string, lane: string, from: number, to: number): OutRecord[] =>
  Array.from({ length: to - from }, (_, at) => record(topic, lane, from + at));

/** In: a lane's name, its next records, the schema. Out: the lane's number, after the commit. */
function append(lane: string, records: readonly OutRecord[], where = schema): Promise<number> {
  return inTransaction(pool, async (tx) => {
    const number = await lockLane(tx, where, lane);
    await Outbox.append(tx, where, number, records);
    return number;
  });
}

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `lane${at}`);

async function waiting(): Promise<number> {
  const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from outbox where stuck_reason is null');
  return rows[0]?.n ?? -1;
}
const emptied = () => eventually(async () => expect(await waiting()).toBe(0), 40_000);

/**
 * What a reader that drops late copies has got of each lane, having checked that each partition gave it in the order of writing.
 * Out: the numbers per lane, sorted.
 */
async function received(topic: string): Promise<Map<string, number[]>> {
  const lanes = new Map<string, number[]>();
  const partitions = Map.groupBy(await readAll(kafka, topic), ({ partition }) => partition);
  for (const records of partitions.values()) {
    const fresh = dropSeen(records, {}).fresh.filter((each): each is InRecord => !isGarbled(each));
    const perLane = Map.groupBy(fresh, ({ id }) => id.split('/')[0] ?? '');
    for (const [lane, ofLane] of perLane) {
      const order = ofLane.map(({ id }) => Number(id.split('/')[1]));
      expect(order).toEqual([...order].sort((a, b) => a - b));
      lanes.set(
        lane,
        [...(lanes.get(lane) ?? []), ...order].sort((a, b) => a - b),
      );
    }
  }
  return lanes;
}

const upTo = (counts: Iterable<readonly [string, number]>): Map<string, number[]> =>
  new Map([...counts].map(([lane, count]) => [lane, Array.from({ length: count }, (_, n) => n)]));

async function breakConnections(): Promise<void> {
  await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'relay' and datname = current_database()`,
  );
}

describe('the relay', () => {
  it('publishes in the order of commit within the lane and empties the outbox', async () => {
    const out = await newTopic(1);
    const { relay } = start();
    for (let block = 0; block < 20; block++)
      relay.kick(await append('timer', numbers(out, 'timer', block * 50, block * 50 + 50)));
    await eventually(async () => expect(await relay.idle()).toBe(true));
    const published = await readAll(kafka, out);
    expect(published.map(({ id }) => id)).toEqual(numbers(out, 'timer', 0, 1000).map(({ id }) => id));
    expect(new Set(published.map(({ lane }) => lane))).toEqual(new Set([expect.stringMatching(/^sender:\d+$/)]));
    const seqs = published.map(({ seq }) => seq ?? 0);
    expect([...seqs].sort((a, b) => a - b)).toEqual(seqs);
  });

  it('finds what nobody kicked, in all lanes at once', async () => {
    const out = await newTopic(1);
    for (const lane of names(5)) await append(lane, numbers(out, lane, 0, 3));
    const { taken } = start();
    await emptied();
    expect(await received(out)).toEqual(upTo(names(5).map((lane) => [lane, 3])));
    expect(taken()).toBe(2);
  });

  it('sends again after a death between send and delete, and readers can drop that', async () => {
    const out = await newTopic(1);
    const lane = await append('timer', numbers(out, 'timer', 0, 10));
    const { rows } = await pool.query<{ seq: string }>('select seq from outbox order by seq');
    // What a relay killed after its send leaves behind: records on the topic, rows still there.
    const producer = new GroupCommitProducer({ kafka, log: silentLog });
    cleanups.push(() => producer.stop());
    await producer.sendAll(
      rows.map(({ seq }, n) => ({ ...record(out, 'timer', n), lane: `${schema}:${lane}`, seq: Number(seq) })),
    );
    start();
    await emptied();
    expect(await readAll(kafka, out)).toHaveLength(20);
    expect(await received(out)).toEqual(upTo([['timer', 10]]));
  });
});

describe('many lanes', () => {
  it('are sent in one transaction, and what is kicked one by one gathers', async () => {
    const out = await newTopic(3);
    const { relay, taken } = await started();
    const lanes: number[] = [];
    for (const lane of names(50)) lanes.push(await append(lane, numbers(out, lane, 0, 2)));
    relay.kick(...lanes);
    await emptied();
    expect(taken()).toBe(2);
    for (const lane of names(50)) await append(lane, numbers(out, lane, 2, 4));
    for (const lane of lanes) relay.kick(lane);
    await emptied();
    // The first two lanes each found a pass free.
    expect(taken()).toBe(5);
    expect(await received(out)).toEqual(upTo(names(50).map((lane) => [lane, 4])));
  });

  it('share the rows of a pass, so that a long one does not hold up the others', async () => {
    const out = await newTopic(1);
    const { relay, taken } = await started({ rowsPerPass: 40 });
    const lanes = [await append('long', numbers(out, 'long', 0, 150))];
    for (const lane of names(9)) lanes.push(await append(lane, numbers(out, lane, 0, 2)));
    relay.kick(...lanes);
    await emptied();
    // 20 rows of the long one beside the others, then 40 and 40 and 40, and 10.
    expect(taken()).toBe(6);
    const first = (await readAll(kafka, out)).slice(0, 38).map(({ id }) => id.split('/')[0]);
    expect(new Set(first).size).toBe(10);
    expect(await received(out)).toEqual(upTo([['long', 150], ...names(9).map((lane) => [lane, 2] as const)]));
  });

  it('are read by the primary key, though the plan was made when the outbox was empty', async () => {
    const out = await newTopic(1);
    // An outbox that nobody else reads: sessions tell what they have counted late.
    const quiet = 'quiet';
    await migrate({ url: database.url, schema: quiet, migrations: messagingTables(quiet) });
    await pool.query(`vacuum analyze ${quiet}.outbox`);
    const first = await started({ schema: quiet });
    for (let round = 0; round < 12; round++) {
      const lanes: number[] = [];
      for (const lane of names(5)) lanes.push(await append(lane, [record(out, lane, round)], quiet));
      first.relay.kick(...lanes);
      const sent = (round + 1) * 5;
      await eventually(async () => expect(await readAll(kafka, out)).toHaveLength(sent));
      await eventually(() => expect(first.taken()).toBe(round + 2));
    }
    // What a session has counted is there at its end; the migration and the poll at the start may have read the empty table.
    await first.stop();
    const scans = async () => {
      const { rows } = await pool.query<{ whole: number; byKey: number }>(
        `select seq_scan::int as whole, idx_scan::int as "byKey" from pg_stat_user_tables where schemaname = $1 and relname = 'outbox'`,
        [quiet],
      );
      return rows[0] ?? { whole: -1, byKey: -1 };
    };
    await eventually(async () => expect((await scans()).byKey).toBeGreaterThanOrEqual(2 * 12 * 5));
    expect((await scans()).whole).toBeLessThan(5);
  });

  it.each([false, true])('keep their order when two relays race for them (connections break: %s)', async (breaks) => {
    const out = await newTopic(3);
    const relays = [start({ rowsPerPass: 100, pollMs: 200 }), start({ rowsPerPass: 300, pollMs: 300 })];
    const known: number[] = [];
    // No more than there are connections: whoever waits for one is refused in the end, however slow the machine is.
    const connected = pLimit(8);
    const some = <T>(all: readonly T[]): T | undefined => all[Math.floor(Math.random() * all.length)];
    const write = async (lane: string): Promise<[string, number]> => {
      let written = 0;
      for (let block = 0; block < 15; block++) {
        const next = written + 1 + Math.floor(Math.random() * 10);
        const number = await connected(() => append(lane, numbers(out, lane, written, next)));
        known.push(number);
        some(relays)?.relay.kick(number);
        some(relays)?.relay.kick(some(known) ?? number, some(known) ?? number, number);
        written = next;
      }
      return [lane, written];
    };
    const breaking = setInterval(() => void (breaks && breakConnections().catch(() => undefined)), 150);
    const counts = await Promise.all(names(40).map(write)).finally(() => clearInterval(breaking));
    await emptied();
    expect(await received(out)).toEqual(upTo(counts));
    for (const { taken } of relays) expect(taken()).toBeGreaterThan(5);
  });
});

describe('the trouble of one lane', () => {
  it('stays its own when a topic is refused or a row is too large', async () => {
    const out = await newTopic(1);
    const missing = `${out}-missing`;
    const stuck: StuckRow[] = [];
    const { relay } = await started({ onStuck: (row) => stuck.push(row) });
    const lanes = [
      await append('refused', [
        ...numbers(out, 'refused', 0, 3),
        record(missing, 'refused', 100),
        ...numbers(out, 'refused', 3, 6),
      ]),
      await append('large', [
        ...numbers(out, 'large', 0, 3),
        record(out, 'large', 100, 'x'.repeat(1_500_000)),
        ...numbers(out, 'large', 3, 6),
      ]),
    ];
    for (const lane of names(8)) lanes.push(await append(lane, numbers(out, lane, 0, 3)));
    relay.kick(...lanes);
    await eventually(async () => expect(await waiting()).toBe(1));
    expect(await received(out)).toEqual(
      upTo([['refused', 6], ['large', 6], ...names(8).map((lane) => [lane, 3] as const)]),
    );
    expect(stuck).toEqual([{ id: 'large/100', topic: out, reason: 'too-large' }]);
    expect(await relay.stuck()).toBe(1);

    await ensureTopics(kafka, [{ name: missing, partitions: 1, replicationFactor: 1, configs: {} }]);
    await eventually(async () => {
      relay.kick(...lanes);
      expect(await relay.idle()).toBe(true);
    });
    expect(await readAll(kafka, missing)).toHaveLength(1);
  });

  it('does not hold up the others when Kafka does not take it: they go on without it', async () => {
    const out = await newTopic(1);
    const bad = await append('bad', numbers(out, 'bad', 0, 2));
    const producer = new LeaderlessProducer(`${schema}:${bad}`);
    cleanups.push(() => producer.stop());
    const { relay } = start({ producer });
    await eventually(() => expect(producer.held).toBe(1));
    const lanes: number[] = [];
    for (let round = 0; round < 5; round++) {
      for (const lane of names(6)) lanes.push(await append(lane, numbers(out, lane, round * 2, round * 2 + 2)));
      relay.kick(bad, ...lanes);
      await eventually(async () => expect(await waiting()).toBe(2));
    }
    producer.leader = true;
    producer.release();
    await eventually(async () => {
      relay.kick(bad);
      expect(await waiting()).toBe(0);
    });
    expect(await received(out)).toEqual(upTo([['bad', 2], ...names(6).map((lane) => [lane, 10] as const)]));
  });

  it('is found by going alone, after a pass of many that failed', async () => {
    const out = await newTopic(1);
    const producer = new LeaderlessProducer('');
    cleanups.push(() => producer.stop());
    const { relay, taken } = await started({ producer });
    const lanes: number[] = [];
    for (const lane of ['bad', ...names(6)]) lanes.push(await append(lane, numbers(out, lane, 0, 2)));
    producer.lane = `${schema}:${lanes[0]}`;
    relay.kick(...lanes);
    await eventually(() => expect(producer.refused).toBe(1));
    await eventually(() => expect(producer.held).toBe(1));
    producer.release();
    await eventually(async () => expect(await waiting()).toBe(2));
    // The poll, the pass of all, and one for each.
    expect(taken()).toBeGreaterThanOrEqual(1 + 1 + 7);
    producer.leader = true;
    producer.release();
    await emptied();
    expect(await received(out)).toEqual(upTo(['bad', ...names(6)].map((lane) => [lane, 2])));
  });

  it('is over when the connection broke in the middle of a pass: all is sent, and they go together again', async () => {
    const out = await newTopic(1);
    const producer = new BreakingProducer({ kafka, log: silentLog });
    cleanups.push(() => producer.stop());
    const { relay, taken } = await started({ producer });
    const lanes: number[] = [];
    for (const lane of names(8)) lanes.push(await append(lane, numbers(out, lane, 0, 3)));
    producer.breaks = 1;
    relay.kick(...lanes);
    await emptied();
    expect(await readAll(kafka, out)).toHaveLength(48);
    expect(taken()).toBe(1 + 1 + 8);
    for (const lane of names(8)) await append(lane, numbers(out, lane, 3, 5));
    relay.kick(...lanes);
    await emptied();
    expect(taken()).toBe(1 + 1 + 8 + 1);
    expect(await received(out)).toEqual(upTo(names(8).map((lane) => [lane, 5])));
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
    super({ kafka, log: silentLog });
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
    if (this.breaks-- > 0) await breakConnections();
    return acks;
  }
}

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
    const queued = await inTransaction(pool, async (tx) =>
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
    const out = await newTopic(1);
    const { relay } = await started();
    const writer = new LaneWriter();
    relay.committed([await writer.write('a', out, 3, 'we')]);
    await emptied();
    const second = await writer.write('a', out, 3, 'we');
    // Nobody else looks for them: were they read from the outbox, they would not be found.
    await pool.query('update outbox set lane = lane + 1000');
    relay.committed([second]);
    await eventually(async () => expect(await received(out)).toEqual(upTo([['a', 6]])));
    await pool.query('truncate outbox');
  });

  it('is read from the outbox when somebody else may have written to the lane before it', async () => {
    const out = await newTopic(1);
    const { relay } = await started();
    const writer = new LaneWriter();
    relay.committed([await writer.write('a', out, 3, 'we')]);
    await emptied();
    await writer.write('a', out, 3, 'another, that died before it had sent them');
    relay.committed([await writer.write('a', out, 3, 'we')]);
    await emptied();
    expect(await received(out)).toEqual(upTo([['a', 9]]));
  });

  it('is read from the outbox after it could not be sent', async () => {
    const out = await newTopic(1);
    const missing = `${out}-missing`;
    const { relay } = await started({ pollMs: 300 });
    const writer = new LaneWriter();
    relay.committed([await writer.write('a', out, 3, 'we')]);
    await emptied();
    relay.committed([await writer.write('a', missing, 1, 'we')]);
    relay.committed([await writer.write('a', out, 3, 'we')]);
    await eventually(async () => expect(await waiting()).toBe(1));
    await ensureTopics(kafka, [{ name: missing, partitions: 1, replicationFactor: 1, configs: {} }]);
    relay.committed([await writer.write('a', missing, 1, 'we')]);
    await emptied();
    expect((await received(missing)).get('a')).toEqual([3, 7]);
    expect((await received(out)).get('a')).toEqual([0, 1, 2, 4, 5, 6]);
  });

  it('keeps its order, and none is lost, whoever writes, dies, or does not know what it has committed', async () => {
    const out = await newTopic(3);
    const relays = [start({ pollMs: 150 }), start({ pollMs: 250 })];
    const writer = new LaneWriter();
    const owners = ['first 0', 'second 0'];
    for (let step = 1; step <= 400; step++) {
      const who = Math.random() < 0.8 ? 0 : 1;
      const applied = await writer.write(names(4)[step % 4] ?? '', out, 1 + (step % 3), owners[who] ?? '');
      // The reply to the commit was lost: nothing is told, and the consumer goes on under another name.
      if (Math.random() < 0.1) owners[who] = `${who} ${step}`;
      else relays[who]?.relay.committed([applied]);
    }
    await emptied();
    expect(await received(out)).toEqual(upTo([...writer.written].map(([lane, count]) => [lane, count] as const)));
  });
});

describe('the sequence of an outbox', () => {
  it('goes on above all that an earlier life has sent, and never back', async () => {
    const next = async (): Promise<bigint> => {
      const { rows } = await pool.query<{ n: string }>(`select nextval('outbox_seq_seq') as n`);
      return BigInt(rows[0]?.n ?? 0);
    };
    await raiseSequence(pool, schema);
    const sent = await next();
    // The database is put back from a copy that was made before.
    await pool.query(`select setval('outbox_seq_seq', 1)`);
    await raiseSequence(pool, schema);
    expect(await next()).toBeGreaterThanOrEqual(sent);
    await pool.query(`select setval('outbox_seq_seq', 999999999999999)`);
    await raiseSequence(pool, schema);
    expect(await next()).toBe(1_000_000_000_000_000n);
    await pool.query(`select setval('outbox_seq_seq', 1)`);
  });
});
