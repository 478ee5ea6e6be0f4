import type { Caller } from '#libs/county';
import {
  actsIn,
  type CaseRole,
  type CaseSide,
  type DeviationCase,
  type Instant,
  isEscalated,
  isOpenCase,
  REPORT_CODES,
  stepOf,
} from '#libs/domain';
import { fault, type Fault, isFault } from '#libs/platform';
import { answerBy, type CaseBody, type FeedRow } from './case-body.ts';

/** Which cases a caller asks for: all that is given has to hold. */
export interface CaseQuestion {
  readonly state?: string | undefined;
  /** Of a code, of a step of the regional routine, or of both. */
  readonly codes?: readonly string[] | undefined;
  readonly month?: string | undefined;
  readonly open?: boolean | undefined;
  readonly careType?: string | undefined;
  readonly hospitalKind?: string | undefined;
  readonly municipalityKind?: string | undefined;
  readonly unit?: string | undefined;
  readonly municipality?: string | undefined;
  /** Place of the last one of the page before. */
  readonly after?: { readonly changedAt: Instant; readonly id: string } | undefined;
}

/**
 * What may not be asked for, by who asks (rules 12.5): an answer tells what was asked for. Storsthlm and HSF know neither unit nor
 * municipality of a live case; the kinds stand in their rows alone; a party that is told of a stay is not told where in care it is.
 */
function forbiddenTo({ roles }: Caller): readonly string[] {
  if (roles.includes('observer')) return ['unit', 'municipality'];
  if (roles.includes('operator')) return ['hospitalKind', 'municipalityKind'];
  return [...(roles.includes('sender') ? [] : ['careType']), 'hospitalKind', 'municipalityKind'];
}

type Query = Readonly<Record<string, unknown>>;

/** Reads a question from the address. @returns what is wrong with it (BRY-5009 and the like) where something is */
export function readCaseQuestion(query: Query, caller: Caller): CaseQuestion | Fault {
  const asked = [...NAMES, 'step', 'code'].filter((name) => query[name] !== undefined);
  const wrong = asked.find((name) => !isWord(query[name]) || forbiddenTo(caller).includes(name));
  if (wrong !== undefined) return fault('bad-parameter', wrong);
  const after = placeOf(query['after']);
  if (isFault(after)) return after;
  const text = (name: string): string | undefined => query[name] as string | undefined;
  const [code, step] = [text('code'), text('step')];
  return {
    ...Object.fromEntries(NAMES.map((name) => [name, text(name)])),
    ...((code !== undefined || step !== undefined) && { codes: codesOf(code, step) }),
    open: query['open'] === undefined ? undefined : query['open'] === 'true',
    after,
  };
}

const NAMES = ['state', 'month', 'careType', 'hospitalKind', 'municipalityKind', 'unit', 'municipality'] as const;

const isWord = (value: unknown): boolean => typeof value === 'string' && /^[\w-]{1,40}$/.test(value);

function codesOf(code: string | undefined, step: string | undefined): string[] {
  const named = code === undefined ? REPORT_CODES : [code];
  return named.filter((one) => step === undefined || String(stepOf(one)) === step);
}

function placeOf(value: unknown): CaseQuestion['after'] | Fault {
  if (value === undefined) return undefined;
  const [, at, id] = (typeof value === 'string' && /^(\d{1,15})_([0-9a-f-]{36})$/.exec(value)) || [];
  return at === undefined || id === undefined ? fault('bad-cursor') : { changedAt: Number(at), id };
}

/** A case as it is stored. */
export interface StoredCase {
  readonly version: number;
  readonly changedAt: number;
  readonly body: CaseBody;
  readonly feedRow: FeedRow | undefined;
}

/** What a caller is to a case; undefined: it is not there for that caller. */
export type Viewer = CaseRole | 'operator';

/**
 * Who sees a case at all (rules 12.5): the unit that it is put to, who reported it, Storsthlm and HSF by its row in the feed, the
 * operator. For everybody else it is not there.
 */
export function viewerOf({ roles, party }: Caller, { body, feedRow }: StoredCase): Viewer | undefined {
  if (roles.includes('operator')) return 'operator';
  if (roles.includes('observer')) return feedRow ? 'reviewer' : undefined;
  if (body.what.party === party) return 'unit';
  return body.reports.some(({ by }) => by === party) ? 'reporter' : undefined;
}

/** What the caller may do now. Reviewers act on what was escalated, and reopen only that. */
function actsOf(viewer: Viewer, { body: { what } }: StoredCase, side: CaseSide): readonly string[] {
  if (viewer === 'operator' || (what.closedByHub && viewer !== 'reporter')) return [];
  if (viewer === 'reviewer' && !wasEscalated(what)) return [];
  return actsIn(what.state, { role: viewer, side, isReported: what.reporters.length > 0 });
}

function wasEscalated({ state, history }: DeviationCase): boolean {
  return isEscalated(state) || history.some((line) => line.state !== undefined && isEscalated(line.state));
}

const at = (instant: number): string => new Date(instant).toISOString();

/** A case as this caller may see it, and no more. */
export function caseView(stored: StoredCase, viewer: Viewer, caller: Caller, side: CaseSide): object {
  const { version, changedAt, body, feedRow } = stored;
  const { what } = body;
  const acts = actsOf(viewer, stored, side);
  const common = {
    version,
    state: what.state,
    code: what.code,
    name: what.name,
    step: stepOf(what.code),
    severity: what.severity,
  };
  if (viewer === 'reviewer') {
    const { careType, month, hospitalKind, municipalityKind, id } = feedRow ?? {};
    return {
      ...{ id, ...common, careType, month, hospitalKind, municipalityKind, you: viewer, acts },
      // Codes alone: what people wrote to each other stays between them.
      ...(what.answer && wasEscalated(what) && { answer: { cause: what.answer.cause, action: what.answer.action } }),
      ...(what.question && { question: what.question }),
    };
  }
  return {
    ...{
      id: body.id,
      ...common,
      since: at(changedAt),
      party: what.party,
      you: viewer,
      acts,
      identified: at(what.identified),
    },
    ...(isOpenCase(what.state) && { answerBy: at(answerBy(what)) }),
    ...(what.closedByHub && { closedBy: 'hub' }),
    ...(viewer !== 'reporter' && { stay: body.stayId, deviations: body.deviations.map(deviationView) }),
    reports: body.reports
      .filter(({ by }) => viewer !== 'reporter' || by === caller.party)
      .map(({ id, code, on, consequence, text, by }) => ({
        ...{ id, code, on, consequence, by, own: by === caller.party },
        ...(text !== undefined && { text }),
      })),
    ...(what.answer && { answer: { ...what.answer, at: at(what.answer.at) } }),
    ...(what.question && { question: what.question }),
    history: historyView(what, viewer, caller),
  };
}

function deviationView({ id, code, open, closedReason }: CaseBody['deviations'][number]): object {
  return { id, code, status: open ? 'final' : 'cancelled', ...(closedReason && { reason: closedReason }) };
}

/** What the hub found is evidence that was not addressed to who reported (rules 12.5); nor are others' reports. */
function historyView({ history }: DeviationCase, viewer: Viewer, { party }: Caller): object[] {
  const isShown = ({ by, what }: DeviationCase['history'][number]): boolean =>
    viewer !== 'reporter' || (by !== 'hub' && (what !== 'reported' || by === party));
  return history.filter(isShown).map((line) => ({ ...line, at: at(line.at) }));
}
