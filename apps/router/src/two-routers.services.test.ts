import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Client } from 'pg';
import type { StayEvent } from '#libs/domain';
import type { OutRecord } from '#libs/messaging';
import { createHarness, type Harness } from '../test/harness.ts';
import { noticesIn, testRules } from '../test/play.ts';
import { BERGA, CONSENT, NEED_BOTH, ORIGIN, NOT_READY, READY, stayEvent } from '../test/stay-events.ts';
import { until } from '../../../test/hub/until.ts';
import { TopicReader } from '../../../test/services/topic-reader.ts';
import { CaseBook, NOTHING_KNOWN } from './deciding/case-book.ts';

const SCRIPT = join(import.meta.dirname, '../test/router-process.ts');
const LOADER = join(import.meta.dirname, '../../../test/hub/source-loader.mjs');
const STAYS = Array.from({ length: 24 }, (_, n) => `stay ${n}`);
const ROUNDS = 8;

let harness: Harness;
let reader: TopicReader;
let database: Client;
const children: ChildProcess[] = [];

beforeAll(async () => {
  harness = await createHarness('two-routers');
  reader = new TopicReader(harness.place.brokers);
  const { topics } = harness.parts;
  await reader.start([topics.deliveries('0184'), topics.deliveries(BERGA)]);
  database = new Client({ connectionString: harness.place.databaseUrl });
  await database.connect();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await database.end();
  await reader.stop();
  await harness.close();
});

async function startRouter(replica: string): Promise<ChildProcess> {
  const place = { ...harness.place, replica };
  const child = spawn(process.execPath, ['--conditions=source', '--import', LOADER, SCRIPT, JSON.stringify(place)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let up = false;
  child.stdout.on('data', () => (up = true));
  await until(`${replica} is up`, () => up, 30_000);
  return child;
}

/** One message of every stay; the run keeps the stays of the two tests apart. */
function round(run: string, n: number): StayEvent[] {
  return STAYS.map((stay) => {
    const common = {
      stay: `${run} ${stay}`,
      person: `${run} ${stay}`,
      name: `${n}`,
      minute: n,
      expected: '2026-05-10',
    };
    if (n === 0) return stayEvent({ ...common, trigger: 'A01', facts: [NEED_BOTH, CONSENT] });
    return stayEvent({ ...common, trigger: 'A08', facts: [n % 2 ? READY : NOT_READY] });
  });
}

async function owners(): Promise<Set<string>> {
  const { rows } = await database.query<{ owner: string }>(
    `select distinct split_part(owner, ' ', 1) as owner from router.position where owner is not null`,
  );
  return new Set(rows.map((row) => row.owner));
}

/** A session of that replica has a transaction open and is at work in it. */
async function isInTransaction(replica: string): Promise<boolean> {
  const { rows } = await database.query(
    `select 1 from pg_stat_activity
     where application_name = $1 and state = 'active' and query like '%insert into event%' and xact_start is not null`,
    [`bryggan-router ${replica}`],
  );
  return rows.length > 0;
}

const linesOf = (records: readonly OutRecord[]): Map<string, string[]> =>
  new Map(
    [...Map.groupBy(noticesIn(records), ({ stayId, recipient }) => `${stayId} ${recipient}`)].map(([key, notices]) => [
      key,
      notices.map(({ category, deliveryId }) => `${category} ${deliveryId}`),
    ]),
  );

/** What has to be told, and in which order per stay and party: the same rules in memory, without any fault. */
function expected(events: readonly StayEvent[]): Map<string, string[]> {
  const book = new CaseBook(NOTHING_KNOWN, testRules());
  return linesOf(events.flatMap((event) => book.apply(event, ORIGIN) ?? []));
}

function told(events: readonly StayEvent[]): Map<string, string[]> {
  const stays = new Set(events.map(({ stayId }) => stayId));
  return linesOf(reader.records.filter(({ key }) => stays.has(key)));
}

const size = (lines: Map<string, string[]>): number => [...lines.values()].reduce((sum, one) => sum + one.length, 0);

/** Stops one of two at `moment`, lets the other go on, then lets the first go on too. */
async function play(run: string, moment: (replica: string) => Promise<void>): Promise<void> {
  const [a, b] = [`${run}-a`, `${run}-b`];
  const first = await startRouter(a);
  await startRouter(b);
  const events: StayEvent[] = [];
  const publish = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n++) {
      const messages = round(run, n);
      events.push(...messages);
      await harness.publish(messages);
    }
  };
  await publish(0, 2);
  await until('both have partitions', async () => {
    const names = await owners();
    return names.has(a) && names.has(b);
  });
  const publishing = publish(2, 5);
  await moment(a);
  first.kill('SIGSTOP');
  await publishing;
  await until('the other has told all', () => size(told(events)) >= size(expected(events)));
  await publish(5, 6);
  first.kill('SIGCONT');
  await publish(6, ROUNDS);
  const due = expected(events);
  await until('all is told', () => size(told(events)) >= size(due));
  expect(told(events)).toEqual(due);
  // What it had fetched before the freeze is old, and no reason to give up.
  expect(children.map(({ exitCode }) => exitCode)).toEqual([null, null]);
  const { rows } = await database.query<{ n: number }>(
    'select count(*)::int as n from router.notice where stay_id = any($1::uuid[])',
    [[...new Set(events.map(({ stayId }) => stayId))]],
  );
  // A withdrawal is no row of its own: INS and each UTK, at two parties.
  expect(rows[0]?.n).toBe(STAYS.length * 2 * (1 + ROUNDS / 2));
}

describe('two routers in one group, one of them frozen past its session', () => {
  it('at any moment: no gap, no double effect, order per stay kept', async () => {
    await play('any', () => Promise.resolve());
  });

  it('inside its transaction: the same', async () => {
    // Slow enough to be caught in the act.
    await database.query(`
      create function router.slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.3); return null; end $$;
      create trigger slow after insert on router.event for each statement execute function router.slow()`);
    try {
      await play('inside', (replica) => until(`${replica} is inside a transaction`, () => isInTransaction(replica)));
    } finally {
      await database.query('drop trigger slow on router.event');
    }
  });
});
