import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import type { Identity, PersonEvent, StayEvent } from '#libs/domain';
import { createPool, inTransaction, migrate, retryingTransaction } from '#libs/persistence';
import { ROUTER_MIGRATIONS, ROUTER_SCHEMA } from '../../../apps/router/src/router-schema.ts';
import { MIGRATIONS, SCHEMA } from '../../../apps/watcher/src/migrations/index.ts';
import { ids, may, message, stayOf, type Told } from '../../../apps/watcher/test/ward.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/services/services.ts';
import { EventSet, type KeptEvent } from './event-set.ts';
import { JoinedInBatch } from './joined-stays.ts';
import { isOfPerson, lockAndLoad, lockStays, MOST_OF_PERSONS, type ArrivedEvent } from './lock-and-load.ts';
import { PersonEvents } from './person-events.ts';
import { relatedStays } from './related-stays.ts';
import { NONE_KEPT } from './stay-cache.ts';
import { StayStore } from './stay-store.ts';

const schemas = [
  { schema: ROUTER_SCHEMA, migrations: ROUTER_MIGRATIONS },
  { schema: SCHEMA, migrations: MIGRATIONS },
];

describe.each(schemas)('the stays of the schema $schema', ({ schema, migrations }) => {
  const store = new StayStore(schema);
  const tooMany = (): Error => new RangeError('too many');
  const loading = { store, readOwn: () => Promise.resolve(undefined), kept: NONE_KEPT, tooMany };
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase(`stays-${schema}`);
    await migrate({ url: database.url, schema, migrations });
    pool = createPool({ url: database.url, applicationName: 'test', schema });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });
  beforeEach(async () => {
    await pool.query('truncate person, stay, event, person_event');
  });

  const at = (sent: string, more: Partial<Told> = {}): Told => ({ sent, ...more });
  const person = (name: string): string => ids.patient('pnr', name);
  const kept = (event: StayEvent): KeptEvent => ({ event, publishedAt: 5 });

  /** Applies events as an app does. Answers the ids of the stays that were locked for them. */
  function apply(events: readonly StayEvent[]): Promise<string[]> {
    return retryingTransaction(pool, async (tx) => {
      const { events: byStay } = await lockAndLoad(tx, events, loading);
      const set = new EventSet([...byStay.values()].flat());
      for (const event of events) set.take(kept(event));
      const { put, removed } = set.changes();
      await Promise.all([store.removeEvents(tx, removed), store.putEvents(tx, put)]);
      return [...byStay.keys()].sort();
    });
  }
  const sorted = (...visits: string[]): string[] => visits.map(stayOf).sort();

  it('of a person who has more than anybody can are not all touched: the message is set aside, others go on', async () => {
    const stays = Array.from({ length: MOST_OF_PERSONS + 1 }, (_, n) =>
      message('A01', at('04 08:30', { visit: `many ${n}` })),
    );
    await inTransaction(pool, (tx) => store.putEvents(tx, stays.map(kept)));
    const claim = message('A08', at('04 09:00', { visit: 'many 1', patient: { protection: 'sekretessmarkering' } }));
    await expect(apply([claim])).rejects.toThrow(tooMany());
    expect(await apply([message('A08', at('04 09:00', { visit: 'many 1' }))])).toEqual(sorted('many 1'));
  });

  it('come back as they were written, with when each was published', async () => {
    const event = message('A01', at('04 08:30'));
    expect(await apply([event])).toEqual(sorted('v1'));
    await inTransaction(pool, async (tx) => {
      const { events } = await lockStays(tx, sorted('v1', 'v2'), loading);
      expect(events).toEqual(
        new Map([
          [stayOf('v1'), [kept(event)]],
          [stayOf('v2'), []],
        ]),
      );
    });
  });

  it('of another stay of the person are locked only where one can matter to another', async () => {
    await apply([message('A01', at('04 08:30'))]);
    expect(await apply([message('A01', at('04 09:00', { visit: 'v2' }))])).toEqual(sorted('v2'));
    const claim = message('A08', at('04 10:00', { visit: 'v2', patient: { protection: 'sekretessmarkering' } }));
    expect(await apply([claim])).toEqual(sorted('v1', 'v2'));
  });

  it('where a mended reading finds its earlier self are locked, and loaded without it from then on', async () => {
    const wrong = message('A01', at('04 08:30'));
    await apply([wrong]);
    const mended = { ...wrong, revision: 2000, stayId: stayOf('v9'), patientId: person('another') };
    expect(await apply([mended])).toEqual(sorted('v1', 'v9'));
    expect(await store.eventsOf(pool, [stayOf('v1')])).toEqual([]);
    expect(await store.eventsOf(pool, [stayOf('v9')])).toEqual([kept(mended)]);
  });

  it('of a person who was marked as sent on are all locked, by whatever id a stay knows the person', async () => {
    const known = message('A08', at('04 09:00', { person: 'reserve' }));
    await apply([message('A01', at('04 08:30')), known]);
    await apply([message('A01', at('04 11:00', { visit: 'v2', person: 'reserve' }))]);
    await inTransaction(pool, (tx) => store.markSentOn(tx, [person('reserve')]));
    expect(await apply([message('A08', at('04 12:00'))])).toEqual(sorted('v1', 'v2'));
  });

  it('wait for another transaction, and are then seen as that one left them', async () => {
    const first = message('A01', at('04 08:30'));
    const second = message('A08', at('04 09:00', { text: 'second' }));
    const order: string[] = [];
    let behind: Promise<unknown> | undefined;
    await inTransaction(pool, async (tx) => {
      await lockAndLoad(tx, [first], loading);
      behind = inTransaction(pool, async (later) => {
        const { events } = await lockAndLoad(later, [second], loading);
        order.push('second');
        return events.get(stayOf('v1'))?.map(({ event }) => event.eventId);
      });
      await store.putEvents(tx, [kept(first)]);
      order.push('first');
    });
    expect(await behind).toEqual([first.eventId]);
    expect(order).toEqual(['first', 'second']);
  });

  it('of many persons, locked at once in opposite orders, all come through', async () => {
    const persons = Array.from({ length: 20 }, (_, n) => `p${n}`);
    const batch = (text: string): StayEvent[] =>
      persons.map((name) => message('A01', at('04 08:30', { visit: name, person: name, text })));
    await Promise.all([apply(batch('a')), apply(batch('b').reverse()), apply(batch('c')), apply(batch('d').reverse())]);
    expect(await store.eventsOf(pool, sorted(...persons))).toHaveLength(80);
  });

  it('that are related are found by every id, each with what protects its person', async () => {
    const protecting = message(
      'A01',
      at('04 11:00', { visit: 'v2', person: 'reserve', patient: { protection: 'unknown' } }),
    );
    await apply([message('A01', at('04 08:30')), message('A08', at('04 09:00', { person: 'reserve' })), protecting]);
    await apply([message('A01', at('04 08:30', { visit: 'v3', person: 'stranger' }))]);
    const related = await relatedStays(pool, store, [person('191212121212')]);
    const claim = { label: 'unknown', since: may('04 11:00') };
    expect(related.map(({ stayId, protection }) => [stayId, protection]).sort()).toEqual(
      sorted('v1', 'v2').map((stayId) => [stayId, expect.objectContaining(claim)]),
    );
  });

  it('hold what is said of their person beside them, whichever came first, and are all locked for it', async () => {
    await applyAll([message('A01', at('04 08:30'))]);
    await applyAll([said('a31', ['191212121212'])]);
    expect(await besideIn('v1')).toEqual(['said a31']);
    await applyAll([message('A01', at('04 09:00', { visit: 'v2' }))]);
    expect(await besideIn('v2')).toEqual(['said a31']);
    await applyAll([
      message('A01', at('04 09:30', { visit: 'v3', person: 'other' })),
      said('merge', ['other', '191212121212']),
    ]);
    expect(await Promise.all(['v1', 'v2', 'v3'].map(besideIn))).toEqual(Array(3).fill(['said a31', 'said merge']));
    expect(await store.personEventsOf(pool, [person('other')])).toMatchObject([{ trigger: 'said merge' }]);
  });

  it('that are joined hold the messages of both, also one that names the other stay and another person', async () => {
    const second = message('A01', at('04 09:00', { visit: 'v2' }));
    await applyAll([message('A01', at('04 08:30')), second]);
    const joins = { kind: 'stays-joined', from: stayOf('v2'), into: stayOf('v1'), reason: 'samma vård' } as const;
    const joined = { ...said('joined', ['191212121212']), says: joins };
    await applyAll([joined]);
    expect([await storedIn('v1'), await storedIn('v2')]).toEqual([2, 0]);
    await applyAll([message('A08', at('04 12:00', { visit: 'v2', person: 'local' }))]);
    expect([await storedIn('v1'), await storedIn('v2')]).toEqual([3, 0]);
    await applyAll([{ ...second, revision: 2000 }]);
    expect([await storedIn('v1'), await storedIn('v2')]).toEqual([3, 0]);
    expect(await store.givesWay(pool, stayOf('v2'))).toBe(true);

    await applyAll([{ ...said('undone', ['191212121212']), says: { kind: 'undone', eventId: joined.eventId } }]);
    expect([await storedIn('v1'), await storedIn('v2')]).toEqual([1, 2]);
    expect((await store.eventsOf(pool, [stayOf('v2')])).map(({ event }) => event.joined)).toEqual([
      undefined,
      undefined,
    ]);
    expect(await store.givesWay(pool, stayOf('v2'))).toBe(false);
  });

  const storedIn = async (visit: string): Promise<number> => (await store.eventsOf(pool, [stayOf(visit)])).length;

  /** What is said of persons; of two it says that they are one. */
  function said(name: string, persons: readonly string[]): PersonEvent {
    const [first = '', ...others] = persons.map(person);
    const sentAt = may('04 10:00');
    const identity = (value: string): Identity => ({ type: 'personnummer', system: 'pnr', value });
    const patient = { identities: [identity(persons[0] ?? '')] };
    const from = persons.slice(1).map(identity);
    return {
      ...{ eventId: ids.other('event', name), inboundId: ids.other('inbound', name), ordinal: 0, revision: 1 },
      ...{ intakeAt: sentAt, intakeStamp: sentAt * 1000, saidBy: 'KS', trigger: `said ${name}`, at: sentAt, sentAt },
      ...{ patientIds: [first, ...others], findings: [] },
      says: from.length > 0 ? { kind: 'merged', from, patient } : { kind: 'described', patient },
    };
  }

  /** Applies events of stays and of persons as an app does. */
  async function applyAll(arrived: readonly ArrivedEvent[]): Promise<void> {
    await retryingTransaction(pool, async (tx) => {
      const { events: byStay, personEvents, rows } = await lockAndLoad(tx, arrived, loading);
      const set = new EventSet([...byStay.values()].flat());
      const words = new PersonEvents(personEvents);
      const joined = new JoinedInBatch(rows.values());
      for (const event of arrived) {
        if (!isOfPerson(event)) set.take(kept(joined.inItsStay(event)));
        else if (words.take(event) && joined.goBy(words.all())) set.rejoin(joined.inItsStay);
      }
      for (const stayId of byStay.keys()) {
        const { put, removed } = words.missingIn([...set.ofStay(stayId).values()].map(({ event }) => event));
        set.change({ put: put.map(kept), removed: removed.map(kept) });
      }
      const { put, removed } = set.changes();
      await store.removeEvents(tx, removed);
      await store.putEvents(tx, put);
      await store.putPersonEvents(tx, words.changes());
      await store.joinStays(tx, joined.changes());
    });
  }

  async function besideIn(visit: string): Promise<string[]> {
    const stored = await store.eventsOf(pool, [stayOf(visit)]);
    return stored.flatMap(({ event }) => (event.beside ? [event.trigger] : [])).sort();
  }
});
