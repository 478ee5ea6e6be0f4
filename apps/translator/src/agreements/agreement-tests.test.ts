import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readAgreementTests, type AgreementTest } from '#libs/county';
import { county } from '../../test/reading.ts';
import { differencesOf } from './agreement-tests.ts';

const FOLDER = join(import.meta.dirname, '../../../../deploy/county');
const problems: string[] = [];
const agreements = readAgreementTests(FOLDER, problems);
const rows = agreements.flatMap(({ label, agreement, tests }) =>
  tests.map((test) => [label, test.name, agreement, test] as const),
);

describe('the agreements of the demonstration county', () => {
  it('have tests beside them, each of them', () => {
    expect(problems).toEqual([]);
    const files = readdirSync(join(FOLDER, 'agreements')).filter((name) => !name.endsWith('.test.json'));
    expect(agreements.map(({ label }) => label)).toEqual(files.map((name) => `agreements/${name}`));
  });

  it.each(rows)('%s: %s', (_label, _name, agreement, test) => {
    expect(differencesOf(test, agreement, county)).toEqual([]);
  });

  it('differ as issue 10 asks: modern, old with Z segments, IHE PAM, ordered with the information elsewhere', () => {
    const of = (id: string) => county.agreement(id, '2026-05-10')!;
    expect(of('VS')).toMatchObject({ defaultCharset: '8859/1', zone: 'stockholm', ready: 'A16' });
    expect(of('VS').facts.map(({ field }) => field.segment)).toContain('ZVP');
    expect(of('NS').fields.occurredAt.segment).toBe('ZBE');
    expect(of('SS')).toMatchObject({ ins: 'ordered', info: 'elsewhere' });
  });
});

describe('a test of an agreement that is not as the agreement says', () => {
  const [, , ks, good] = rows.find(([label]) => label.endsWith('/KS.json'))!;
  const differ = (changed: Partial<AgreementTest>) => differencesOf({ ...good, ...changed }, ks, county);

  it.each<[string, Partial<AgreementTest>, RegExp]>([
    ['another value', { events: [{ ...good.events?.[0], ward: 'SE2321000016-1002' }] }, /^events\/0\/ward: .*1001/],
    ['a fact too few', { events: [{ course: 'admit' }] }, /^events\/0\/facts: .*NEED SOC\+ROV/],
    ['a key that no event has', { events: [{ ...good.events?.[0], wrd: 'x' }] }, /^events\/0\/wrd: /],
    ['an event too many', { events: [{}, {}] }, /^events: /],
    ['a refusal that is none', { events: [], rejected: ['no-visit-id PV1-19'] }, /^rejected: .*no-visit-id/],
    ['a message of another sender', { message: good.message.map((line) => line.replace('|KS|', '|DS|')) }, /^MSH: /],
    ['letters that its charset lacks', { charset: '8859/1', message: [...good.message, 'ZZZ|漢'] }, /^charset: /],
  ])('%s', (_, changed, expected) => {
    expect(differ(changed).join('\n')).toMatch(expected);
  });

  it('is one where the message is refused and an event was expected', () => {
    expect(differ({ message: good.message.map((line) => line.replace('|V-1|', '||')) })).toEqual([
      expect.stringMatching(/^rejected: .*no-visit-id PV1-19/),
    ]);
  });
});
