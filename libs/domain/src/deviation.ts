import type { Instant } from './time.ts';

export const DEVIATION_CODES = [
  'INS-01',
  'INS-02',
  'INS-03',
  'INS-04',
  'INS-05',
  'UTS-01',
  'UTS-02',
  'BUT-01',
  'TEK-01',
  'TEK-03',
] as const;
export type DeviationCode = (typeof DEVIATION_CODES)[number];

export type Severity = 1 | 2 | 3 | 4;

/** A finding of the rules about one stay at one watermark. Never deleted: what is disproved is closed with a reason. */
export interface Finding {
  readonly code: DeviationCode;
  /** Sets apart findings of one code in a stay (architecture 2.4): none for INS-*, the discharge, the notice or the Task. */
  readonly occasion: string;
  /** `hub` or the organisation of the sender's agreement. */
  readonly party: string;
  readonly severity: Severity;
  readonly due: Instant;
  /** Held as suspected: the source may only be silent or its message lie in `rejected` (architecture 7). */
  readonly suspected: boolean;
  readonly reason?: 'ground-not-stated';
  /** Ids of the events that show it. */
  readonly evidence: readonly string[];
}
