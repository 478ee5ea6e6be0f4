import { textOf } from './project-files.ts';

/** The pages whose sections are cited by number, `rules 12.4`. */
const PAGES = ['architecture', 'contract', 'rules', 'standards'] as const;

/** Families of rule ids. A family that is not here is not a citation: cases have ids of their own, and HL7's fields look alike. */
const ID =
  /\b(?:LAW|PAY|AGR|RTE|AVV|STAT|SEC|DEC|SAL|MC|SE|SUB|LIB|INS|BUT|FVK|PLA|UTK|SIP|TVG|UTS|MOT|ATI|BET|SEK|TEK)-\d{1,2}\b/g;
const SECTION = '\\d{1,2}(?:\\.\\d{1,2})?(?!\\d|-|[.:]\\d)';
const SECTIONS = new RegExp(`\\b(${PAGES.join('|')})(?:\\.md)? (${SECTION}(?:(?:,| and| to) ${SECTION})*)`, 'gi');
const PARAGRAPH = '\\d{1,2}:\\d{1,2}(?:-\\d{1,2})?';
const STATUTES = new RegExp(
  `\\b(LUS|OSL|SoL|HSL|PSL|LPT|LRV|PDL|LSS) (${PARAGRAPH}(?:, ${PARAGRAPH})*|\\d{1,2} kap\\.(?: \\d{1,2}(?:-\\d{1,2})? §)?|\\d{1,2} a\\b)`,
  'g',
);
const PAGE_FILE = /\bdocs\/[a-z-]+(?:\/[a-z-]+)*\.md\b/g;
/** Documents that were never in the repository. */
const STRANGER = /(?<![/\w])(?:domain|style|parts)\.md\b/g;

/**
 * All that a text cites, each as it is defined: `DEC-08`, `LUS 2:3`, `rules 12.4`, `docs/parts.md`.
 * @param text of a source file, comments as they are: a citation may go on in the comment's next line
 */
export function citationsIn(text: string): string[] {
  const line = text.replace(/\r?\n\s*(?:\*|\/\/)?\s*/g, ' ');
  return [
    ...(line.match(ID) ?? []),
    ...(line.match(PAGE_FILE) ?? []),
    ...(line.match(STRANGER) ?? []),
    ...[...line.matchAll(SECTIONS)].flatMap(([, page = '', numbers = '']) =>
      numbers.split(/,? (?:and |to )?/).map((number) => `${page.toLowerCase()} ${number}`),
    ),
    ...[...line.matchAll(STATUTES)].flatMap(([, act = '', paragraphs = '']) =>
      paragraphsOf(paragraphs).map((paragraph) => `${act} ${paragraph}`),
    ),
  ];
}

/** `2:1, 2:3` are two; `3:1-2` and `3 kap. 1-2 §` are 3:1 and 3:2; a whole chapter is itself. */
function paragraphsOf(text: string): string[] {
  return text
    .replace(/ kap\. (\d.*) §/, ':$1')
    .split(', ')
    .flatMap((paragraph) => {
      const [, chapter, first, last] = /^(\d+):(\d+)-(\d+)$/.exec(paragraph) ?? [];
      if (chapter === undefined) return [paragraph];
      const from = Number(first);
      return Array.from({ length: Number(last) - from + 1 }, (_, index) => `${chapter}:${from + index}`);
    });
}

/**
 * What a row of a case's rules cites (`- Regler: DEC-08, 12.4, ARK 7, K5`): a bare number is a section of the rules, `ARK`
 * the architecture, `K` the contract, as libs/domain/cases/README.md says.
 */
export function citationsOfCases(text: string): string[] {
  return [...text.matchAll(/^- Regler: (.+)$/gm)].flatMap(([, list = '']) =>
    list.split(',').flatMap((item) => {
      const word = item.trim();
      const page = /^ARK (\d[\d.]*)$/.exec(word) ?? /^(?:K ?)(\d[\d.]*)$/.exec(word);
      if (page) return [`${word.startsWith('ARK') ? 'architecture' : 'contract'} ${page[1]}`];
      return /^\d[\d.]*$/.test(word) ? [`rules ${word}`] : [];
    }),
  );
}

/** All that may be cited: what the pages define in the first column of their tables, and their numbered headings. */
export function definitions(): ReadonlySet<string> {
  const known = new Set<string>();
  for (const page of [...PAGES, 'deviations']) {
    const text = textOf(`docs/${page}.md`);
    for (const [, number = ''] of text.matchAll(/^#{2,4} (\d+(?:\.\d+)*)\.? /gm)) known.add(`${page} ${number}`);
    for (const [, first = ''] of text.matchAll(/^\| ([^|]+?) \|/gm)) known.add(first);
  }
  // 8.3 and 8.6 of the standards are lines of one list.
  for (const [, number = ''] of textOf('docs/standards.md').matchAll(/^\* (\d+\.\d+) /gm))
    known.add(`standards ${number}`);
  return known;
}
