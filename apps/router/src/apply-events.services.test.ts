import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Pool } from 'pg';
import type { StayEvent } from '#libs/domain';
import { decodeRecord, encodeRecord, isGarbled, type InRecord, type OutRecord } from '#libs/messaging';
import { createPool, inTransaction, migrate, retryingTransaction, type Tx } from '#libs/persistence';
import { createTestDatabase, type TestDatabase } from '../../../test/services/services.ts';
import { eventRecord } from '../test/harness.ts';
import { inForce, noticesIn, tasksIn } from '../test/inbox.ts';
import { CONSENT, NEED_BOTH, NOT_READY, READY, stayEvent, uuidOf, type EventDraft } from '../test/stay-events.ts';
import { testRules } from '../test/test-rules.ts';
import { applyEvents, UnreadableEvent } from './apply-events.ts';
import { CaseBook, NOTHING_KNOWN } from './case-book.ts';
import { noticesOf } from './notice.queries.ts';
import { ROUTER_MIGRATIONS, ROUTER_SCHEMA } from './router-schema.ts';

const rules = testRules();
let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase('router-apply');
  await migrate({ url: database.url, schema: ROUTER_SCHEMA, migrations: ROUTER_MIGRATIONS });
  pool = createPool({ url: database.url, applicationName: 'test', schema: ROUTER_SCHEMA });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(empty);

async function empty(): Promise<void> {
  await pool.query('truncate person, stay, event, notice, task');
}

function asRead(event: StayEvent): InRecord {
  const { key, value, headers } = encodeRecord(eventRecord(event, 'events'));
  const record = decodeRecord('events', 0, { key: Buffer.from(key), value, headers, offset: '0', timestamp: '0' });
  if (isGarbled(record)) throw new Error(record.garbled);
  return record;
}

async function applyIn(tx: Tx, events: readonly StayEvent[]): Promise<OutRecord[]> {
  const { said } = await applyEvents(tx, events.map(asRead), rules);
  return said.flatMap(({ records }) => records);
}

async function apply(events: readonly StayEvent[]): Promise<OutRecord[]> {
  return inTransaction(pool, (tx) => applyIn(tx, events));
}

const A01: EventDraft = { name: 'a01', trigger: 'A01', minute: 0, facts: [NEED_BOTH, CONSENT], expected: '2026-05-10' };
const DRAFTS: EventDraft[] = [
  A01,
  { name: '2', trigger: 'A08', minute: 1, expected: '2026-05-12' },
  { name: '3', trigger: 'A08', minute: 2, expected: '2026-05-12', facts: [READY] },
  { name: '4', trigger: 'A08', minute: 3, expected: '2026-05-10', facts: [NOT_READY] },
  { ...A01, name: 'p', stay: 'second', minute: 4, protection: 'unknown' },
  { name: '5', trigger: 'A03', minute: 10 },
];
const EVENTS = DRAFTS.map(stayEvent);

const said = (records: readonly OutRecord[]): string[] =>
  records.map(({ id, kind, topic, value }) => `${kind} ${topic} ${id} ${String(value)}`);

describe('applying events in the database', () => {
  it('says the same however the log is cut into batches, and the same as in memory', async () => {
    const doubled = [...EVENTS, ...EVENTS];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(doubled, { minLength: 12, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 12, maxLength: 12 }),
        async (order, sizes) => {
          await empty();
          const book = new CaseBook(NOTHING_KNOWN, rules);
          const inMemory = order.flatMap(
            (event) => book.apply(event, `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`) ?? [],
          );
          const records: OutRecord[] = [];
          for (let from = 0, n = 0; from < order.length; from += sizes[n++] ?? 1) {
            records.push(...(await apply(order.slice(from, from + (sizes[n] ?? 1)))));
          }
          expect(said(records)).toEqual(said(inMemory));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('a batch again after a rollback says the same', async () => {
    const failed: OutRecord[] = [];
    const run = inTransaction(pool, async (tx) => {
      failed.push(...(await applyIn(tx, EVENTS)));
      throw new Error('the process died');
    });
    await expect(run).rejects.toThrow('died');
    expect(said(await apply(EVENTS))).toEqual(said(failed));
  });

  it('a replay with the same revision says nothing, and neither does one with a higher', async () => {
    await apply(EVENTS);
    expect(await apply(EVENTS)).toEqual([]);
    expect(await apply(EVENTS.map((event) => ({ ...event, revision: 5000 })))).toEqual([]);
    expect(await apply(EVENTS)).toEqual([]);
  });

  it('a mend that puts a message into another stay empties the first', async () => {
    const first = stayEvent({ ...A01, clinic: null });
    await apply([first]);
    const records = await apply([{ ...first, stayId: uuidOf('other'), patientId: uuidOf('another'), revision: 5000 }]);
    expect(noticesIn(records).map(({ category, stayId }) => [category, stayId])).toEqual(
      expect.arrayContaining([
        ['INS-WITHDRAWN', uuidOf('stay')],
        ['INS', uuidOf('other')],
      ]),
    );
    const { rows } = await pool.query<{ stay_id: string }>('select stay_id from event');
    expect(rows).toEqual([{ stay_id: uuidOf('other') }]);
  });

  it('protection from another stay asks a person at once for both, and stops what would be told', async () => {
    await apply([stayEvent(A01)]);
    const marked = await apply([
      stayEvent({ ...A01, name: 'p', stay: 'second', minute: 4, protection: 'sekretessmarkering' }),
    ]);
    const asked = tasksIn(marked).map(({ stayId, duty }) => [stayId, duty.code, duty.occasion, duty.protection]);
    for (const stay of ['stay', 'second']) {
      expect(asked).toContainEqual([uuidOf(stay), 'ROUTE-BY-HAND', 'protected', 'sekretessmarkering']);
    }
    const records = await apply([stayEvent({ name: '3', trigger: 'A08', minute: 5, facts: [READY] })]);
    expect(noticesIn(records)).toEqual([]);
  });

  it('batches of many persons at once, in opposite orders, all come through', async () => {
    const stays = Array.from({ length: 30 }, (_, n) => `s${n}`);
    const batch = (name: string, minute: number, facts: EventDraft['facts'] = []): StayEvent[] =>
      stays.map((stay) => stayEvent({ ...A01, stay, name, minute, facts, person: `person of ${stay}` }));
    const batches = [batch('a', 0, [NEED_BOTH]), batch('b', 1).reverse(), batch('c', 2), batch('d', 3).reverse()];
    const results = await Promise.all(batches.map((events) => retryingTransaction(pool, (tx) => applyIn(tx, events))));
    const notices = noticesIn(results.flat());
    expect(inForce(notices).filter(({ category }) => category === 'INS')).toHaveLength(60);
    const rows = await noticesOf(pool, stays.map(uuidOf));
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  it('a record that is no event names itself', async () => {
    const record = { ...asRead(stayEvent(A01)), value: Buffer.from('{"resourceType":"Bundle"}') };
    await expect(inTransaction(pool, (tx) => applyEvents(tx, [record], rules))).rejects.toThrow(UnreadableEvent);
  });
});
