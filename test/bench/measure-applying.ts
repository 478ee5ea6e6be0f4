import pg from 'pg';
import { writeEventBundle } from '#libs/fhir';
import { connectKafka, GroupCommitProducer, silentLog, type OutRecord, type TopicNames } from '#libs/messaging';
import { rootTrace } from '#libs/platform';
import { keyOfStay, message, need } from '../../apps/watcher/test/ward.ts';
import { makeTopics, type World } from './bench-world.ts';
import { Child } from './child.ts';
import { compare, measurePass, shown, type Comparison, type Pass } from './pass.ts';

/** What the ward says of each stay, in its order. */
const COURSE = ['A01', 'A08', 'A08', 'A08', 'A08'] as const;
/** Stays whose messages come between each other's. */
const STAYS_AT_ONCE = 500;

/** When the events were taken in, and a little later: nothing falls due between. */
const CLOCK = { BRYGGAN_CLOCK: 'driven', BRYGGAN_CLOCK_START: '2026-05-04T06:31:00Z', BRYGGAN_LOG_LEVEL: 'warn' };

/**
 * Events that the watcher applies, against raw parts that consume the same records in the same transactions and keep as many
 * rows of them.
 */
export async function measureApplying(world: World): Promise<Comparison> {
  const { options, say } = world;
  const [ours, raw]: [Pass[], Pass[]] = [[], []];
  for (let round = 0; round < options.rounds; round++) {
    ours.push(await pass(world, 'watcher-child.js', `ours${round}`));
    raw.push(await pass(world, 'raw-watcher-child.js', `raw${round}`));
    say(`events applied, round ${round + 1}: ${shown(ours.at(-1))}\n  raw: ${shown(raw.at(-1))}`);
  }
  return compare(ours, raw);
}

async function pass(world: World, file: string, name: string): Promise<Pass> {
  const { services, options } = world;
  const prefix = `applying-${name}-`;
  const topics = await makeTopics(world, prefix);
  const { brokers } = services;
  const databaseUrl = await services.database(`applying${name}`);
  const told = { brokers, databaseUrl, stateDir: services.folder(prefix), prefix, topic: topics.events };
  const child = await Child.start(file, told, { BRYGGAN_TOPIC_PREFIX: prefix, ...CLOCK });
  const kafka = connectKafka({ brokers, clientId: 'bench', log: silentLog });
  const producer = new GroupCommitProducer({ kafka, log: silentLog, deadlineMs: 60_000 });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    let sent = 0;
    const apply = async (records: readonly OutRecord[]): Promise<[]> => {
      sent += records.length;
      await Promise.all(records.map((record) => producer.send(record)));
      await untilApplied(client, topics.events, sent);
      return [];
    };
    const events = eventsOf(topics, options.warmUpMessages + options.appliedEvents);
    await apply(events.slice(0, options.warmUpMessages));
    const measured = events.slice(options.warmUpMessages);
    return await measurePass({
      ...{ pids: { line: child.pid, ...services.pids }, messages: measured.length, counts: () => Promise.resolve({}) },
      work: () => apply(measured),
    });
  } finally {
    await client.end();
    await producer.stop();
    await kafka.close();
    await child.stop();
  }
}

/** Both keep their positions in a table of the same name. */
async function untilApplied(client: pg.Client, topic: string, count: number): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ applied: number }>(
      'select coalesce(sum(next), 0)::int as applied from watcher.position where topic = $1',
      [topic],
    );
    if ((rows[0]?.applied ?? 0) >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function eventsOf({ events: topic }: Pick<TopicNames, 'events'>, count: number): OutRecord[] {
  const records: OutRecord[] = [];
  for (let from = 0; records.length < count; from += STAYS_AT_ONCE) {
    for (const [hour, trigger] of COURSE.entries()) {
      for (let n = from; n < from + STAYS_AT_ONCE; n++) {
        const event = message(trigger, {
          ...{ visit: `applied${n}`, person: String(190_000_000_000 + n), sent: `04 0${4 + hour}:30`, text: `${hour}` },
          ...{ facts: [need('SOC', '04 04:00')], terms: { ins: 'ordered' as const } },
        });
        records.push({
          ...{ topic, key: keyOfStay(event.stayId), id: event.eventId, kind: 'event', schemaVersion: 1 },
          ...{
            traceparent: rootTrace(event.eventId),
            value: JSON.stringify(writeEventBundle(event, { controlId: 'c' })),
          },
        });
      }
    }
  }
  return records.slice(0, count);
}
