import type { Instant } from '../time/time.ts';

/** In the order of rules 6.2. */
export const DEVIATION_CODES = [
  'INS-01',
  'INS-02',
  'INS-03',
  'INS-04',
  'INS-05',
  'INS-06',
  'INS-08',
  'INS-11',
  'BUT-01',
  'BUT-02',
  'BUT-03',
  'BUT-04',
  'FVK-01',
  'FVK-02',
  'FVK-03',
  'PLA-01',
  'UTK-01',
  'UTK-02',
  'UTK-03',
  'UTK-04',
  'UTK-06',
  'UTK-07',
  'SIP-01',
  'SIP-02',
  'SIP-03',
  'SIP-04',
  'SIP-05',
  'SIP-06',
  'SIP-07',
  'SIP-08',
  'TVG-01',
  'TVG-02',
  'TVG-03',
  'UTS-01',
  'UTS-02',
  'UTS-03',
  'UTS-04',
  'UTS-05',
  'UTS-06',
  'UTS-07',
  'UTS-08',
  'UTS-09',
  'UTS-10',
  'MOT-02',
  'ATI-01',
  'ATI-02',
  'SEK-02',
  'TEK-01',
  'TEK-02',
  'TEK-03',
  'TEK-04',
] as const;
export type DeviationCode = (typeof DEVIATION_CODES)[number];

/** True of a text that is written as a code of rules 6.2 is, whether or not there is such a one: `INS-01`. */
export function isWrittenAsCode(text: string): boolean {
  return /^[A-Z]{3}-\d\d$/.test(text);
}

export type Severity = 1 | 2 | 3 | 4;

/** The dated row that a code rests on (DEC-34): nothing else states its name, severity, statute or version. */
export interface DeviationRow {
  readonly code: DeviationCode;
  /** First local day on which a duty may begin that the row judges. */
  readonly from: string;
  /** Swedish, as people meet it. */
  readonly name: string;
  readonly severity: Severity;
  /** `LUS 2:1, 2:3`. */
  readonly statute: string;
  /** Version of the rule, as a deviation names it. */
  readonly version: string;
  readonly source: string;
}

/** Reasons that an open deviation itself may give (`CodeSystem/deviation-reason`). */
export type OpenReason = 'ground-not-stated';

/** Why a deviation that was open is not any more; codes of `CodeSystem/deviation-reason` (rules 6.2, guards). */
export const CLOSING_REASONS = ['withdrawn', 'deceased', 'no-need', 'came-late', 'completed', 'disproved'] as const;
export type ClosingReason = (typeof CLOSING_REASONS)[number];

/** A deviation that the rules name of one stay at one watermark. Never deleted: what is disproved is closed with a reason. */
export interface Deviation {
  readonly code: DeviationCode;
  /** Sets apart deviations of one code in a stay (architecture 2.4): none for the first clock of INS-*, the discharge, the notice or the Task. */
  readonly occasion: string;
  /** `hub` or the organisation of the sender's agreement. */
  readonly party: string;
  readonly severity: Severity;
  readonly due: Instant;
  /** Held as suspected: the source may only be silent or its message lie in `rejected` (architecture 7). */
  readonly suspected: boolean;
  readonly reason?: OpenReason;
  /** The row it was judged by: statute and version, as a record shows it. */
  readonly rule: string;
  /** Ids of the events that show it. */
  readonly evidence: readonly string[];
  /** The units that it is about (DEC-27); absent when it is about the stay as a whole. */
  readonly units?: readonly string[];
}

/** The party that a deviation of the hub itself is attributed to. */
export const HUB = 'hub';
