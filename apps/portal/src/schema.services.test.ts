import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { createPool, describeSchema, inTransaction, migrate } from '#libs/persistence';
import { createTestDatabase, type TestDatabase } from '../../../test/services/services.ts';
import type { Place } from './fhir-api/access.ts';
import type { Condition } from './fhir-api/search-values.ts';
import { pageSql, readSql, type Statement } from './fhir-api/search-sql.ts';
import { wholeShape } from './fhir-api/answer-shape.ts';
import type { Search } from './fhir-api/search.ts';
import { HUB_MIGRATIONS, HUB_SCHEMA } from './hub-view/schema.ts';
import { lockStays } from './hub-view/stays.queries.ts';
import { PARTY_MIGRATIONS, PARTY_SCHEMA } from './party-view/schema.ts';
import { keepTold } from './party-view/told.queries.ts';
import { UNHEARD } from './party-view/told-stay.ts';

let database: TestDatabase;
let pool: Pool;

/** Many small parties and a large one: a plan that reads a neighbour's rows, or sorts, would show. */
const FILL = `insert into SCHEMA.resource (audience, type, id, version, updated_at, status, code, actor, encounter, subject, moment, body)
select 'party-' || case when n % 4 = 0 then 0 else n % 100 end,
  (array['Communication', 'Encounter', 'Task', 'DetectedIssue', 'Patient'])[1 + n % 5], n::text, 1, n,
  'completed', (array['INS', 'BUT', 'UTK'])[1 + n % 3], 'party', 'stay-' || n / 5, 'person-' || n / 20, n, '{}'
from generate_series(1, 60000) as n`;

beforeAll(async () => {
  database = await createTestDatabase('portal-schema');
  await migrate({ url: database.url, schema: PARTY_SCHEMA, migrations: PARTY_MIGRATIONS });
  await migrate({ url: database.url, schema: HUB_SCHEMA, migrations: HUB_MIGRATIONS });
  pool = createPool({ url: database.url, applicationName: 'test' });
  for (const schema of [PARTY_SCHEMA, HUB_SCHEMA]) {
    await pool.query(FILL.replace('SCHEMA', schema));
    await pool.query(`analyze ${schema}.resource`);
  }
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe.each([
  [PARTY_SCHEMA, PARTY_MIGRATIONS],
  [HUB_SCHEMA, HUB_MIGRATIONS],
])('the schema %s', (schema, migrations) => {
  it('is the one that was reviewed', async () => {
    const reviewed = readFileSync(join(import.meta.dirname, `../${schema}.schema.txt`), 'utf8');
    expect(await describeSchema(database.url, schema)).toBe(reviewed);
  });

  it('has nothing left to do at a second migration', async () => {
    expect(await migrate({ url: database.url, schema, migrations })).toEqual([]);
  });
});

describe('the lock of a stay that is shown', () => {
  it('writes nothing of a row that is there, and tells what stands in it', async () => {
    const lock = (): Promise<unknown> =>
      inTransaction(pool, async (tx) => [...(await lockStays(tx, ['s1', 's2'])).keys()].sort());
    expect(await lock()).toEqual(['s1', 's2']);
    const places = `select ctid::text from ${HUB_SCHEMA}.stay order by stay_id`;
    const { rows } = await pool.query(places);
    expect(await lock()).toEqual(['s1', 's2']);
    expect((await pool.query(places)).rows).toEqual(rows);
  });
});

describe('what a party has been told of a stay', () => {
  it('is written anew in its own page, and no index', async () => {
    const told = Array.from({ length: 400 }, (_, n) => ({ party: 'p', stayId: `s${n}`, state: UNHEARD }));
    const written = `select pg_stat_get_xact_tuples_updated('${PARTY_SCHEMA}.told_stay'::regclass)::int as all,
      pg_stat_get_xact_tuples_hot_updated('${PARTY_SCHEMA}.told_stay'::regclass)::int as in_page`;
    await inTransaction(pool, async (tx) => {
      await keepTold(tx, told);
      await keepTold(tx, told);
      expect((await tx.query(written)).rows).toEqual([{ all: 400, in_page: 400 }]);
    });
  });
});

describe('a state of the version before', () => {
  const ENCOUNTER = '{"resourceType":"Encounter","identifier":[{"system":"urn:bryggan:visit","value":"V1"}]}';
  const ISSUE =
    '{"extension":[{"url":"other"},{"url":"https://bryggan.example/fhir/StructureDefinition/deviation-party","valueString":"0184"}]}';

  it('keeps what is shown and the visit ids, and finds both by what a search can ask now', async () => {
    const old = await createTestDatabase('portal-old');
    const before = HUB_MIGRATIONS.filter(({ name }) => name !== '0004-hub-said-stays');
    await migrate({ url: old.url, schema: HUB_SCHEMA, migrations: before });
    const rows = createPool({ url: old.url, applicationName: 'test', schema: HUB_SCHEMA });
    try {
      await rows.query(`insert into stay (stay_id, organisation, patient_id, subject) values ('s1', 'o', 'p', 'u');
        insert into event values ('e1', 's1', 'i1', 1, null, '{}'), ('e2', 's1', 'i2', 1, 'V1', '{}');
        insert into resource (audience, type, id, version, updated_at, body) values
          ('o', 'Encounter', 's1', 3, 1, '${ENCOUNTER}'), ('operator', 'DetectedIssue', 'd1', 1, 1, '${ISSUE}')`);
      await migrate({ url: old.url, schema: HUB_SCHEMA, migrations: HUB_MIGRATIONS });
      const stays = await rows.query('select stay_id, organisation, subject, version, visit_id from stay');
      expect(stays.rows).toEqual([{ stay_id: 's1', organisation: 'o', subject: 'u', version: '0', visit_id: 'V1' }]);
      const resources = await rows.query('select id, version, code, actor from resource order by id desc');
      expect(resources.rows).toEqual([
        { id: 's1', version: 3, code: 'V1', actor: null },
        { id: 'd1', version: 1, code: null, actor: '0184' },
      ]);
    } finally {
      await rows.end();
      await old.drop();
    }
  });
});

const small: Place = { view: 'party', audience: 'party-7' };
const party: Place = { view: 'party', audience: 'party-0' };
const sender: Place = { view: 'hub', audience: 'party-0' };
const operator: Place = { view: 'hub', audience: undefined };
const search = (conditions: readonly Condition[], more: Partial<Search> = {}): Search => ({
  type: 'Communication',
  conditions,
  include: [],
  sort: { column: 'updatedAt', descending: false },
  count: 50,
  countOnly: false,
  total: 'free',
  shape: wholeShape(),
  scope: { caller: '', type: '', sort: '' },
  applied: [],
  ...more,
});
const later = { after: { key: 30_000, id: 'x' } };
const bySent = { sort: { column: 'moment', descending: true } } as const;

async function planOf({ text, values }: Statement): Promise<string> {
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain ${text}`, [...values]);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describe('the plan of a page reads along an index, in its order', () => {
  it.each([
    ['a party, first page', pageSql(party, search([]))],
    ['a party, a later page', pageSql(party, search([], later))],
    ['a party, by time sent', pageSql(party, search([], bySent))],
    ['a party, one category', pageSql(party, search([{ column: 'code', oneOf: ['INS'] }], later))],
    ['a sender', pageSql(sender, search([], later))],
    ['the operator', pageSql(operator, search([], later))],
    ['the operator, by time', pageSql(operator, search([], bySent))],
    ['the operator, one code', pageSql(operator, search([{ column: 'code', oneOf: ['INS'] }]))],
  ])('%s', async (_name, statement) => {
    const plan = await planOf(statement);
    expect(plan).toMatch(/Index Scan/);
    expect(plan).not.toMatch(/Sort|Seq Scan/);
  });

  it('reads no row of a neighbour, however small the party', async () => {
    const plan = await planOf(pageSql(small, search([{ column: 'code', oneOf: ['INS'] }], later)));
    expect(plan).toMatch(/Index Cond: \(\(audience = 'party-7'/);
  });

  it.each([
    [
      'a stay of a party',
      pageSql(party, search([{ column: 'encounter', oneOf: ['stay-7'] }])),
      'resource_by_encounter',
    ],
    [
      'a person of a party',
      pageSql(party, search([{ column: 'subject', oneOf: ['person-7'] }])),
      'resource_by_subject',
    ],
    ['a stay', pageSql(operator, search([{ column: 'encounter', oneOf: ['stay-7'] }])), 'resource_by_encounter'],
    ['a read of a party', readSql(party, 'Task', ['7']), 'resource_pkey'],
    ['a read of the operator', readSql(operator, 'Task', ['7']), 'resource_pkey'],
  ])('%s is found by its index', async (_name, statement, index) => {
    const plan = await planOf(statement);
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan/);
  });
});
