import {
  type DecidedBy,
  continuedHistories,
  decisionText,
  factSources,
  patientsIn,
  type History,
  type TraceLine,
  withheldReason,
} from '#libs/domain';
import { type Reader, relatedStays } from '#libs/stays';
import { type RoutingRules, stayHistory } from '../routing-rules.ts';
import { STAYS } from '../router-schema.ts';
import { foundText, withdrawnText } from '../said-stays/stay-record.ts';
import { actOf, type ToldNotice } from '../telling/told-notices.ts';

/** Why somebody was told, or not, for an operator (rules 12.5): all of it, in Swedish. */
export interface StayTrace {
  readonly stayId: string;
  readonly told: readonly ToldTrace[];
  readonly withheld: readonly { readonly kind: string; readonly recipient: string; readonly text: string }[];
  readonly duties: readonly {
    readonly code: string;
    readonly owner: string;
    readonly due: string;
    readonly text: string;
  }[];
  /** What is not right in what the ward said of the stay as a whole (DEC-19). */
  readonly findings: readonly { readonly statedBy: string; readonly text: string }[];
  /** Each decision that changed who is told, with all its reasons, as `npm run route` says it of the same facts. */
  readonly decisions: readonly { readonly statedBy: string; readonly at: string; readonly text: string }[];
}

interface ToldTrace {
  readonly delivery: string;
  readonly kind: string;
  readonly recipient: string;
  readonly ground: string;
  readonly statedBy: string;
  readonly toldAt: string;
  readonly lines: readonly TraceLine[];
  /** Version of the directory, and the day by which it was read: with the facts the decision can be made again. */
  readonly decidedBy?: DecidedBy;
  readonly withdrawn?: { readonly by: string; readonly at: string; readonly text: string };
}

/**
 * The trace of a stay.
 * @param history what the rules say of it now; undefined when it has no events
 * @param givesWay the operator has joined it to another
 */
export function stayTrace(
  stayId: string,
  history: History | undefined,
  told: readonly ToldNotice[],
  givesWay: boolean,
): StayTrace {
  const causes = new Map(history?.acts.map((act) => [act.key, act.ended?.cause]));
  return {
    stayId,
    told: told.map((notice) =>
      toldTrace(notice, withdrawnText(causes.get(notice.actKey), givesWay, history?.stay.protection !== undefined)),
    ),
    withheld: (history?.withheld ?? []).map((withheld) => ({
      kind: withheld.kind,
      recipient: withheld.recipient,
      text: withheldReason(withheld),
    })),
    duties: (history?.duties ?? []).map(({ code, owner, due, text }) => ({ code, owner, due: iso(due), text })),
    findings: (history?.stay.lostCorrections ?? []).map(({ eventId, code }) => ({
      statedBy: eventId,
      text: foundText(code),
    })),
    decisions: (history?.decisions ?? []).map(({ statedBy, at, decision }) => ({
      ...{ statedBy, at: iso(at), text: decisionText(decision, history && factSources(history.stay)) },
    })),
  };
}

function toldTrace(notice: ToldNotice, because: string): ToldTrace {
  const { id, kind, recipient, statedBy, toldAt, withdrawn } = notice;
  const act = actOf(notice);
  return {
    delivery: id,
    kind,
    recipient,
    ground: act.ground,
    statedBy,
    toldAt: iso(toldAt),
    lines: act.trace,
    ...(act.decidedBy && { decidedBy: act.decidedBy }),
    ...(withdrawn && {
      withdrawn: { by: withdrawn.by, at: iso(withdrawn.at), text: because },
    }),
  };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}

/**
 * The history of one stay as it is stored, with what the person's other stays bring to it. For a reader: locks nothing.
 * @returns undefined for a stay without events
 */
export async function storedHistory(reader: Reader, stayId: string, rules: RoutingRules): Promise<History | undefined> {
  const kept = await STAYS.eventsOf(reader, [stayId]);
  const related = await relatedStays(reader, STAYS, patientsIn(kept.map(({ event }) => event)));
  const byId = new Map(related.map((stay) => [stay.stayId, stay]));
  const histories = continuedHistories(related, rules, (id, continuation) => {
    const stay = byId.get(id);
    const history = stayHistory(stay?.events ?? [], stay?.protection, rules, continuation);
    if (!history) throw new Error('a stay without events is none');
    return history;
  });
  return histories.get(stayId);
}
