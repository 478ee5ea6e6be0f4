import { HOUR, MINUTE } from '../time.ts';

/**
 * Numbers that the law, an agreement or an operator may change (architecture 4: never a constant in code).
 * Every row holds from its date on, and says where it comes from.
 */
export interface Parameters {
  /** LUS 2:3: how long after admission or assessment the INS may be sent. */
  readonly insDeadline: number;
  /** How far before intake a sender's own sent time is believed (architecture 7). */
  readonly trustedWindow: number;
  /** How long after an outage of the hub a deadline inside it still stands (architecture 7). */
  readonly outageGrace: number;
  /** What transport may take before an absence is said (domain.md 9, deviation.graceSeconds). */
  readonly grace: number;
  /** When a notice without a legal deadline is overdue at its recipient (domain.md 9, tek01.due). */
  readonly deliveryDeadline: number;
  /** Days that the discharge may differ from the last told time without being BUT-01 (LAW-27, unsure). */
  readonly unannouncedShiftDays: number;
  /** An INS-02 on a stay shorter than this is of severity 3 (DEC-07). */
  readonly shortStay: number;
  /** How long before its deadline a Task for a missing ground is given again (DEC-06). */
  readonly reminderLead: number;
  /** How long the operator has for a UTK that waits for its ground (domain.md 6.2 UTK-02, default 4 h). */
  readonly readyDeadline: number;
  /** How long after a transfer another stay of the person still continues the case (DEC-08). */
  readonly continuationWindow: number;
}

interface Row extends Parameters {
  /** First local day in force. */
  readonly from: string;
  readonly source: string;
}

const ROWS: readonly Row[] = [
  {
    from: '2018-01-01',
    source: 'LUS 2:3; LAW-27; DEC-07; DEC-08; domain.md 9; architecture 7',
    insDeadline: 24 * HOUR,
    trustedWindow: 15 * MINUTE,
    outageGrace: 15 * MINUTE,
    grace: MINUTE,
    deliveryDeadline: HOUR,
    unannouncedShiftDays: 1,
    shortStay: 24 * HOUR,
    reminderLead: 4 * HOUR,
    readyDeadline: 4 * HOUR,
    continuationWindow: 24 * HOUR,
  },
];

/** What an operator may set otherwise than the table (architecture 7: "configuration"). */
export type ParameterOverrides = Partial<Parameters>;

/** The numbers in force on a local day (`YYYY-MM-DD`), with an operator's own on top. */
export function parametersOn(date: string, overrides: ParameterOverrides = {}): Parameters {
  const row = ROWS.findLast((candidate) => candidate.from <= date) ?? ROWS[0];
  if (!row) throw new Error('no parameters');
  return { ...row, ...overrides };
}
