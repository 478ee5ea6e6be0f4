import type { History } from '../acts/history.ts';
import type { Parameters } from '../rules/parameters.ts';
import type { Discharge } from '../stay/inpatient-course.ts';
import { dischargeOf, hasInsDuty, isReal, type Stay } from '../stay/stay.ts';
import { type Instant, localDate } from '../time/time.ts';
import { movedByOutages, type Outage } from '../rules/judged-time.ts';
import type { ClosingReason, Deviation, DeviationCode, DeviationRow, Severity } from './deviation.ts';

/** What a stay is judged by besides its history. */
export interface Circumstances {
  /** Everything that the hub acknowledged at or before this has been applied. */
  readonly watermark: Instant;
  readonly parameters: (date: string) => Parameters;
  readonly outages: readonly Outage[];
  /** When each notice was first received, by key of the act or of its withdrawal. */
  readonly received: ReadonlyMap<string, Instant>;
  /** The id under which a notice was told, by the key of its act: answers name it so. */
  readonly deliveryId: (key: string) => string;
  /** True while a message with this stay's key lies unresolved in `rejected`: absences are suspected only. */
  readonly suspected: boolean;
  /** The person’s other stays that were admitted after this one, the earliest first, as far as they matter; absent: none. */
  readonly laterStays?: readonly LaterStay[];
}

/** Another stay of the same person, as a readmission is told by it. */
export interface LaterStay {
  readonly admittedAt: Instant;
  /** DEC-14. */
  readonly unplanned: boolean;
  /** The event that first stated the admission. */
  readonly statedBy: string;
}

/** An instant at which a stay has to be judged again though nothing comes. */
export interface Timer {
  readonly at: Instant;
  /** The act or withdrawal that a receipt can make needless to judge; absent for the ward's deadlines. */
  readonly key?: string;
}

/** What will be said if nothing comes: who can still act is warned of it. */
export interface Pending {
  /** As it will be said. */
  readonly deviation: Deviation;
  /** When the duty began. */
  readonly begins: Instant;
  /** When to warn, where that is not a share of the time left: a day that a stricter reading of the law sets. */
  readonly warnAt?: Instant;
}

export interface Judgement {
  readonly deviations: readonly Deviation[];
  readonly timers: readonly Timer[];
  readonly pending?: readonly Pending[];
}

export const NOTHING: Judgement = { deviations: [], timers: [] };

/** Deviations that need nothing to be looked at again; nearly always there are none. */
export function found(deviations: readonly Deviation[]): Judgement {
  return deviations.length === 0 ? NOTHING : { deviations, timers: [] };
}

/** What several judgements say together: nearly all of them say nothing. */
export function together(judged: readonly Judgement[]): Judgement {
  const said = judged.filter((one) => one !== NOTHING);
  if (said.length < 2) return said[0] ?? NOTHING;
  return {
    deviations: said.flatMap((one) => one.deviations),
    timers: said.flatMap((one) => one.timers),
    pending: said.flatMap((one) => one.pending ?? []),
  };
}

/**
 * One code: its dated row, when it is there, and why it closes. Everything that has to do something for each code goes
 * through `registry.ts`.
 *
 * A deviation is open as long as `judge` names it. It names nothing as absent before the watermark has passed the deadline
 * and its grace. What was handed to the hub is the ward's (DEC-05); whether the hub passed it on is TEK-*.
 */
export interface DeviationDefinition {
  readonly code: DeviationCode;
  /** Oldest first. */
  readonly rows: readonly [DeviationRow, ...DeviationRow[]];
  /** Whose it is: a stay from before its sender was connected is not judged for its ward (DEC-30). */
  readonly party: 'ward' | 'hub' | 'recipient';
  /** What the one who can still act is told before the deadline, in Swedish; absent: nobody is warned. */
  readonly warning?: string;
  /** It is counted, and no single one is put to the one it concerns (DEC-09). */
  readonly forPatternsOnly?: true;
  readonly judge: (history: History, circumstances: Circumstances) => Judgement;
  /**
   * Why one that `judge` names no more is closed, where the stay itself still stands.
   * @param open what is named of the stay now
   */
  readonly closing: (
    closed: Pick<Deviation, 'code' | 'occasion'>,
    history: History,
    open: readonly Deviation[],
  ) => ClosingReason;
}

/**
 * What several codes ask of a stay, worked out once for all codes of one judgement, which has a history and circumstances of its
 * own: only the last answer is kept. It is nobody's to change.
 */
export function oncePerJudgement<T, Of extends object = History, By extends object = Circumstances>(
  workOut: (history: Of, circumstances: By) => T,
): (history: Of, circumstances: By) => T {
  let last: { readonly history: Of; readonly circumstances: By; readonly answer: T } | undefined;
  return (history, circumstances) => {
    if (last?.history !== history || last.circumstances !== circumstances)
      last = { history, circumstances, answer: workOut(history, circumstances) };
    return last.answer;
  };
}

/** As {@link oncePerJudgement}, of what the history alone says. */
export function oncePerHistory<T>(workOut: (history: History) => T): (history: History) => T {
  let last: { readonly history: History; readonly answer: T } | undefined;
  return (history) => {
    if (last?.history !== history) last = { history, answer: workOut(history) };
    return last.answer;
  };
}

/** The row of a code that holds since the act does. @param source where name, severity and deadline come from */
export function firstRow(
  code: DeviationCode,
  name: string,
  severity: Severity,
  statute: string,
  source: string,
): [DeviationRow] {
  return [{ code, from: '2018-01-01', name, severity, statute, version: 'regler 2018-01-01', source }];
}

/** The row of a code that was in force on the local day on which the duty began (DEC-34). */
export function rowOn({ rows }: Pick<DeviationDefinition, 'rows'>, date: string): DeviationRow {
  return rows.findLast((row) => row.from <= date) ?? rows[0];
}

/** How a deviation names the row that it was judged by. */
export function ruleOf({ statute, version }: DeviationRow): string {
  return `${statute}; ${version}`;
}

/** What a code says of one deviation. */
type Details = Pick<Deviation, 'due' | 'evidence'> &
  Partial<Pick<Deviation, 'occasion' | 'severity' | 'suspected' | 'reason' | 'units' | 'party'>>;

/**
 * Makes a deviation of a code by its row.
 * @param begins the instant at which the duty began
 */
export function deviationOf(
  definition: Pick<DeviationDefinition, 'code' | 'rows'>,
  history: History,
  begins: Instant,
  details: Details,
): Deviation {
  const row = rowOn(definition, localDate(begins));
  return {
    code: definition.code,
    occasion: '',
    party: history.stay.terms.organisation,
    severity: row.severity,
    suspected: false,
    rule: ruleOf(row),
    ...details,
    // One message may be evidence of more than one thing.
    evidence: [...new Set(details.evidence)],
  };
}

/** When an absence may be said of a deadline: moved by outages, plus what transport may take. */
export function saidFrom(due: Instant, { outages }: Circumstances, parameters: Parameters): Instant {
  return movedByOutages(due, outages, parameters) + parameters.grace;
}

/**
 * What is said of something that did not come by a deadline: nothing before the watermark has passed it and its grace.
 * @param make the deviation, once it may be said
 * @param duty when it began, and when to warn of it, where there is somebody who can still act
 */
export function oncePassed(
  due: Instant,
  circumstances: Circumstances,
  parameters: Parameters,
  make: () => Deviation,
  duty?: Pick<Pending, 'begins' | 'warnAt'>,
): Judgement {
  const from = saidFrom(due, circumstances, parameters);
  if (circumstances.watermark < from) {
    return { deviations: [], timers: [{ at: from }], ...(duty && { pending: [{ ...duty, deviation: make() }] }) };
  }
  return { deviations: [make()], timers: [] };
}

/** The row of parameters that was in force when a duty began. */
export function parametersAt(instant: Instant, { parameters }: Pick<Circumstances, 'parameters'>): Parameters {
  return parameters(localDate(instant));
}

/** True when somebody has to be told of the stay: a need of its own, or those whom the stay before has told (DEC-01, DEC-08). */
export function isConcern({ stay, kept }: History): boolean {
  return hasInsDuty(stay) || (kept.length > 0 && isReal(stay));
}

/** True of a discharge after which the parties take over: nobody does after a transfer or a death (DEC-08). */
export function leftForHome({ leaving }: Discharge): boolean {
  return leaving === 'home' || leaving === 'against-advice';
}

/** Why a deviation closes that rests on a discharge: it was taken back, or what was missing turned out not to be. */
export function closedWithDischarge(stay: Stay): ClosingReason {
  return dischargeOf(stay) ? 'disproved' : 'withdrawn';
}
