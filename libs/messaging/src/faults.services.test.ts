import { createPool, definePlainMigration, messagingTables, migrate } from '#libs/persistence';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startSpareKafka, startSparePostgres } from '../../../test/services/spare.ts';
import type { SpareKafka, SparePostgres } from '../../../test/services/spare.ts';
import {
  GroupCommitProducer,
  connectKafka,
  ensureTopics,
  silentLog,
  startBatchConsumer,
  startRelay,
  startStatelessConsumer,
} from './index.ts';
import { eventually } from '../../../test/hub/until.ts';
import { readAll } from './testing/reading.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
const later = <T extends { stop(): Promise<void> }>(part: T): T => {
  cleanups.push(() => part.stop());
  return part;
};

/** in -> first (stateless) -> middle -> second (state, outbox, relay) -> out, on a Kafka and a PostgreSQL of its own. */
async function line(kafkaPart: SpareKafka, postgres: SparePostgres) {
  const kafka = connectKafka({ brokers: kafkaPart.brokers, clientId: 'test', log: silentLog });
  cleanups.push(() => kafka.close());
  await ensureTopics(
    kafka,
    ['in', 'middle', 'out'].map((name) => ({ name, partitions: 3, replicationFactor: 1, configs: {} })),
  );
  const schema = 'line';
  const applied = definePlainMigration(
    '0001-applied',
    'create table applied (id text primary key, times int not null)',
  );
  await migrate({ url: postgres.url, schema, migrations: [...messagingTables(schema), applied] });
  const pool = createPool({ url: postgres.url, applicationName: 'test', schema });
  cleanups.push(() => pool.end());
  const sender = later(new GroupCommitProducer({ kafka, log: silentLog, deadlineMs: 1000 }));
  const first = startStatelessConsumer({
    kafka,
    group: 'first',
    topics: ['in'],
    log: silentLog,
    handle: async (records) => {
      await sender.sendAll(records.map((each) => ({ ...each, topic: 'middle' })));
    },
    onPoison: () => Promise.resolve(),
  });
  const relay = startRelay({ kafka, pool, schema, log: silentLog });
  const fatal: Error[] = [];
  const second = startBatchConsumer({
    kafka,
    pool,
    schema,
    group: 'second',
    topics: ['middle'],
    owner: 'test',
    log: silentLog,
    apply: async (tx, records, { say }) => {
      const fresh = await tx.query<{ id: string }>(
        'insert into applied select distinct id, 1 from unnest($1::text[]) id on conflict do nothing returning id',
        [records.map(({ id }) => id)],
      );
      const ids = new Set(fresh.rows.map(({ id }) => id));
      for (const record of records) {
        const { id } = record;
        if (ids.delete(id))
          say([{ topic: 'out', key: id, id, kind: 'k', schemaVersion: 1, traceparent: '', value: '' }], record);
      }
    },
    onPoison: () => Promise.resolve(),
    onApplied: (applied) => applied.forEach(({ lane }) => relay.kick(lane)),
    fatal: (error) => fatal.push(error),
  });
  const acknowledged = new Set<string>();
  let n = 0;
  const load = setInterval(() => {
    const id = `id-${n++}`;
    sender.send({ topic: 'in', key: id, id, kind: 'k', schemaVersion: 1, traceparent: '', value: '' }).then(
      () => acknowledged.add(id),
      () => undefined,
    );
  }, 5);
  const parts = [first, second, relay];
  const stopAll = async () => {
    clearInterval(load);
    const began = Date.now();
    await Promise.all(parts.splice(0).map((part) => part.stop()));
    return Date.now() - began;
  };
  cleanups.push(async () => {
    await stopAll();
  });
  return { kafka, acknowledged, fatal, stopAll, stopLoad: () => clearInterval(load) };
}

describe('a line of consumers under load', () => {
  it('goes on by itself after Kafka and PostgreSQL were away, and loses nothing acknowledged', async () => {
    const [kafkaPart, postgres] = await Promise.all([startSpareKafka(), startSparePostgres()]);
    later(kafkaPart);
    later(postgres);
    const { kafka, acknowledged, fatal, stopLoad } = await line(kafkaPart, postgres);
    const more = async () => {
      const before = acknowledged.size;
      await eventually(() => expect(acknowledged.size).toBeGreaterThan(before + 50), 30_000);
    };
    await more();
    for (const part of [postgres, kafkaPart]) {
      await part.kill();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await part.restart();
      await more();
    }
    stopLoad();
    await eventually(async () => {
      const out = new Set((await readAll(kafka, 'out')).map(({ id }) => id));
      expect([...acknowledged].filter((id) => !out.has(id))).toEqual([]);
    }, 30_000);
    expect(fatal).toEqual([]);
  });

  it.each(['killed', 'frozen'])('stops within 5 s while both are %s', async (how) => {
    const [kafkaPart, postgres] = await Promise.all([startSpareKafka(), startSparePostgres()]);
    later(kafkaPart);
    later(postgres);
    const { acknowledged, stopAll } = await line(kafkaPart, postgres);
    await eventually(() => expect(acknowledged.size).toBeGreaterThan(20));
    if (how === 'killed') await Promise.all([kafkaPart.kill(), postgres.kill()]);
    else [kafkaPart, postgres].forEach((part) => part.pause());
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await stopAll()).toBeLessThan(5500);
    if (how === 'frozen') [kafkaPart, postgres].forEach((part) => part.resume());
  });
});
