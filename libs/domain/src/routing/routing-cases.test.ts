import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decide } from './decision.ts';
import { explained } from './decision-text.ts';
import { demonstrationCounty } from '../parties/demonstration-county.fixture.ts';
import { namesIn, readRoutingCases, wordsOfDecision, type Heading } from './routing-cases.fixture.ts';

/**
 * The decided routing cases: what each expects comes from the rulebook, by the rule that its row names, never from what the
 * code answers.
 */

const FOLDER = join(import.meta.dirname, '../../cases/mottagare');
const COUNTY = join(import.meta.dirname, '../../../../deploy/county');
const names = namesIn(readFileSync(join(FOLDER, 'README.md'), 'utf8'));
const directory = demonstrationCounty(
  readFileSync(join(COUNTY, 'parties.json'), 'utf8'),
  readFileSync(join(COUNTY, 'addresses.csv'), 'utf8'),
);
const FILES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .sort()
  .map((file) => ({ file, cases: readRoutingCases(file, readFileSync(join(FOLDER, file), 'utf8'), names) }));

describe.each(FILES)('decided routing cases: $file', ({ cases }) => {
  it.each(cases.map((one) => [`${one.id} (${one.place})`, one] as const))(
    '%s',
    (_name, { facts, date, expected, rules }) => {
      const decision = decide(facts, directory, date);
      const words = wordsOfDecision(decision, names);
      const judged = Object.keys(expected) as Heading[];
      const found = Object.fromEntries(judged.map((heading) => [heading, [...words[heading]].sort()]));
      expect(found).toEqual(expected);
      const applied = explained(decision).rules.flatMap(({ rule, basis }) => [rule, `${rule} ${basis}`]);
      expect(rules.filter((rule) => !applied.includes(rule))).toEqual([]);
    },
  );
});

describe('the text of the routing cases', () => {
  const cases = FILES.flatMap((file) => file.cases);

  it('holds at least 200 cases, each with a name of its own', () => {
    expect(cases.length).toBeGreaterThanOrEqual(200);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  it.each([
    ['a heading', '| fall | uppgift | regler |\n'],
    ['a word', '| fall | uppgifter | regler |\n| --- | --- | --- |\n| A | behof SOC | DEC-01 |\n'],
    ['a scope', '| fall | uppgifter | regler |\n| --- | --- | --- |\n| A | behov SOK | DEC-01 |\n'],
    ['a unit', '| fall | uppgifter | regler |\n| --- | --- | --- |\n| A | listad VC-Atlantis | DEC-01 |\n'],
    ['no rule', '| fall | uppgifter | regler |\n| --- | --- | --- |\n| A | behov SOC | |\n'],
  ])('refuses an unknown %s, with its line', (_name, text) => {
    expect(() => readRoutingCases('prov.md', text, names)).toThrow(/^prov\.md:\d+: /);
  });
});
