import { textArray } from '#libs/persistence';
import { serve, told } from './child.ts';
import { consumeStateful } from './raw/raw-consumer.ts';
import { rawPool, upsertState } from './raw/raw-database.ts';
import { rawKafka } from './raw/raw-kafka.ts';

/*
 * What the watcher does with `events` without its domain: the same consumer, one transaction for what a fetch has brought, each
 * event kept with its stay and a deadline, and the stay's state written.
 */
interface Told {
  readonly brokers: string[];
  readonly databaseUrl: string;
  readonly prefix: string;
  readonly topic: string;
}

const { brokers, databaseUrl, prefix, topic } = told() as Told;
const pool = await rawPool(databaseUrl, 'watcher');
await pool.query(`
create table if not exists event (event_id text primary key, stay_id text not null, intake_at bigint not null, body text not null);
create index if not exists event_stay on event (stay_id);
create index if not exists event_intake on event (intake_at);
create table if not exists deadline (stay_id text primary key, at bigint not null);
create index if not exists deadline_at on deadline (at, stay_id)`);

interface Bundle {
  readonly id: string;
  readonly timestamp: string;
}

const consumer = await consumeStateful(
  { kafka: rawKafka(brokers), pool, topics: [topic], group: `${prefix}raw-watcher`, gatherMs: 200 },
  async (tx, batches) => {
    const events = batches
      .flatMap(({ messages }) => messages)
      .map(({ key, value }) => {
        const body = value?.toString() ?? '{}';
        const { id, timestamp } = JSON.parse(body) as Bundle;
        return { id, stay: key?.toString() ?? '', at: Date.parse(timestamp), body };
      });
    const states = new Map(events.map(({ stay, body }) => [stay, body]));
    await Promise.all([
      tx.query({
        name: 'events',
        text: `insert into event select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) on conflict do nothing`,
        values: [
          events.map(({ id }) => id),
          events.map(({ stay }) => stay),
          events.map(({ at }) => at),
          textArray(events.map(({ body }) => body)),
        ],
      }),
      upsertState(tx, states),
      tx.query({
        name: 'deadlines',
        text: `insert into deadline select stay, $2::bigint from unnest($1::text[]) as stay
          on conflict (stay_id) do update set at = excluded.at`,
        values: [[...states.keys()], Date.parse('2027-01-01T00:00:00Z')],
      }),
    ]);
  },
  () => undefined,
);
serve({
  ready: {},
  answers: {},
  async stop() {
    await consumer.stop();
    await pool.end();
  },
});
