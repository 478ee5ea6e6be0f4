import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCallers } from './callers.ts';
import { CountyError, loadCounty } from './county.ts';
import { CurrentCounty } from './current-county.ts';

const DEMONSTRATION = join(import.meta.dirname, '../../../deploy/county');
const TODAY = '2026-11-22';
const NEW = {
  id: '9999',
  name: 'Ny kommun',
  kind: 'municipality',
  legalForm: 'municipal-authority',
  from: '2020-01-01',
  desks: [{ id: 'mottagning', name: 'Mottagningen', takes: [], isDefault: true }],
  delivery: [{ channel: 'topic', address: 'deliveries.9999' }],
  outOfHours: 'none',
};

describe('the county that is in force', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'county-'));
    cpSync(DEMONSTRATION, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const partiesFile = (): string => join(folder, 'parties.json');
  function addParty(): void {
    const file = JSON.parse(readFileSync(partiesFile(), 'utf8')) as { parties: object[] };
    writeFileSync(partiesFile(), JSON.stringify({ parties: [...file.parties, { ...NEW, source: 'test' }] }));
  }

  it('has one version per content, whenever and from wherever it is read', () => {
    expect(loadCounty(folder).version).toBe(loadCounty(DEMONSTRATION).version);
    addParty();
    expect(loadCounty(folder).version).not.toBe(loadCounty(DEMONSTRATION).version);
  });

  it('is another after a reload, also for who holds its directory, and is told once', () => {
    const county = new CurrentCounty(folder);
    const { directory } = county;
    const told: [string, string][] = [];
    const end = county.onChange((now, before) => {
      // Who is told asks the county, not only the snapshot.
      expect(county.partyIds()).toEqual(now.partyIds());
      told.push([before.version, now.version]);
    });
    const before = county.version;
    expect(county.reload()).toBe(false);
    addParty();
    expect(directory.party('9999', TODAY)).toBeUndefined();
    expect(county.reload()).toBe(true);
    expect(directory.party('9999', TODAY)?.name).toBe('Ny kommun');
    expect(told).toEqual([[before, county.version]]);
    end();
    cpSync(join(DEMONSTRATION, 'parties.json'), partiesFile());
    expect(county.reload()).toBe(true);
    expect(county.version).toBe(before);
    expect(told).toHaveLength(1);
  });

  it('is the same in another thread, which is handed what this one has read', () => {
    const county = new CurrentCounty(folder);
    const there = new CurrentCounty(structuredClone(county.files));
    expect(there.version).toBe(county.version);
    addParty();
    county.reload();
    expect(there.take(structuredClone(county.files))).toBe(true);
    expect([there.version, there.nameOf('9999', TODAY)]).toEqual([county.version, 'Ny kommun']);
    expect(there.take(structuredClone(county.files))).toBe(false);
  });

  it('stays as it was when the folder has become faulty', () => {
    const county = new CurrentCounty(folder);
    const before = county.version;
    writeFileSync(partiesFile(), '{');
    expect(() => county.reload()).toThrow(CountyError);
    expect(county.version).toBe(before);
    expect(county.partyIds()).toContain('0184');
  });

  it('lets the callers of new parties in, those who were there keep their tokens, and who is gone from it is refused', () => {
    const county = new CurrentCounty(folder);
    const file = join(folder, 'tokens.json');
    const callers = openCallers(file, county);
    const tokenOf = (name: string): string =>
      (JSON.parse(readFileSync(file, 'utf8')) as Record<string, { token: string }>)[name]?.token ?? '';
    const known = tokenOf('0184');
    addParty();
    county.reload();
    expect(callers.byToken(known)?.name).toBe('0184');
    const added = tokenOf('9999');
    expect(callers.byToken(added)?.party).toBe('9999');
    cpSync(join(DEMONSTRATION, 'parties.json'), partiesFile());
    county.reload();
    expect(callers.byToken(added)).toBeUndefined();
  });
});
