import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf, type Answer, type Answered, type Question } from './cases/case-answer.fixture.ts';
import { eventsOf } from './cases/case-events.fixture.ts';
import { headAndDetails, readCases, type DecidedCase, type Expected } from './cases/case-text.fixture.ts';
import { instantOf } from './cases/case-time.fixture.ts';

/**
 * The decided cases of `libs/domain/cases`, which a lawyer can read: what they expect comes from the rulebook, never from
 * what the code says. A difference is a fault of the code, unless the rule that the case names says otherwise.
 */

const FOLDER = join(import.meta.dirname, '../cases');
const FILES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .sort();
const ALL = FILES.map((file) => ({ file, cases: readCases(file, readFileSync(join(FOLDER, file), 'utf8')) }));

function questionOf(decided: DecidedCase): Question {
  const receipts = new Map(decided.receipts.map(receiptOf));
  return {
    ...eventsOf(decided),
    watermark: instantOf(decided.watermark),
    outages: decided.outages.map((text) => {
      const [from = '', to = ''] = text.split(' till ');
      return { from: instantOf(from), to: instantOf(to) };
    }),
    receiptOf: (head) => receipts.get(head),
    rejected: decided.rejected,
  };
}

function receiptOf(text: string): [head: string, at: number | 'never'] {
  const [, head, when] = /^(\S+ [A-Z]{3,4}) (uteblir|\d.*)$/.exec(text) ?? [];
  if (!head || !when) throw new Error(`not a receipt: ${text}`);
  return [head, when === 'uteblir' ? 'never' : instantOf(when)];
}

const PARTS = [
  'inForce',
  'withdrawn',
  'withheld',
  'duties',
  'deviations',
  'closed',
] as const satisfies readonly (keyof Answer)[];

type Texts = Readonly<Record<(typeof PARTS)[number], readonly string[]>>;

function textsOf(part: (name: (typeof PARTS)[number]) => readonly string[]): Texts {
  return Object.fromEntries(PARTS.map((name) => [name, [...part(name)].sort()])) as unknown as Texts;
}

/** What a case expects of a part; undefined where the rulebook does not say. */
function judgedPart(expected: Expected): readonly string[] | undefined {
  return expected === 'unjudged' ? undefined : expected;
}

/** The answers as the case words them where they agree, and with all their details where they do not. */
function worded(answers: readonly Answered[], expected: readonly string[]): string[] {
  const left = [...answers];
  const agreed = expected.filter((item) => {
    const { head, details } = headAndDetails(item);
    const index = left.findIndex((one) => (one.head === head || one.shortHead === head) && agrees(one, details));
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
  return [...agreed, ...left.map(({ head, strict, other }) => `${head} (${[...strict, ...other].join(', ')})`)];
}

function agrees({ strict, other }: Answered, details: readonly string[]): boolean {
  return (
    strict.every((detail) => details.includes(detail)) &&
    details.every((detail) => strict.includes(detail) || other.includes(detail))
  );
}

describe.each(ALL)('decided cases: $file', ({ cases }) => {
  it.each(cases.map((decided) => [`${decided.id} ${decided.title}`, decided] as const))('%s', (_name, decided) => {
    const answer = answerOf(questionOf(decided));
    const expected = textsOf((part) => judgedPart(decided[part]) ?? []);
    const found = textsOf((part) => {
      const judged = judgedPart(decided[part]);
      return judged ? worded(answer[part], judged) : [];
    });
    expect(found).toEqual(expected);
  });
});

describe('the text of the decided cases', () => {
  const cases = ALL.flatMap((file) => file.cases);

  it('holds at least 150 cases, each with a name of its own', () => {
    expect(cases.length).toBeGreaterThanOrEqual(150);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  it.each([
    ['an unknown line', '- Hänt: något'],
    ['a rule that there is none of', '- Regler: DEC-1'],
    ['an event outside of its list', '  - 04 08:30 inskrivning'],
  ])('refuses %s, with its place', (_name, line) => {
    expect(() => readCases('prov.md', `### PROV-01 Ett fall\n${line}\n- Läge: 04 12:00\n`)).toThrow(/^prov\.md:/);
  });

  it.each([
    ['a course', '04 08:30 inskrivnin: inskriven 04 08:00'],
    ['a word', '04 08:30 inskrivning: inskriven 04 08:00; behov SOK bedömt 04 08:15'],
    ['a time', '04 08:30 inskrivning: inskriven 04 8:00'],
  ])('refuses an unknown word: %s', (_name, event) => {
    const text = `### PROV-01 Ett fall\n- Regler: DEC-01\n- Händelser:\n  - ${event}\n- Läge: 04 12:00\n- Gäller: inget\n- Avvikelser: inga\n`;
    const [decided] = readCases('prov.md', text);
    expect(decided).toBeDefined();
    expect(() => eventsOf(decided!)).toThrow(/^prov\.md:4: /);
  });
});
