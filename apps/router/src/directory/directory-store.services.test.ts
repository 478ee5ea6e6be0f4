import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { directoryOf, readDirectory, type DirectoryFiles } from '#libs/county';
import { decide, explained, parametersOn, startOfLocalDay, type Party, type RoutingFacts } from '#libs/domain';
import { createPool, describeSchema, migrate } from '#libs/persistence';
import { versionBefore } from '../../../../test/migration/version-before.ts';
import { createTestDatabase, type TestDatabase } from '../../../../test/services/services.ts';
import { ROUTER_MIGRATIONS, ROUTER_SCHEMA } from '../router-schema.ts';
import { staysToldElsewhere } from './directory-change.ts';
import { carryOut, readCommand } from './directory-command.ts';
import { DIRECTORY_SCHEMA, DirectoryStore } from '#libs/service';

const COUNTY = join(import.meta.dirname, '../../../../deploy/county');
const PARTIES = join(COUNTY, 'parties.json');
const ADDRESSES = join(COUNTY, 'addresses.csv');
const NOW = new Date('2026-05-04T08:00:00Z');
const parameters = (date: string) => parametersOn(date);

let database: TestDatabase;
let folder = '';
beforeAll(async () => {
  database = await createTestDatabase('directory-store');
  folder = mkdtempSync(join(tmpdir(), 'bryggan-directory-'));
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

function demonstration(): DirectoryFiles {
  const problems: string[] = [];
  const files = readDirectory(PARTIES, ADDRESSES, problems);
  expect(problems).toEqual([]);
  return files;
}

/** The demonstration county, in which Solna has given all social services to Sundbyberg. */
function changed(): DirectoryFiles {
  const { parties, addresses } = demonstration();
  const entrusting = (party: Party): Party =>
    party.id === '0184' ? { ...party, entrusts: [{ to: '0183', scopes: ['SOC'] }] } : party;
  return { parties: parties.map(entrusting), addresses: addresses.slice(1) };
}

async function run(...args: string[]): Promise<string[]> {
  const lines: string[] = [];
  const say = (line: string): void => void lines.push(line);
  const parts = { databaseUrl: database.url, parameters, importedBy: 'test', now: NOW, say };
  await carryOut(readCommand(args), parts);
  return lines;
}

describe('the register of directories', () => {
  it('has the schema that was reviewed', async () => {
    await (await DirectoryStore.open(database.url)).close();
    const reviewed = readFileSync(join(import.meta.dirname, '../../../../libs/service/directory.schema.txt'), 'utf8');
    expect(await describeSchema(database.url, DIRECTORY_SCHEMA)).toBe(reviewed);
  });

  it('says what an import changes, keeps nothing on a dry run, and the same content once', async () => {
    const dry = await run('import', PARTIES, '--addresses', ADDRESSES, '--dry-run');
    expect(dry[0]).toMatch(/^Parter: \d+ nya, 0 borta, 0 ändrade\. Adressintervall: 12 nya, 0 borta\.$/);
    expect(dry.at(-1)).toBe('Inget har sparats (--dry-run).');
    expect(await run('list')).toEqual([]);
    expect((await run('import', PARTIES, '--addresses', ADDRESSES)).at(-1)).toMatch(
      /^Sparad som version 1, \S{16}; gäller inom några sekunder\.$/,
    );
    const again = await run('import', PARTIES, '--addresses', ADDRESSES);
    expect(again[0]).toBe('Parter: 0 nya, 0 borta, 0 ändrade. Adressintervall: 0 nya, 0 borta.');
    expect(again.at(-1)).toMatch(/^Fanns redan som version 1, /);
    expect(await run('list')).toHaveLength(1);
  });

  it('leaves the register of addresses as it is where none is given', async () => {
    const said = await run('import', PARTIES, '--dry-run');
    expect(said[0]).toBe('Parter: 0 nya, 0 borta, 0 ändrade. Adressintervall: 0 nya, 0 borta.');
  });

  it('is called with a day of the calendar', () => {
    expect(() => readCommand(['import', 'parties.json', '--at', '2026-02-30'])).toThrow('2026-02-30');
  });

  it('refuses a faulty directory whole, with every fault at once', async () => {
    const { parties } = JSON.parse(readFileSync(PARTIES, 'utf8')) as { parties: Record<string, unknown>[] };
    const faulty = parties.map((party) => (party.kind === 'district-board' ? { ...party, desks: undefined } : party));
    const file = join(folder, 'faulty.json');
    writeFileSync(file, JSON.stringify({ parties: faulty }));
    const before = await run('list');
    await expect(run('import', file)).rejects.toThrow(
      /0180-bromma.*mottagningsfunktion[^]*0180-jarva.*mottagningsfunktion/,
    );
    expect(await run('list')).toEqual(before);
  });

  it('gives back each version as it was, and the same decision by it', async () => {
    const store = await DirectoryStore.open(database.url);
    try {
      const [first, second] = [demonstration(), changed()];
      const kept = [await store.keep(first, 'test', NOW), await store.keep(second, 'test', NOW)];
      expect(kept.map(({ fingerprint }) => fingerprint)).toEqual(
        [first, second].map((files) => directoryOf(files).version),
      );
      const facts: RoutingFacts = {
        need: ['SOC'],
        ...{ identity: 'personnummer', birthDate: '1940-01-01', address: { lines: [], municipality: '0184' } },
      };
      for (const [index, files] of [first, second].entries()) {
        const stored = await store.files(kept[index]!.number);
        expect(stored).toEqual(files);
        const [was, is] = [files, stored].map((one) => explained(decide(facts, directoryOf(one), '2026-05-04')));
        expect(is).toEqual(was);
      }
      // What was in force once comes into force again: an import that was a mistake is taken back by importing what was before.
      const [back, later] = [await store.keep(first, 'test', NOW), await store.keep(first, 'test', NOW, 9000)];
      expect([back, later].map(({ number, isNew }) => [number, isNew])).toEqual([
        [3, true],
        [4, true],
      ]);
      expect((await store.keep(first, 'test', NOW, 9000)).isNew).toBe(false);
      const since = async (now: number) => (await store.inForce(now, 500)).map((one) => [one.number, one.since]);
      // The first at once, those after it when every process has read them, one that is wanted later then and never before.
      expect(await since(1000)).toEqual([
        [1, 1000],
        [2, 1000],
        [3, 1000],
        [4, 9000],
      ]);
      expect((await store.keep(second, 'test', NOW, 200)).isNew).toBe(true);
      expect((await since(2000)).at(-1)).toEqual([5, 2500]);
      // The rows of a register that many versions have are kept once, and each of them gives it back.
      const shared = { ...second, addresses: first.addresses };
      const { number, registerOf } = await store.keep(shared, 'test', NOW, 9500);
      expect(registerOf).toBe(1);
      expect(await store.files(number)).toEqual(shared);
    } finally {
      await store.close();
    }
  });
});

describe('the open stays that another directory tells elsewhere', () => {
  let pool: Pool;
  beforeAll(async () => {
    await migrate({ url: database.url, schema: ROUTER_SCHEMA, migrations: ROUTER_MIGRATIONS });
    pool = createPool({ url: database.url, applicationName: 'test', schema: ROUTER_SCHEMA });
    const rows = versionBefore().router.events.map((row) => ({ ...row, published_at: 0 }));
    const put = `insert into event select * from json_populate_recordset(null::event, $1)`;
    await pool.query(put, [JSON.stringify(rows)]);
    await pool.query('insert into stay (stay_id, routed_at) select distinct stay_id, 0 from event');
  });
  afterAll(() => pool.end());

  const elsewhere = async (before: DirectoryFiles, after: DirectoryFiles) => {
    const found = [];
    const [had, has] = [directoryOf(before), directoryOf(after)];
    for await (const stay of staysToldElsewhere(pool, had, has, startOfLocalDay('2026-05-04'), parameters))
      found.push(stay);
    return found;
  };

  it('are those with a need that the change concerns, by id alone', async () => {
    const stays = await elsewhere(demonstration(), changed());
    expect(stays.length).toBeGreaterThan(0);
    for (const { before, after } of stays) {
      expect(before).toContain('0184');
      expect(after).not.toContain('0184');
      expect(after).toContain('0183');
    }
  });

  it('are none when nothing that concerns them changes', async () => {
    expect(await elsewhere(demonstration(), { ...demonstration(), addresses: [] })).toEqual([]);
  });
});
