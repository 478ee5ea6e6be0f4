import type { Caller } from '#libs/county';
import {
  actsIn,
  isEscalated,
  isOpenCase,
  stepOf,
  type CaseRole,
  type CaseSide,
  type DeviationCase,
} from '#libs/domain';
import { answerBy, type CaseBody, type FeedRow } from './case-body.ts';

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
