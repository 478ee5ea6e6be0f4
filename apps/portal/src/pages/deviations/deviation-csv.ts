import type { CallersCase } from './deviation-case.ts';
import {
  CARE_WORDS,
  HOSPITAL_WORDS,
  MUNICIPALITY_WORDS,
  SEVERITY_WORDS,
  STATE_WORDS,
  wordOf,
} from './deviation-words.ts';

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
