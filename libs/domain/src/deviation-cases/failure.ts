import { NOT_JUDGED } from '../deviations/catalogue.ts';
import type { Severity } from '../deviations/deviation.ts';
import { isReadmission, READMISSIONS } from '../deviations/readmission.ts';
import { DEVIATIONS } from '../deviations/registry.ts';

/**
 * Codes that name one failure as time goes on: a notice that is missing comes late. Each group is named by its first code; a
 * code of no group is a failure of its own.
 */
const GROUPS: readonly (readonly [string, ...string[]])[] = [
  ['INS-01', 'INS-02', 'INS-03', 'INS-04'],
  ['INS-06', 'SEK-02'],
  ['BUT-01', 'UTS-05'],
  ['UTK-01', 'UTK-02', 'UTK-03', 'TVG-03'],
  ['SIP-01', 'SIP-02'],
  ['UTS-01', 'UTS-02'],
  READMISSIONS,
];
const GROUP_OF: ReadonlyMap<string, string> = new Map(
  GROUPS.flatMap((group) => group.map((code) => [code, group[0]] as const)),
);

/** In: a code. Out: the failure that it names; two codes with the same one make one case in a stay. */
export function failureOf(code: string): string {
  return GROUP_OF.get(code) ?? code;
}

const FOR_PATTERNS: ReadonlySet<string> = new Set(
  DEVIATIONS.flatMap(({ code, forPatternsOnly }) => (forPatternsOnly ? [code] : [])),
);

/** What the hub does itself (TEK-*) is the operator's, and what is counted for patterns alone is put to nobody (DEC-09). */
export function makesCase(code: string): boolean {
  return !code.startsWith('TEK-') && !FOR_PATTERNS.has(code);
}

/** Secrecy and technique are nobody's statistics outside (rules 12.5). */
export function isInFeed(code: string): boolean {
  return makesCase(code) && !code.startsWith('SEK-');
}

interface CodeText {
  readonly name: string;
  readonly severity: Severity;
}

const TEXTS: ReadonlyMap<string, CodeText> = new Map([
  ...NOT_JUDGED.map(({ code, name, severity }): [string, CodeText] => [code, { name, severity }]),
  ...DEVIATIONS.map(({ code, rows }): [string, CodeText] => [code, rows.at(-1) ?? rows[0]]),
]);

/** What people may report: every code that makes a case (rules 6.2), whether or not the hub judges it itself. */
export const REPORT_CODES: readonly string[] = [...TEXTS.keys()]
  .filter((code) => makesCase(code) || isReadmission(code))
  .sort();

/** Swedish name and severity of a code; of one that is none, the code itself. */
export function codeText(code: string): CodeText {
  return TEXTS.get(code) ?? { name: code, severity: 1 };
}

const STEPS: Readonly<Record<string, number>> = { INS: 1, FVK: 2, BUT: 3, PLA: 3, UTK: 5, TVG: 5, UTS: 6 };
const LAST_CODE_OF_CALL = 4;

/** Step of the regional routine in which a failure of this code lies, 1 to 8. */
export function stepOf(code: string): number {
  const [family = '', number = ''] = code.split('-');
  // The call to a plan is the fourth step, the plan itself the seventh.
  if (family === 'SIP') return Number(number) > LAST_CODE_OF_CALL ? 7 : 4;
  return STEPS[family] ?? 8;
}
