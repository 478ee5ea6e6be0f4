import { HOUR, MINUTE } from '../time/time.ts';

/**
 * Numbers that the law, an agreement or an operator may change (architecture 4: never a constant in code). Times are in
 * milliseconds. Every row holds from its date on, and says where it comes from. The row in force when a duty begins holds
 * for it to its end (DEC-34).
 */
export interface Parameters {
  /** LUS 2:3: how long after admission or assessment the INS may be sent. */
  readonly insDeadline: number;
  /** How far before intake a sender's own sent time is believed (architecture 7). */
  readonly trustedWindow: number;
  /** How long after an outage of the hub a deadline inside it still stands (architecture 7). */
  readonly outageGrace: number;
  /** What transport may take before an absence is said (rules 9, deviation.graceSeconds). */
  readonly grace: number;
  /** When a notice without a legal deadline is overdue at its recipient (rules 9, tek01.due). */
  readonly deliveryDeadline: number;
  /** Days that the discharge may differ from the last told time without being BUT-01 (LAW-27, unsure). */
  readonly unannouncedShiftDays: number;
  /** How long before a new expected discharge it has to be told (BUT-02, unsure). */
  readonly updateLead: number;
  /** How long after the expected discharge the ward's silence is a deviation (BUT-03). */
  readonly passedExpectation: number;
  /** As many changes of the expected discharge are BUT-04. */
  readonly unstableChanges: number;
  /** An INS-02 on a stay shorter than this is of severity 3 (DEC-07). */
  readonly shortStay: number;
  /** How long before its deadline a Task for a missing ground is given again (DEC-06). */
  readonly reminderLead: number;
  /** How long the ward has for the ground of a UTK (rules 6.2 UTK-02, default 4 h). */
  readonly readyDeadline: number;
  /** How long after a transfer another stay of the person still continues the case (DEC-08, DEC-31). */
  readonly continuationWindow: number;
  /** How long before a transfer the stay that continues the case may have begun (DEC-31). */
  readonly continuationLead: number;
  /** How long after a discharge statements of person and need still correct it (DEC-17). */
  readonly closingWindow: number;
  /** Age in days below which a child is a newborn, exempt from number and address in an INS (DEC-35, unsure). */
  readonly newbornDays: number;
  /** How long a recipient may take over the first word on an INS, in hours of bank days (INS-08, unsure). */
  readonly acknowledgeDeadline: number;
  /** How long a clinic may be silent altogether (FVK-02, unsure). */
  readonly clinicSilence: number;
  /** How long a municipality may take before it begins to plan (PLA-01, rules 6.2: 48 h, unsure). */
  readonly planningDeadline: number;
  /** LUS 4:3: days after the UTK by which the call to a co-ordinated plan is sent. */
  readonly callDays: number;
  /** Days after the call by which the plan, or why there is none, is there (SIP-06, unsure). */
  readonly planDays: number;
  /** A recipient with less time than this for its duty is told of in the mildest grade (DEC-13). */
  readonly shortNotice: number;
  /** What share of the time that a duty has is left when one who can still act is warned. */
  readonly warningShare: number;
  /** Days in which a unit answers a case (AVV-02 gives no number; unsure). */
  readonly answerDays: number;
  /** Days after its end in which a month is still told late things; then it is published and never changed (unsure). */
  readonly monthClosingDays: number;
  /** Below this a number of persons is small, and is not shown (rules 9, an inference). */
  readonly smallNumber: number;
  /** How soon after a discharge an unplanned admission is a readmission (ATI-01: 30 days, unsure). */
  readonly readmission: number;
  /** How soon it is an early one (ATI-02: 72 h, unsure). */
  readonly earlyReadmission: number;
}

export interface ParameterRow extends Parameters {
  /** First local day in force. */
  readonly from: string;
  readonly source: string;
}

const ROWS: readonly ParameterRow[] = [
  {
    from: '2018-01-01',
    source:
      'LUS 2:3, 4:3; LAW-27; AVV-02; DEC-07; DEC-08; DEC-13; DEC-17; DEC-31; DEC-35; rules 6.2, 9; architecture 7; the hub’s own defaults where these give no number',
    insDeadline: 24 * HOUR,
    trustedWindow: 15 * MINUTE,
    outageGrace: 15 * MINUTE,
    grace: MINUTE,
    deliveryDeadline: HOUR,
    unannouncedShiftDays: 1,
    updateLead: 24 * HOUR,
    passedExpectation: 24 * HOUR,
    unstableChanges: 3,
    shortStay: 24 * HOUR,
    reminderLead: 4 * HOUR,
    readyDeadline: 4 * HOUR,
    continuationWindow: 24 * HOUR,
    continuationLead: 2 * HOUR,
    closingWindow: 24 * HOUR,
    newbornDays: 28,
    acknowledgeDeadline: 24 * HOUR,
    clinicSilence: 72 * HOUR,
    planningDeadline: 48 * HOUR,
    callDays: 3,
    planDays: 30,
    shortNotice: 24 * HOUR,
    warningShare: 0.25,
    answerDays: 14,
    monthClosingDays: 14,
    smallNumber: 5,
    readmission: 30 * 24 * HOUR,
    earlyReadmission: 72 * HOUR,
  },
];

/** The longest time before a new expected discharge that any row asks for, an installation's own included (BUT-02). */
export function longestLead(own: Pick<Parameters, 'updateLead'>): number {
  return Math.max(own.updateLead, ...ROWS.map(({ updateLead }) => updateLead));
}

/** What an installation has set otherwise than the table (architecture 7: "configuration"). */
export type InstallationSetting = Partial<Parameters>;

/**
 * The row in force on a local day (`YYYY-MM-DD`). A setting of the installation makes a row of its own, whose source says so
 * (DEC-34).
 */
export function parametersOn(date: string, setting: InstallationSetting = {}): ParameterRow {
  const row = ROWS.findLast((candidate) => candidate.from <= date) ?? ROWS[0];
  if (!row) throw new Error('no parameters');
  const own = Object.entries(setting).filter(([name, value]) => row[name as keyof Parameters] !== value);
  if (own.length === 0) return row;
  return {
    ...row,
    ...setting,
    source: `${row.source}; set by the installation: ${own.map(([name]) => name).join(', ')}`,
  };
}
