import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExplainedDecision } from '#libs/domain';
import { answer, FactsProblem, readQuestion, ROUTING_FACTS_SCHEMA, UsageProblem } from './route.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const COUNTY = join(ROOT, 'deploy/county');
const NOW = Date.parse('2026-05-04T22:30:00Z');

describe('npm run route', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bryggan-route-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function ask(facts: unknown, ...args: string[]): string {
    const file = join(folder, 'facts.json');
    writeFileSync(file, typeof facts === 'string' ? facts : JSON.stringify(facts));
    return answer(readQuestion(['--facts', file, ...args]), COUNTY, NOW);
  }
  const asJson = (facts: unknown, ...args: string[]): ExplainedDecision =>
    JSON.parse(ask(facts, '--json', ...args)) as ExplainedDecision;
  const JARVA = {
    need: ['SOC', 'ROV'],
    identity: 'personnummer',
    birthDate: '1940-01-01',
    address: { lines: ['Kistastigen 3'], municipality: '0180', district: 'rinkeby-kista' },
    listing: { clinic: 'SE5560000001-2002' },
    sources: { listing: 'PD1-3, 2026-05-04 08:30' },
  };

  it('says in Swedish who is told and why, with the rules and their days', () => {
    const text = ask(JARVA, '--at', '2026-05-04');
    for (const line of [
      /^Beslut om mottagare den 2026-05-04, katalog \S{16}$/m,
      /^ {2}Järva stadsdelsnämnd \(0180-jarva\): SOC, Äldreomsorgen/m,
      /^ {2}Exempelmottagningen Järva AB \(SE5560000001-2002\): ROV$/m,
      /Rinkeby-Kista stadsdelsnämnd har uppgått i Järva stadsdelsnämnd\. \[RTE-24\]/,
      /^ {4}utom kontorstid: nås inte$/m,
      /listning: .*\(PD1-3, 2026-05-04 08:30\)/,
      /^ {2}RTE-20: kommunen är delad i nämnder/m,
    ]) {
      expect(text).toMatch(line);
    }
  });

  it('says the same as JSON', () => {
    const { recipients, rules, date } = asJson(JARVA, '--at', '2026-05-04');
    expect(date).toBe('2026-05-04');
    expect(recipients.map(({ party, scopes, confidence }) => [party, scopes, confidence])).toEqual([
      ['0180-jarva', ['SOC'], 'HIGH'],
      ['SE5560000001-2002', ['ROV'], 'HIGH'],
    ]);
    expect(rules.map(({ rule }) => rule)).toEqual(['PAY-02', 'RTE-20', 'RTE-24', '4.4', 'RTE-09']);
  });

  it('answers for the day that is asked about, else the one of the file, else today in Stockholm', () => {
    const board = (facts: unknown, ...args: string[]): unknown[] =>
      [asJson(facts, ...args)].map(({ date, recipients: [first] }) => [date, first?.party]).flat();
    expect(board(JARVA, '--at', '2023-06-30')).toEqual(['2023-06-30', '0180-rinkeby-kista']);
    expect(board({ ...JARVA, at: '2023-06-30' })).toEqual(['2023-06-30', '0180-rinkeby-kista']);
    expect(board(JARVA)).toEqual(['2026-05-05', '0180-jarva']);
  });

  it.each([
    ['no JSON', '{', /is no JSON/],
    ['an unknown fact', { need: ['SOC'], adress: {} }, /unknown key adress/],
    ['an unknown word', { need: ['SOK'] }, /\/need\/0: .*must be one of SOC, KHSL, ROV/],
    ['no need', {}, /need/],
    ['a source of no fact', { need: [], sources: { adress: 'x' } }, /sources/],
  ])('refuses a file with %s', (_what, facts, fault) => {
    expect(() => ask(facts)).toThrow(FactsProblem);
    expect(() => ask(facts)).toThrow(fault);
  });

  it.each([
    ['no file', []],
    ['an unknown word', ['--facts', 'x', '--on', '2026-05-04']],
    ['a day that is none', ['--facts', 'x', '--at', '2026-02-30']],
  ])('refuses a call with %s', (_what, args) => expect(() => readQuestion(args)).toThrow(UsageProblem));

  it('answers the example of the README as it says there', () => {
    const example = join(ROOT, 'deploy/examples/routing-facts.json');
    const on = (at: string) => answer(readQuestion(['--facts', example, '--at', at]), COUNTY, NOW);
    expect(on('2023-06-30')).toContain('Rinkeby-Kista stadsdelsnämnd (0180-rinkeby-kista): SOC');
    expect(on('2023-07-01')).toContain('Järva stadsdelsnämnd (0180-jarva): SOC');
  });

  it('publishes the schema that its files are read by', () => {
    const published = readFileSync(join(ROOT, 'schemas/directory/routing-facts.json'), 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(ROUTING_FACTS_SCHEMA)));
  });
});
