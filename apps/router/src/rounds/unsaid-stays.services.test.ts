import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { isUnreadable, readStay, type StayRecord } from '#libs/fhir';
import { decodeRecord, encodeRecord, isGarbled, Outbox, type InRecord } from '#libs/messaging';
import { createPool, inTransaction, migrate } from '#libs/persistence';
import type { StayEvent } from '#libs/domain';
import { createTestDatabase, type TestDatabase } from '../../../../test/services/services.ts';
import { eventRecord } from '../../test/harness.ts';
import { NEED_BOTH, stayEvent, uuidOf, type EventDraft } from '../../test/stay-events.ts';
import { testRules } from '../../test/play.ts';
import { StayCache } from '#libs/stays';
import type { StayCase } from '../deciding/stay-case.ts';
import { applyEvents } from '../apply-events.ts';
import { ROUTER_MIGRATIONS, ROUTER_SCHEMA } from '../router-schema.ts';
import { sayUnsaidStays } from './unsaid-stays.ts';

const rules = testRules();
const GROUP = 'router';
const A01: EventDraft = { name: 'a01', trigger: 'A01', minute: 0, facts: [NEED_BOTH], expected: '2026-05-10' };
let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase('router-unsaid');
  await migrate({ url: database.url, schema: ROUTER_SCHEMA, migrations: ROUTER_MIGRATIONS });
  pool = createPool({ url: database.url, applicationName: 'test', schema: ROUTER_SCHEMA });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** The lanes of the partitions 0 and 1. */
let lanes: number[];
beforeEach(async () => {
  await pool.query('truncate person, stay, event, notice, task, outbox, position, lane restart identity');
  lanes = [];
  for (const part of [0, 1]) {
    const { rows } = await pool.query<{ id: number }>('insert into lane (name) values ($1) returning id', [`p${part}`]);
    const lane = rows[0]?.id ?? 0;
    lanes.push(lane);
    await pool.query('insert into position (grp, topic, part, lane) values ($1, $2, $3, $4)', [
      ...[GROUP, rules.topics.events, part, lane],
    ]);
  }
});

function asRead(event: StayEvent, partition: number): InRecord {
  const { key, value, headers } = encodeRecord(eventRecord(event, rules.topics.events));
  const message = { key: Buffer.from(key), value, headers, offset: '0', timestamp: '0' };
  const record = decodeRecord(rules.topics.events, partition, message);
  if (isGarbled(record)) throw new Error(record.garbled);
  return record;
}

/** Applies an event that lay in a partition, and puts what it says on that partition's lane. */
const apply = (draft: EventDraft, partition: number): Promise<void> =>
  inTransaction(pool, async (tx) => {
    const { said } = await applyEvents(
      tx,
      [asRead(stayEvent(draft), partition)],
      rules,
      new StayCache<StayCase>(100_000_000),
    );
    await Outbox.append(
      tx,
      ROUTER_SCHEMA,
      lanes[partition] ?? 0,
      said.flatMap(({ records }) => records),
    );
  });

/** What waits on `stays`, in order, with its lane. */
async function waiting(): Promise<(StayRecord & { lane: number })[]> {
  const { rows } = await pool.query<{ lane: number; value: string }>(
    'select lane, value from outbox where topic = $1 order by seq',
    [rules.topics.stays],
  );
  return rows.map(({ lane, value }) => {
    const stay = readStay(JSON.parse(value));
    if (isUnreadable(stay)) throw new Error(stay.unreadable);
    return { ...stay, lane };
  });
}

const sent = () => pool.query('delete from outbox');
const say = () => sayUnsaidStays({ pool, group: GROUP, rules });

async function sayAll(): Promise<number> {
  for (let chunks = 0; ; chunks++) if ((await say()) === undefined) return chunks;
}

describe('a state of the version before', () => {
  /** As the version before left it: nothing was said. */
  const forget = () => pool.query('update stay set version = 0, fingerprint = null, part = null, unsaid = true');

  it('has each stay said once, in chunks, and then no more', async () => {
    const names = Array.from({ length: 120 }, (_, n) => `s${n}`);
    for (const stay of names) await apply({ ...A01, stay, person: `person of ${stay}` }, 0);
    await sent();
    await forget();
    expect(await sayAll()).toBe(3);
    const said = await waiting();
    expect(said.map(({ stayId }) => stayId).sort()).toEqual(names.map(uuidOf).sort());
    expect(said.every(({ told, stated }) => told.length === 2 && stated !== undefined)).toBe(true);
    expect(lanes).not.toContain(said[0]?.lane);
    expect(await sayAll()).toBe(0);
  });

  it('is marked by the migration, and a stay that comes later is not', async () => {
    const old = await createTestDatabase('router-unsaid-old');
    const before = ROUTER_MIGRATIONS.filter(({ name }) => name !== '0006-said-stays');
    await migrate({ url: old.url, schema: ROUTER_SCHEMA, migrations: before });
    const rows = createPool({ url: old.url, applicationName: 'test', schema: ROUTER_SCHEMA });
    try {
      await rows.query('insert into stay values ($1)', [uuidOf('old')]);
      await migrate({ url: old.url, schema: ROUTER_SCHEMA, migrations: ROUTER_MIGRATIONS });
      await rows.query('insert into stay (stay_id) values ($1)', [uuidOf('new')]);
      const { rows: marked } = await rows.query<{ stay_id: string }>('select stay_id from stay where unsaid');
      expect(marked).toEqual([{ stay_id: uuidOf('old') }]);
    } finally {
      await rows.end();
      await old.drop();
    }
  });

  it('has stays that are empty: they are looked at once, and stop nobody behind them', async () => {
    await pool.query('insert into stay (stay_id, unsaid) values ($1, true)', [uuidOf('empty')]);
    await apply(A01, 0);
    await sent();
    await pool.query('update stay set unsaid = true');
    await sayAll();
    expect((await waiting()).map(({ stayId }) => stayId)).toEqual([uuidOf('stay')]);
    expect((await pool.query('select from stay where unsaid')).rowCount).toBe(0);
  });
});

describe('a stay that was said on the lanes of two partitions', () => {
  const protecting: EventDraft = { ...A01, name: 'p', stay: 'second', minute: 4, protection: 'unknown' };

  it('is said once more on the later lane, when nothing of it waits on the other: its newest record is the last', async () => {
    await apply(A01, 0);
    await apply(protecting, 1);
    await say();
    expect((await waiting()).filter(({ stayId }) => stayId === uuidOf('stay')).map(({ lane }) => lane)).toEqual(lanes);
    await sent();
    await sayAll();
    const [again, ...more] = await waiting();
    expect(more).toEqual([]);
    expect(again).toMatchObject({ stayId: uuidOf('stay'), lane: lanes[1], protection: 'unknown' });
  });

  it('is said no more while its events go on coming from one partition', async () => {
    await apply(A01, 0);
    await apply({ name: '2', trigger: 'A08', minute: 1, expected: '2026-05-12' }, 0);
    await sent();
    expect(await sayAll()).toBe(0);
  });
});
