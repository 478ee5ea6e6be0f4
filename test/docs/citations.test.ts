import { describe, expect, it } from '@jest/globals';
import { citationsIn, citationsOfCases, definitions } from './citations.ts';
import { lostPaths } from './page-paths.ts';
import { FILES, filesEnding, textOf } from './project-files.ts';

const known = definitions();

function resolves(citation: string): boolean {
  return known.has(citation) || FILES.includes(citation);
}

/** Made up, to be refused: no rule has this id. */
const MADE_UP = 'libs/domain/src/decided-cases.test.ts: DEC-1';

/** What a file cites and no page defines, each once. */
function unresolved(path: string): string[] {
  const text = textOf(path);
  // Pages link to each other by file names, which are checked as paths.
  const cited = path.startsWith('docs/') ? citationsIn(text).filter((one) => !one.endsWith('.md')) : citationsIn(text);
  const all = path.startsWith('libs/domain/cases/') ? [...cited, ...citationsOfCases(text)] : cited;
  return [...new Set(all)].filter((citation) => !resolves(citation));
}

describe('what the project cites', () => {
  it('is defined in docs', () => {
    const sources = filesEnding('.ts', '.tsx', '.mjs', '.cjs', '.md', '.json', '.yaml');
    const lost = sources.flatMap((path) => unresolved(path).map((citation) => `${path}: ${citation}`));
    expect(lost.filter((one) => one !== MADE_UP)).toEqual([]);
  });

  it.each([
    ['(DEC-08; LUS 2:1, 2:3)', ['DEC-08', 'LUS 2:1', 'LUS 2:3']],
    ['enligt LUS 3 kap. 1-2 §§, OSL 25 kap.', ['LUS 3:1', 'LUS 3:2', 'OSL 25 kap.']],
    ['stands in (rules\n * 12.2 to 12.4)', ['rules 12.2', 'rules 12.4']],
    ['Contract 3, settle; architecture 3, 5', ['contract 3', 'architecture 3', 'architecture 5']],
    ['see docs/parts.md and parts.md', ['docs/parts.md', 'parts.md']],
    ['the rules 2018-01-01, MSH-10, UTF-8', []],
  ])('is found in %j', (text, citations) => expect(citationsIn(text)).toEqual(citations));

  it('is found in the rows of a decided case', () =>
    expect(citationsOfCases('- Regler: DEC-08, 12.4, ARK 7, K5\n')).toEqual([
      'rules 12.4',
      'architecture 7',
      'contract 5',
    ]));
});

describe('the decided cases', () => {
  /** Rules whose cases are of the domain: who is told, what the acts are, what a fault may stop. */
  const rules = [...textOf('docs/rules.md').matchAll(/^\| ((?:RTE|DEC|SAL)-\d+) \|/gm)].map(([, rule = '']) => rule);
  const readme = textOf('libs/domain/cases/README.md');
  const elsewhere = new Map(
    [...readme.matchAll(/^\| ((?:RTE|DEC|SAL)-\d+) \|.*\| `([^`]+)` \|$/gm)].map(([, rule = '', file = '']) => [
      rule,
      file,
    ]),
  );
  const cases = filesEnding('.md').filter(
    (path) => path.startsWith('libs/domain/cases/') && !path.endsWith('README.md'),
  );

  it('cite every rule of who is told, of acts and of faults, but for those whose own tests do', () => {
    const cited = new Set(cases.flatMap((path) => citationsIn(textOf(path))));
    expect(rules.length).toBeGreaterThan(60);
    expect(rules.filter((rule) => !cited.has(rule) && !elsewhere.has(rule))).toEqual([]);
    expect([...elsewhere.keys()].filter((rule) => cited.has(rule))).toEqual([]);
    const tested = [...elsewhere].filter(([, file]) => file.endsWith('.test.ts'));
    expect(tested.filter(([rule, file]) => !citationsIn(textOf(file)).includes(rule))).toEqual([]);
  });
});

describe('the files that a page names', () => {
  const pages = filesEnding('.md');

  it('are there', () => {
    expect(pages.flatMap((page) => lostPaths(page, textOf(page)).map((path) => `${page}: ${path}`))).toEqual([]);
  });

  it.each([
    [
      'README.md',
      '`libs/domain/src/no-such-file.ts`, [x](docs/none.md)',
      ['libs/domain/src/no-such-file.ts', 'docs/none.md'],
    ],
    ['libs/domain/README.md', '`stay/no-such-folder`, `gone.ts`', ['stay/no-such-folder', 'gone.ts']],
    ['libs/domain/README.md', '`stay/stay.ts`, `stay.ts`, `src/{stay,time}/*.ts`, `text/plain`, `hub.json`', []],
  ])('are looked for from the folder of %s', (page, text, lost) => expect(lostPaths(page, text)).toEqual(lost));
});
