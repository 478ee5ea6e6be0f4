import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Pool } from 'pg';
import type { StayEvent } from '#libs/domain';
import { decodeRecord, encodeRecord, isGarbled, type InRecord, type OutRecord } from '#libs/messaging';
import { createPool, inTransaction, migrate } from '#libs/persistence';
import { IdMaker } from '#libs/platform';
import { createTestDatabase, type TestDatabase } from '../../../test/services/services.ts';
import { versionBefore, type Row } from '../../../test/migration/version-before.ts';
import { eventRecord } from '../test/harness.ts';
import { noticesIn, testRules } from '../test/play.ts';
import { StayCache } from '#libs/stays';
import type { StayCase } from './deciding/stay-case.ts';
import { applyEvents } from './apply-events.ts';
import { ROUTER_MIGRATIONS, ROUTER_SCHEMA } from './router-schema.ts';

const { secret, now, router, replayed } = versionBefore();
const rules = { ...testRules({ now: () => now }), ids: new IdMaker(Buffer.from(secret, 'base64url')) };
let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase('router-version-before');
  await migrate({ url: database.url, schema: ROUTER_SCHEMA, migrations: ROUTER_MIGRATIONS });
  pool = createPool({ url: database.url, applicationName: 'test', schema: ROUTER_SCHEMA });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(stored);

/** Puts back what the version before had stored. */
async function stored(): Promise<void> {
  await pool.query('truncate person, stay, event, notice, task');
  const put = (table: string, rows: readonly Row[]) =>
    pool.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [
      JSON.stringify(rows),
    ]);
  // The migration gives events of the version before this time of publishing.
  await put(
    'event',
    router.events.map((row) => ({ ...row, published_at: 0 })),
  );
  await put('notice', router.notices);
  await put('task', router.tasks);
  await pool.query('insert into stay select distinct stay_id from event');
  await pool.query(
    `insert into person (patient_id, transferred)
     select patient_id, bool_or(body -> 'encounter' ->> 'leaving' = 'transfer') is true from event group by patient_id`,
  );
}

async function apply(events: readonly StayEvent[]): Promise<OutRecord[]> {
  const records = events.map(asRead);
  const { said } = await inTransaction(pool, (tx) =>
    applyEvents(tx, records, rules, new StayCache<StayCase>(100_000_000)),
  );
  return said.flatMap((one) => one.records);
}

function asRead(event: StayEvent): InRecord {
  const { key, value, headers } = encodeRecord(eventRecord(event, 'events'));
  const record = decodeRecord('events', 0, { key: Buffer.from(key), value, headers, offset: '0', timestamp: '0' });
  if (isGarbled(record)) throw new Error(record.garbled);
  return record;
}

interface NoticeRow {
  readonly id: string;
  readonly stay_id: string;
  readonly recipient: string;
  readonly kind: string;
  readonly slot: string;
  readonly status: string;
  readonly withdrawn_by: string | null;
  readonly act: { readonly content: object };
}

async function notices(): Promise<NoticeRow[]> {
  const { rows } = await pool.query<NoticeRow>('select * from notice order by stay_id, ordinal');
  return rows;
}

const withoutIssuer = (content: object): string =>
  JSON.stringify(content, (name, value: unknown) => (name === 'system' ? undefined : value));
const saying = ({ stay_id: stay, recipient, kind, act }: Pick<NoticeRow, 'stay_id' | 'recipient' | 'kind' | 'act'>) =>
  `${stay} ${recipient} ${kind} ${withoutIssuer(act.content)}`;
const lineOf = ({ recipient, kind, slot }: NoticeRow): string => `${kind} ${recipient} ${slot}`;
const inForce = (rows: readonly NoticeRow[]): string[] =>
  rows
    .filter(({ status }) => status === 'told')
    .map(saying)
    .sort();

describe('a state of the version before', () => {
  it('stays as it was told until its messages are read anew: one of them alone says nothing of the others', async () => {
    for (const event of replayed) {
      await stored();
      const about = noticesIn(await apply([event]));
      const others = about.filter(({ stayId }) => stayId !== event.stayId);
      expect(others).toEqual([]);
    }
  });

  it('is told what the rules of today say otherwise, and nothing twice', async () => {
    const before = new Map(router.notices.map((notice) => [notice.id, notice]));
    const stood = new Set(
      router.notices.filter(({ status }) => status === 'told').map((notice) => saying(notice as unknown as NoticeRow)),
    );
    await apply(replayed);
    const after = await notices();
    const told = after.filter(({ id }) => !before.has(id));
    expect(told.map(saying).filter((one) => stood.has(one))).toEqual([]);
    expect(told.map(lineOf).sort()).toEqual([
      // PV2-9 could not be read, and the version before rejected the whole admission (SAL-3).
      'INS 0184 INS',
      'INS SE2321000016-2001 INS',
      // Discharged 14:00, cancelled, discharged 13:30: the later word holds (DEC-24).
      'UTS 0184 UTS#1',
      'UTS SE2321000016-2001 UTS#1',
    ]);
    const withdrawn = after.filter(({ id, status }) => status === 'withdrawn' && before.get(id)?.status === 'told');
    expect(withdrawn.map(lineOf).sort()).toEqual([
      // The second stay began at the unit that the first was sent on from: it does not go on there (DEC-31).
      'BUT 0184 BUT',
      // The same fact of a date alone sent again, and one that was never true (DEC-19).
      'INFO SE2321000016-2001 INFO|ROV@1799046900000',
      'INFO SE2321000016-2001 INFO|ROV@1799047500000',
      // What was said of an admission that was cancelled does not carry over to the next (DEC-25).
      'INFO SE2321000016-2001 INFO|ROV@1799069400000',
      'UTK 0184 UTK',
      'UTK 0184 UTK',
      'UTK SE2321000016-2001 UTK',
    ]);
  });

  it('takes back an INFO that has another name now by the message that says that it never was true', async () => {
    await apply(replayed);
    const slot = 'INFO|ROV@1799047500000';
    const notice = (await notices()).find((one) => one.slot === slot);
    const never = replayed.find(({ facts, stayId }) => stayId === notice?.stay_id && facts[0]?.status === 'D');
    expect([notice?.status, never?.trigger]).toEqual(['withdrawn', 'A08']);
    const { stay_id: stay, kind, recipient, withdrawn_by: by } = notice ?? ({} as NoticeRow);
    expect(by).toBe(rules.ids.withdrawal(stay, kind, recipient, slot, never?.eventId ?? '', 0));
  });

  it('says nothing more when its messages are read once more', async () => {
    await apply(replayed);
    expect(await apply(replayed)).toEqual([]);
  });

  it('ends the same in whatever order its messages are read anew', async () => {
    await apply(replayed);
    const expected = inForce(await notices());
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...replayed], { minLength: replayed.length }), async (events) => {
        await stored();
        for (const event of events) await apply([event]);
        expect(inForce(await notices())).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });
});
