import { NOT_JUDGED } from '../deviations/catalogue.ts';
import type { ClosingReason, Severity } from '../deviations/deviation.ts';
import { isReadmission, READMISSIONS } from '../deviations/readmission.ts';
import { DEVIATIONS } from '../deviations/registry.ts';
import type { EventOrigin } from '../events/event-origin.ts';
import type { Instant } from '../time/time.ts';
import {
  type Action,
  type ActReason,
  type CaseAct,
  type CaseRole,
  type CaseSide,
  type CaseState,
  type Cause,
  type DoneAct,
  isOpenCase,
  type Question,
  transition,
} from './case-life.ts';

/**
 * What a person says of a deviation.
 *
 *   reported   something went wrong: of a stay that the reporter was told of; or of a person and a hospital, whose stay the
 *              hub looks for; or of a hospital alone
 *   acted      in a case, in a role and a state that the hub checked before it took the act in
 */
export type CaseStatement =
  | {
      readonly kind: 'reported';
      readonly code: string;
      /** Local day on which it happened. */
      readonly on: string;
      readonly consequence: Consequence;
      readonly consent: boolean;
      readonly text?: string;
      readonly stayId?: string;
      /** Id inside the hub of the person. */
      readonly patientId?: string;
      readonly organisation?: string;
    }
  | {
      readonly kind: 'acted';
      readonly caseId: string;
      readonly act: CaseAct;
      readonly role: CaseRole;
      readonly side: CaseSide;
      readonly from: CaseState;
      readonly standing: readonly string[];
    };

/** One word of a person on a deviation. */
export interface CaseEvent extends EventOrigin {
  /** Who says it, as the hub authenticated: a party, or an observer. */
  readonly by: string;
  readonly says: CaseStatement;
}

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

/** A deviation of the hub's own judgement, as it was last said. */
export interface StandingDeviation {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly party: string;
  readonly severity: Severity;
  readonly due: Instant;
  /** Open, and not only suspected: a suspicion is put to nobody. */
  readonly open: boolean;
  readonly closedReason?: ClosingReason;
  readonly identified: Instant;
  readonly changed: Instant;
}

export const CONSEQUENCES = ['none', 'delay', 'wrong-care', 'readmission', 'harm'] as const;
export type Consequence = (typeof CONSEQUENCES)[number];

/** What a person reported (rules 6.3). */
export interface DeviationReport {
  readonly id: string;
  readonly at: Instant;
  /** Who reported it. */
  readonly by: string;
  readonly code: string;
  /** The unit that it concerns; where it is not stated, the one whose stay it is. */
  readonly party?: string;
  readonly consequence: Consequence;
  readonly text?: string;
  /** Local day on which it happened. */
  readonly on: string;
  /** The patient has agreed to being named between the units (AVV-01). */
  readonly consent: boolean;
}

/** One line of what happened to a case. */
export interface CaseLine {
  readonly at: Instant;
  /** `hub`, or the party that did it. */
  readonly by: string;
  readonly what: 'found' | 'ended' | 'reported' | DoneAct['act'];
  readonly code?: string;
  readonly reason?: ClosingReason | ActReason;
  readonly question?: Question;
  readonly state?: CaseState;
}

/** What the unit has said last. */
export interface CaseAnswer {
  readonly at: Instant;
  readonly cause: Cause;
  readonly action: Action;
  readonly text?: string;
}

/** A case as all that is known of it makes it. */
export interface DeviationCase {
  readonly state: CaseState;
  /** Closed by the facts: nothing of it stands. */
  readonly closedByHub: boolean;
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  /** The unit that it is put to. */
  readonly party: string | undefined;
  /** When what leads it was due, or happened. */
  readonly due: Instant;
  readonly identified: Instant;
  /** Ids of deviations and reports that stand. */
  readonly standing: readonly string[];
  readonly reporters: readonly string[];
  readonly answer?: CaseAnswer;
  /** What was asked last and not answered. */
  readonly question?: Question;
  readonly history: readonly CaseLine[];
}

/** What a case is made of. */
export interface CaseMatter {
  readonly deviations: readonly StandingDeviation[];
  readonly reports: readonly DeviationReport[];
  readonly acts: readonly DoneAct[];
  /** The party that a report names no other than: the organisation of the stay. */
  readonly organisation?: string;
  /** Instant of a local day. */
  readonly dayAt: (date: string) => Instant;
}

/**
 * Folds a case. Pure: the same matter, in whatever order, gives the same case. Undefined when there is nothing of it at all.
 *
 * Acts count in the order in which they were taken in, each in the state that the hub checked it in; one that the case has
 * left meanwhile changes nothing. What leads the case, and gives it its code, is the gravest that stands, then the latest due.
 */
export function caseOf(matter: CaseMatter): DeviationCase | undefined {
  const deviations = [...matter.deviations].sort((a, b) => a.identified - b.identified || byId(a, b));
  const acts = [...matter.acts].sort((a, b) => a.at - b.at || a.stamp - b.stamp || byId(a, b));
  const withdrawn = new Set(
    acts.flatMap(({ act, report, role }) => (act === 'withdraw' && role === 'reporter' ? [report] : [])),
  );
  const reports = [...matter.reports].sort((a, b) => a.at - b.at || byId(a, b));
  const kept = reports.filter(({ id }) => !withdrawn.has(id));
  const open = deviations.filter((one) => one.open);
  const lead = leadOf(open, kept, matter) ?? leadOf(deviations, reports, matter);
  if (!lead) return undefined;
  const standing = [...open, ...kept].map(({ id }) => id).sort();
  const lived = livedThrough(acts);
  const isBeyond = !isOpenCase(lived.state) && standing.some((id) => !lived.closedOn.has(id));
  const closedByHub = standing.length === 0;
  const state = closedByHub ? 'closed' : isBeyond ? 'new' : lived.state;
  return {
    ...{ state, closedByHub, standing },
    ...{ code: lead.code, name: lead.name, severity: lead.severity, party: lead.party, due: lead.due },
    identified: Math.min(...deviations.map((one) => one.identified), ...reports.map((one) => one.at)),
    reporters: [...new Set(kept.map(({ by }) => by))].sort(),
    ...(lived.answer && { answer: lived.answer }),
    ...(lived.question && { question: lived.question }),
    history: historyOf(deviations, reports, lived.lines),
  };
}

interface Lead {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly party: string | undefined;
  readonly due: Instant;
}

/** What the hub judged goes before what people say of the same failure. */
function leadOf(
  deviations: readonly StandingDeviation[],
  reports: readonly DeviationReport[],
  { organisation, dayAt }: CaseMatter,
): Lead | undefined {
  const reported = reports.map(({ id, code, party = organisation, on }): Lead => {
    return { id, code, party, ...codeText(code), due: dayAt(on) };
  });
  const gravest = (from: readonly Lead[]): Lead | undefined =>
    [...from].sort((a, b) => b.severity - a.severity || b.due - a.due || byId(a, b))[0];
  return gravest(deviations) ?? gravest(reported);
}

interface Lived {
  readonly state: CaseState;
  readonly closedOn: ReadonlySet<string>;
  readonly answer?: CaseAnswer;
  readonly question?: Question;
  readonly lines: readonly CaseLine[];
}

function livedThrough(acts: readonly DoneAct[]): Lived {
  let state: CaseState = 'new';
  let closedOn: ReadonlySet<string> = new Set();
  let answer: CaseAnswer | undefined;
  let question: Question | undefined;
  const lines: CaseLine[] = [];
  for (const done of acts) {
    // The hub had opened it again on new facts when this was done.
    if (done.from === 'new' && !isOpenCase(state)) state = 'new';
    // Whether a report stood in its way was checked when it was done; a report of today does not undo what was closed.
    const after: CaseState | undefined =
      done.from === state ? transition(state, done.act, { ...done, isReported: false }) : undefined;
    if (after === undefined) continue;
    if (!isOpenCase(after)) closedOn = new Set(done.standing);
    if (done.act === 'answer' && done.cause && done.action) {
      answer = {
        at: done.at,
        cause: done.cause,
        action: done.action,
        ...(done.text !== undefined && { text: done.text }),
      };
      question = undefined;
    }
    if (done.act === 'ask') question = done.question;
    state = after;
    lines.push({
      ...{ at: done.at, by: done.by, what: done.act, state: after },
      ...(done.reason && { reason: done.reason }),
      ...(done.question && { question: done.question }),
    });
  }
  return { state, closedOn, lines, ...(answer && { answer }), ...(question && { question }) };
}

function historyOf(
  deviations: readonly StandingDeviation[],
  reports: readonly DeviationReport[],
  acts: readonly CaseLine[],
): CaseLine[] {
  const found = deviations.flatMap((one): CaseLine[] => [
    { at: one.identified, by: 'hub', what: 'found', code: one.code },
    ...(one.closedReason === undefined
      ? []
      : [{ at: one.changed, by: 'hub', what: 'ended' as const, code: one.code, reason: one.closedReason }]),
  ]);
  const reported = reports.map(({ at, by, code }): CaseLine => ({ at, by, what: 'reported', code }));
  return [...found, ...reported, ...acts].sort((a, b) => a.at - b.at);
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
