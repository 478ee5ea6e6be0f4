import type { CaseActName, CaseState } from '#libs/domain';
import {
  CARE_WORDS,
  HOSPITAL_WORDS,
  MUNICIPALITY_WORDS,
  SEVERITY_WORDS,
  STATE_WORDS,
  wordOf,
} from './deviation-words.ts';

/**
 * A deviation case as `GET /deviation-cases` has it for one caller (docs/deviation-cases.md). What the caller may not see is not
 * there: a reviewer has the row of rules 12.5 and no more.
 */
export interface CallersCase {
  readonly id: string;
  readonly version: number;
  readonly state: CaseState;
  readonly code: string;
  readonly name?: string;
  readonly severity?: number;
  readonly step?: number;
  readonly you?: 'unit' | 'reporter' | 'reviewer' | 'operator';
  readonly acts?: readonly CaseActName[];
  readonly since?: string;
  readonly answerBy?: string;
  readonly party?: string;
  readonly stay?: string;
  readonly careType?: string;
  readonly month?: string;
  readonly hospitalKind?: string;
  readonly municipalityKind?: string;
  readonly deviations?: readonly { readonly id: string; readonly code: string; readonly status: string }[];
  readonly reports?: readonly {
    readonly id: string;
    readonly code: string;
    readonly consequence?: string;
    readonly text?: string;
    readonly own?: boolean;
  }[];
  readonly answer?: { readonly cause: string; readonly action: string; readonly text?: string };
  readonly history?: readonly {
    readonly at: string;
    readonly by: string;
    readonly what: string;
    readonly code?: string;
    readonly reason?: string;
    readonly question?: string;
  }[];
}

/** What a list of cases is asked for; none of it is about a person, so that it may stand in an address. */
export interface CaseQuestion {
  readonly state?: string;
  readonly code?: string;
  readonly month?: string;
  readonly open?: 'true';
  readonly step?: string;
  readonly careType?: string;
  readonly hospitalKind?: string;
  readonly municipalityKind?: string;
  readonly unit?: string;
  readonly municipality?: string;
  readonly after?: string;
}

const TEXT = /^[\w-]{1,80}$/;
const NAMES = [
  ...(['state', 'code', 'step', 'month', 'open', 'careType', 'hospitalKind', 'municipalityKind'] as const),
  ...(['unit', 'municipality', 'after'] as const),
];

/** The question in an address; what is odd is left out. */
export function questionIn(query: Readonly<Record<string, unknown>>): CaseQuestion {
  return Object.fromEntries(
    NAMES.flatMap((name): [string, string][] => {
      const value = query[name];
      return typeof value === 'string' && TEXT.test(value) ? [[name, value]] : [];
    }),
  );
}

/** The question as part of an address, with a `?` where there is something to ask. */
export function addressOf(question: CaseQuestion): string {
  const text = new URLSearchParams(Object.entries(question)).toString();
  return text === '' ? '' : `?${text}`;
}

const HEAD = 'manad;kod;avvikelse;lage;allvar;steg;vardform;sjukhus;kommun';

/**
 * The cases of a reviewer as CSV for a spreadsheet, in the words of the table and with no more than it shows (rules 12.5):
 * semicolons, the first row names the columns. No text that a person wrote is in it, so that no cell can be a formula.
 */
export function casesCsv(cases: readonly CallersCase[]): string {
  const lines = cases.map((one) => {
    const { month, code, name, state, severity, step, careType, hospitalKind, municipalityKind } = one;
    return [
      ...[month ?? '', code, name ?? '', STATE_WORDS[state]],
      ...[severity === undefined ? '' : wordOf(SEVERITY_WORDS, `${severity}`), step ?? ''],
      ...[
        wordOf(CARE_WORDS, careType),
        wordOf(HOSPITAL_WORDS, hospitalKind),
        wordOf(MUNICIPALITY_WORDS, municipalityKind),
      ],
    ].join(';');
  });
  return `\uFEFF${[HEAD, ...lines].join('\r\n')}\r\n`;
}
