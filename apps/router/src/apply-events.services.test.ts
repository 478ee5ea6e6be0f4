import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Pool } from 'pg';
import type { County } from '#libs/county';
import type { StayEvent } from '#libs/domain';
import { decodeRecord, encodeRecord, isGarbled, type InRecord, type OutRecord } from '#libs/messaging';
import { createPool, inTransaction, migrate, retryingTransaction, type Tx } from '#libs/persistence';
import { StayCache } from '#libs/stays';
import { createTestDatabase, type TestDatabase } from '../../../test/services/services.ts';
import { eventRecord } from '../test/harness.ts';
import { inForce, noticesIn, tasksIn, testRules } from '../test/play.ts';
import {
  CONSENT,
  NEED_BOTH,
  ORIGIN,
  NOT_READY,
  READY,
  stayEvent,
  uuidOf,
  type EventDraft,
} from '../test/stay-events.ts';
import { applyEvents, UnreadableEvent } from './apply-events.ts';
import { CaseBook, NOTHING_KNOWN } from './deciding/case-book.ts';
import { noticesOf } from './telling/told-notices.ts';
import { ROUTER_MIGRATIONS, ROUTER_SCHEMA } from './router-schema.ts';
import type { RoutingRules } from './routing-rules.ts';
import type { StayCase } from './deciding/stay-case.ts';

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

/** A replica's cache; who empties the tables has versions begin anew. */
let cache: StayCache<StayCase>;

async function empty(): Promise<void> {
  cache = new StayCache<StayCase>(100_000_000);
  await pool.query('truncate person, stay, event, notice, task');
}

function asRead(event: StayEvent): InRecord {
  const { key, value, headers } = encodeRecord(eventRecord(event, 'events'));
  const record = decodeRecord('events', 0, { key: Buffer.from(key), value, headers, offset: '0', timestamp: '0' });
  if (isGarbled(record)) throw new Error(record.garbled);
  return record;
}

interface Applied {
  readonly records: readonly OutRecord[];
  readonly committed: () => void;
}

async function applyIn(tx: Tx, events: readonly StayEvent[], by = cache, under = rules): Promise<Applied> {
  const { said, committed } = await applyEvents(tx, events.map(asRead), under, by);
  return { records: said.flatMap(({ records }) => records), committed };
}

async function apply(events: readonly StayEvent[], by = cache, under = rules): Promise<readonly OutRecord[]> {
  const { records, committed } = await retryingTransaction(pool, (tx) => applyIn(tx, events, by, under));
  committed();
  return records;
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

const SOC: EventDraft['facts'] = [{ code: 'NEED', values: ['SOC'] }];
const goesOn = (stay: string, start: number, name: string, minute: number, more: Partial<EventDraft>): EventDraft => ({
  ...{ name, trigger: 'A08', minute, stay, start, sender: 'DS' },
  ...more,
});
/** A case over three stays; two of them know their person by another number first. */
const CASE: StayEvent[] = [
  { ...A01, facts: SOC, person: 'reserve' },
  { name: '2', trigger: 'A03' as const, minute: 10, leaving: 'transfer' as const },
  goesOn('second', 12, 's1', 12, { trigger: 'A01', facts: [CONSENT, READY], expected: '2026-05-12' }),
  goesOn('second', 12, 's2', 20, { trigger: 'A03', leaving: 'transfer' }),
  goesOn('third', 22, 't1', 22, { trigger: 'A01', facts: [CONSENT, READY], person: 'unknown', expected: '2026-05-13' }),
  goesOn('third', 22, 't2', 30, { trigger: 'A03', leaving: 'home' }),
].map(stayEvent);

/** The county after its folder was read again: a municipality is not there any more. */
const WITHOUT_SOLNA: RoutingRules = { ...rules, county: without('0184', rules.county) };

function without(party: string, county: County): County {
  const directory: County['directory'] = {
    version: `without ${party}`,
    at: () => directory,
    changes: [],
    nameOf: (...party) => county.directory.nameOf(...party),
    boardOf: (...address) => county.directory.boardOf(...address),
    clinicOfArea: (...area) => county.directory.clinicOfArea(...area),
    party: (id, date) => (id === party ? undefined : county.directory.party(id, date)),
    municipality: (code, date) => (code === party ? undefined : county.directory.municipality(code, date)),
  };
  const changed: County = { ...county, version: `without ${party}`, directory, snapshot: () => changed };
  return changed;
}

const said = (records: readonly OutRecord[]): string[] =>
  records.map(({ id, kind, topic, value }) => `${kind} ${topic} ${id} ${String(value)}`);

describe('applying events in the database', () => {
  it.each([
    ['a stay, and another that protects', EVENTS],
    ['a case over three stays', CASE],
  ])('says the same however the log is cut into batches, and the same as in memory: %s', async (_name, events) => {
    const doubled = [...events, ...events];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(doubled, { minLength: 12, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 12, maxLength: 12 }),
        fc.array(fc.nat(2), { minLength: 12, maxLength: 12 }),
        async (order, sizes, turns) => {
          await empty();
          // Two replicas, of which each has what the other left behind, and one that keeps next to nothing.
          const caches = [
            new StayCache<StayCase>(100_000_000),
            new StayCache<StayCase>(100_000_000),
            new StayCache<StayCase>(2),
          ];
          const book = new CaseBook(NOTHING_KNOWN, rules);
          const inMemory = order.flatMap((event) => book.apply(event, ORIGIN) ?? []);
          const records: OutRecord[] = [];
          for (let from = 0, n = 0; from < order.length; from += sizes[n++] ?? 1) {
            records.push(...(await apply(order.slice(from, from + (sizes[n] ?? 1)), caches[turns[n] ?? 0])));
          }
          expect(said(records)).toEqual(said(inMemory));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('a transfer and the stay that goes on, applied at once in opposite orders, find each other', async () => {
    const persons = Array.from({ length: 30 }, (_, n) => `p${n}`);
    const of = (draft: EventDraft) => (person: string) =>
      stayEvent({ ...draft, person, stay: `${draft.stay ?? 'first'} of ${person}` });
    const admitted = persons.map(of({ ...A01, facts: SOC, clinic: null }));
    const moved = persons.map(of({ name: '2', trigger: 'A03', minute: 10, leaving: 'transfer', clinic: null }));
    const goes = goesOn('second', 12, 's1', 12, { trigger: 'A01', facts: [CONSENT, READY], clinic: null });
    const second = persons.map(of(goes)).reverse();
    await apply(admitted);
    const batches = [moved.slice(0, 15), second.slice(0, 15), moved.slice(15), second.slice(15)];
    const results = await Promise.all(batches.map((events) => apply(events)));
    const told = inForce(noticesIn(results.flat())).map(({ category, stayId }) => `${category} ${stayId}`);
    expect(told.sort()).toEqual(persons.map((person) => `UTK ${uuidOf(`second of ${person}`)}`).sort());
  });

  it('a batch again after a rollback says the same', async () => {
    const failed: OutRecord[] = [];
    const run = inTransaction(pool, async (tx) => {
      failed.push(...(await applyIn(tx, EVENTS)).records);
      throw new Error('the process died');
    });
    await expect(run).rejects.toThrow('died');
    expect(said(await apply(EVENTS))).toEqual(said(failed));
  });

  it('reads nothing of a stay that it left as it is, however long; all of it after another had it', async () => {
    const updates = Array.from({ length: 40 }, (_, n) => stayEvent({ name: `u${n}`, trigger: 'A08', minute: n + 1 }));
    await apply([stayEvent(A01), ...updates.slice(0, 30)]);
    const rowsRead = async (event: StayEvent | undefined, by = cache): Promise<number> => {
      let read = 0;
      const { committed } = await inTransaction(pool, (tx) => {
        const query = tx.query.bind(tx) as (...args: unknown[]) => Promise<{ rows: unknown[] }>;
        const counting = async (...args: unknown[]): Promise<{ rows: unknown[] }> => {
          const answer = await query(...args);
          read += answer.rows.length;
          return answer;
        };
        return applyIn({ ...tx, query: counting } as unknown as Tx, event ? [event] : [], by);
      });
      committed();
      return read;
    };
    expect(await rowsRead(updates[30])).toBeLessThan(5);
    expect(await rowsRead(updates[31])).toBeLessThan(5);
    expect(await rowsRead(updates[32], new StayCache<StayCase>(100_000_000))).toBeGreaterThan(30);
    expect(await rowsRead(updates[33])).toBeGreaterThan(30);
    expect(await rowsRead(updates[34])).toBeLessThan(5);
  });

  it('reads a stay no more often when its updates of one instant were each made before the last', async () => {
    const lookedUp = async (minuteOf: (n: number) => number): Promise<number> => {
      await empty();
      let count = 0;
      const parameters: RoutingRules['parameters'] = (date) => {
        count++;
        return rules.parameters(date);
      };
      const { intakeAt } = stayEvent({ name: 'now', trigger: 'A08', minute: 100 });
      const updates = Array.from({ length: 40 }, (_, n) => ({
        ...stayEvent({ name: `u${n}`, trigger: 'A08', minute: minuteOf(n) }),
        intakeAt,
      }));
      await apply([stayEvent(A01), ...updates], cache, { ...rules, parameters });
      return count;
    };
    expect(await lookedUp((n) => 41 - n)).toBe(await lookedUp((n) => n + 1));
  });

  it('a stay that was folded under another county is folded anew: says what says who keeps nothing', async () => {
    const update = stayEvent({ name: 'u', trigger: 'A08', minute: 5, expected: '2026-05-12' });
    const sayingAfter = async (keeping: () => StayCache<StayCase>): Promise<readonly OutRecord[]> => {
      await empty();
      const [first, second] = [keeping(), keeping()];
      await apply([stayEvent(A01)], first);
      return apply([update], second, WITHOUT_SOLNA);
    };
    const keepsNothing = await sayingAfter(() => new StayCache<StayCase>(100_000_000));
    expect(noticesIn(keepsNothing).map(({ category, recipient }) => [category, recipient])).toContainEqual([
      'INS-WITHDRAWN',
      '0184',
    ]);
    const one = new StayCache<StayCase>(100_000_000);
    expect(said(await sayingAfter(() => one))).toEqual(said(keepsNothing));
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
    const results = await Promise.all(batches.map((events) => apply(events)));
    const notices = noticesIn(results.flat());
    expect(inForce(notices).filter(({ category }) => category === 'INS')).toHaveLength(60);
    const rows = await noticesOf(pool, stays.map(uuidOf));
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  it('a record that is no event names itself', async () => {
    const record = { ...asRead(stayEvent(A01)), value: Buffer.from('{"resourceType":"Bundle"}') };
    await expect(inTransaction(pool, (tx) => applyEvents(tx, [record], rules, cache))).rejects.toThrow(UnreadableEvent);
  });
});
