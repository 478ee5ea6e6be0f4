import {
  DISCLOSURES,
  ELEMENTS,
  GROUND_ROWS,
  groundsThatCarry,
  HIDDEN_OF_PROTECTED,
  LEGAL_FORMS,
  TAKEN_BACK,
  type DisclosureRow,
  type Element,
  type GroundRow,
  type LegalForm,
} from '#libs/domain';

/** docs/what-may-be-said.md: the table of what may be said, printed for whoever has to judge it and does not read code. */
export function disclosurePage(): string {
  return [
    HEAD,
    table(['what', 'from', 'to', 'on', 'what it holds', 'in force', 'source'], DISCLOSURES.map(disclosure)),
    `A notice that is taken back shows ${words(TAKEN_BACK)}, whatever it said.`,
    `Of a protected person no notice shows ${words([...HIDDEN_OF_PROTECTED])} (RTE-43).`,
    '## Between whom a ground holds',
    table(['ground', 'from', 'to', 'comes to hold', 'in force', 'source'], GROUND_ROWS.map(ground)),
    HOLDS,
    '## Both together',
    'On which grounds what needs one goes from whom to whom, on the first day of each year in which a row changes.',
    ...DAYS.map(onDay),
    '## The elements',
    table(
      ['element', 'what a ward reads'],
      Object.entries(ELEMENTS).map(([element, { name }]) => [code(element), name]),
    ),
    '',
  ].join('\n\n');
}

const HEAD = `# What may be said

Made from \`libs/domain/src/disclosure/disclosure-table.ts\` by \`npm run documents\`; do not edit. This is all that the gate reads
(\`libs/domain/src/disclosure/gate.ts\`), both for what a ward tells and for what the parties answer: something is told only where
it has a row here, to a recipient of that side, on a ground that holds between the two legal forms on that day. An element that
stands in no row is told to nobody. What no row speaks of at all goes to nobody, whatever is stated.

## What each notice and each answer holds`;

const HOLDS = `\`follows\`: from the legal forms alone, nobody states it. \`asked\`: the person has said yes; it has scopes, perhaps recipients, and
a time from which it holds, and may be taken back, which touches no other ground. \`judged\`: somebody has judged that what the
paragraph asks for is so; who, when and in which message stands in the trace. Consent is named first where it holds.`;

const FORM_WORDS: Readonly<Record<LegalForm, string>> = {
  'region-authority': 'region',
  'municipal-authority': 'municipal',
  private: 'private',
};

const code = (text: string): string => `\`${text}\``;
const words = (elements: readonly Element[]): string => elements.map(code).join(', ') || 'nothing but that it is given';
const forms = (all: readonly LegalForm[]): string =>
  all.length === LEGAL_FORMS.length ? 'any' : all.map((form) => FORM_WORDS[form]).join(', ');
const period = ({ validFrom, validTo }: GroundRow | DisclosureRow): string =>
  `${validFrom} to ${validTo ?? 'further notice'}`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function disclosure(row: DisclosureRow): string[] {
  const on = row.on === 'free' ? 'free' : row.on.map(code).join(', ');
  const { kinds, from, to, elements, source } = row;
  return [kinds.map(code).join(', '), from.join(', '), to.join(', '), on, words(elements), period(row), source];
}

function ground(row: GroundRow): string[] {
  return [code(row.ground), forms(row.from), forms(row.to), row.holds, period(row), row.source];
}

/** Days on which some row begins. */
const DAYS = [...new Set([...DISCLOSURES, ...GROUND_ROWS].map(({ validFrom }) => validFrom))].sort();

/** UTK stands for all that needs a ground, PLAN-INFO for what comes back. */
const EXAMPLES = [
  { kind: 'UTK', from: 'hospital', to: 'municipality' },
  { kind: 'OPT-DECISION', from: 'hospital', to: 'municipality' },
  { kind: 'PLAN-INFO', from: 'municipality', to: 'hospital' },
] as const;

function onDay(date: string): string {
  const rows = EXAMPLES.flatMap(({ kind, from, to }) =>
    LEGAL_FORMS.map((form) => [
      code(kind),
      FORM_WORDS[form],
      ...LEGAL_FORMS.map((other) =>
        groundsThatCarry({
          ...{ kind, date },
          from: { side: from, legalForms: [form] },
          to: { side: to, legalForms: [other] },
        })
          .map(code)
          .join(', '),
      ),
    ]),
  );
  const head = ['what', 'from', ...LEGAL_FORMS.map((form) => `to ${FORM_WORDS[form]}`)];
  return `From ${date}:\n\n${table(head, rows)}`;
}
