import { messagingTables, migrate } from '#libs/persistence';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import { GroupCommitProducer, raiseSequence, silentLog } from './index.ts';
import { eventually } from '../../../test/hub/until.ts';
import { readAll } from './testing/reading.ts';
import { names, numbers, record, RelayOnServices, upTo } from './testing/relay-on-services.ts';

let outbox: RelayOnServices;

beforeAll(async () => {
  outbox = await RelayOnServices.open();
});
afterEach(() => outbox.clear());
afterAll(() => outbox.close());

describe('the relay', () => {
  it('publishes in the order of commit within the lane and empties the outbox', async () => {
    const out = await outbox.newTopic(1);
    const { relay } = outbox.start();
    for (let block = 0; block < 20; block++)
      relay.kick(await outbox.append('timer', numbers(out, 'timer', block * 50, block * 50 + 50)));
    await eventually(async () => expect(await relay.idle()).toBe(true));
    const published = await readAll(outbox.kafka, out);
    expect(published.map(({ id }) => id)).toEqual(numbers(out, 'timer', 0, 1000).map(({ id }) => id));
    expect(new Set(published.map(({ lane }) => lane))).toEqual(new Set([expect.stringMatching(/^sender:\d+$/)]));
    const seqs = published.map(({ seq }) => seq ?? 0);
    expect([...seqs].sort((a, b) => a - b)).toEqual(seqs);
  });

  it('finds what nobody kicked, in all lanes at once', async () => {
    const out = await outbox.newTopic(1);
    for (const lane of names(5)) await outbox.append(lane, numbers(out, lane, 0, 3));
    const { taken } = outbox.start();
    await outbox.emptied();
    expect(await outbox.received(out)).toEqual(upTo(names(5).map((lane) => [lane, 3])));
    expect(taken()).toBe(2);
  });

  it('sends again after a death between send and delete, and readers can drop that', async () => {
    const out = await outbox.newTopic(1);
    const lane = await outbox.append('timer', numbers(out, 'timer', 0, 10));
    const { rows } = await outbox.pool.query<{ seq: string }>('select seq from outbox order by seq');
    // What a relay killed after its send leaves behind: records on the topic, rows still there.
    const producer = new GroupCommitProducer({ kafka: outbox.kafka, log: silentLog });
    outbox.afterTest(() => producer.stop());
    await producer.sendAll(
      rows.map(({ seq }, n) => ({
        ...record(out, 'timer', n),
        lane: `${RelayOnServices.schema}:${lane}`,
        seq: Number(seq),
      })),
    );
    outbox.start();
    await outbox.emptied();
    expect(await readAll(outbox.kafka, out)).toHaveLength(20);
    expect(await outbox.received(out)).toEqual(upTo([['timer', 10]]));
  });
});

describe('many lanes', () => {
  it('are sent in one transaction, and what is kicked one by one gathers', async () => {
    const out = await outbox.newTopic(3);
    const { relay, taken } = await outbox.started();
    const lanes: number[] = [];
    for (const lane of names(50)) lanes.push(await outbox.append(lane, numbers(out, lane, 0, 2)));
    relay.kick(...lanes);
    await outbox.emptied();
    expect(taken()).toBe(2);
    for (const lane of names(50)) await outbox.append(lane, numbers(out, lane, 2, 4));
    for (const lane of lanes) relay.kick(lane);
    await outbox.emptied();
    // The first two lanes each found a pass free.
    expect(taken()).toBe(5);
    expect(await outbox.received(out)).toEqual(upTo(names(50).map((lane) => [lane, 4])));
  });

  it('share the rows of a pass, so that a long one does not hold up the others', async () => {
    const out = await outbox.newTopic(1);
    const { relay, taken } = await outbox.started({ rowsPerPass: 40 });
    const lanes = [await outbox.append('long', numbers(out, 'long', 0, 150))];
    for (const lane of names(9)) lanes.push(await outbox.append(lane, numbers(out, lane, 0, 2)));
    relay.kick(...lanes);
    await outbox.emptied();
    // 20 rows of the long one beside the others, then 40 and 40 and 40, and 10.
    expect(taken()).toBe(6);
    const first = (await readAll(outbox.kafka, out)).slice(0, 38).map(({ id }) => id.split('/')[0]);
    expect(new Set(first).size).toBe(10);
    expect(await outbox.received(out)).toEqual(upTo([['long', 150], ...names(9).map((lane) => [lane, 2] as const)]));
  });

  it('are read by the primary key, though the plan was made when the outbox was empty', async () => {
    const out = await outbox.newTopic(1);
    // An outbox that nobody else reads: sessions tell what they have counted late.
    const quiet = 'quiet';
    await migrate({ url: outbox.url, schema: quiet, migrations: messagingTables(quiet) });
    await outbox.pool.query(`vacuum analyze ${quiet}.outbox`);
    const first = await outbox.started({ schema: quiet });
    for (let round = 0; round < 12; round++) {
      const lanes: number[] = [];
      for (const lane of names(5)) lanes.push(await outbox.append(lane, [record(out, lane, round)], quiet));
      first.relay.kick(...lanes);
      const sent = (round + 1) * 5;
      await eventually(async () => expect(await readAll(outbox.kafka, out)).toHaveLength(sent));
      await eventually(() => expect(first.taken()).toBe(round + 2));
    }
    // What a session has counted is there at its end; the migration and the poll at the start may have read the empty table.
    await first.stop();
    const scans = async () => {
      const { rows } = await outbox.pool.query<{ whole: number; byKey: number }>(
        `select seq_scan::int as whole, idx_scan::int as "byKey" from pg_stat_user_tables where schemaname = $1 and relname = 'outbox'`,
        [quiet],
      );
      return rows[0] ?? { whole: -1, byKey: -1 };
    };
    await eventually(async () => expect((await scans()).byKey).toBeGreaterThanOrEqual(2 * 12 * 5));
    expect((await scans()).whole).toBeLessThan(5);
  });

  it.each([false, true])('keep their order when two relays race for them (connections break: %s)', async (breaks) => {
    const out = await outbox.newTopic(3);
    const relays = [outbox.start({ rowsPerPass: 100, pollMs: 200 }), outbox.start({ rowsPerPass: 300, pollMs: 300 })];
    const known: number[] = [];
    // No more than there are connections: whoever waits for one is refused in the end, however slow the machine is.
    const connected = pLimit(8);
    const some = <T>(all: readonly T[]): T | undefined => all[Math.floor(Math.random() * all.length)];
    const write = async (lane: string): Promise<[string, number]> => {
      let written = 0;
      for (let block = 0; block < 15; block++) {
        const next = written + 1 + Math.floor(Math.random() * 10);
        const number = await connected(() => outbox.append(lane, numbers(out, lane, written, next)));
        known.push(number);
        some(relays)?.relay.kick(number);
        some(relays)?.relay.kick(some(known) ?? number, some(known) ?? number, number);
        written = next;
      }
      return [lane, written];
    };
    const breaking = setInterval(() => void (breaks && outbox.breakConnections().catch(() => undefined)), 150);
    const counts = await Promise.all(names(40).map(write)).finally(() => clearInterval(breaking));
    await outbox.emptied();
    expect(await outbox.received(out)).toEqual(upTo(counts));
    for (const { taken } of relays) expect(taken()).toBeGreaterThan(5);
  });
});

describe('the sequence of an outbox', () => {
  it('goes on above all that an earlier life has sent, and never back', async () => {
    const next = async (): Promise<bigint> => {
      const { rows } = await outbox.pool.query<{ n: string }>(`select nextval('outbox_seq_seq') as n`);
      return BigInt(rows[0]?.n ?? 0);
    };
    await raiseSequence(outbox.pool, RelayOnServices.schema);
    const sent = await next();
    // The database is put back from a copy that was made before.
    await outbox.pool.query(`select setval('outbox_seq_seq', 1)`);
    await raiseSequence(outbox.pool, RelayOnServices.schema);
    expect(await next()).toBeGreaterThanOrEqual(sent);
    await outbox.pool.query(`select setval('outbox_seq_seq', 999999999999999)`);
    await raiseSequence(outbox.pool, RelayOnServices.schema);
    expect(await next()).toBe(1_000_000_000_000_000n);
    await outbox.pool.query(`select setval('outbox_seq_seq', 1)`);
  });
});
