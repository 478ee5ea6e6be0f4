import type { EndCause, History, StayEvent, TraceLine } from '#libs/domain';
import {
  OPERATOR_VIEW,
  protectionOf,
  SENDER_VIEW,
  type FindingLine,
  type StayRecord,
  type ToldLine,
  type TracedLine,
  type WithheldLine,
} from '#libs/fhir';
import type { IdMaker } from '#libs/platform';
import { actOf, type ToldNotice } from '../loading/told-notice.ts';
import { foundText, withdrawnText, withheldText } from './line-texts.ts';
import { senderStay } from './sender-stay.ts';

/** A stay as the router has it after an event. */
export interface StayNow {
  readonly stayId: string;
  /** All its events; none when a mended translation took them to another stay. */
  readonly events: readonly StayEvent[];
  /** What the rules say of it; undefined without events. */
  readonly history: History | undefined;
  /** All that was ever told of it, in the order of telling. */
  readonly told: readonly ToldNotice[];
  readonly visitId: string | undefined;
}

/**
 * Who may see a line (rules 12.5). The sender sees what it stated itself and whom the hub chose; a recipient sees that
 * it was told, when and on which ground, but not why it was chosen, which rests on facts that were not addressed to it; what
 * another stay's ward stated is the operator's alone.
 */
const OWN = [SENDER_VIEW, OPERATOR_VIEW];
const ANOTHERS = [OPERATOR_VIEW];

/** Rules whose lines tell what another ward has stated or told. */
const BY_ANOTHER_STAY: ReadonlySet<string> = new Set(['DEC-08']);
const ENDED_BY_ANOTHER_STAY: ReadonlySet<EndCause | undefined> = new Set<EndCause>(['deceased-later', 'no-need-later']);

/** The record of a stay, but for its version. */
export function describeStay(now: StayNow, ids: IdMaker): Omit<StayRecord, 'version'> {
  const { stayId, events, history, told, visitId } = now;
  const stated = history && senderStay(events, history.stay, ids, visitId);
  const protection = stated && protectionOf(stated.encounter.meta);
  const causes = new Map(history?.acts.map((act) => [act.key, act.ended?.cause]));
  return {
    stayId,
    ...(protection && { protection }),
    ...(stated && { stated }),
    told: told.map((notice) => toldLine(notice, causes.get(notice.actKey))),
    withheld: (history?.withheld ?? []).map(({ kind, recipient, because }): WithheldLine => ({
      ...{ kind, recipient, text: withheldText(kind, recipient, because) },
      seenBy: OWN,
    })),
    findings: (history?.stay.lostCorrections ?? []).map(({ eventId, code }): FindingLine => ({
      statedBy: eventId,
      text: foundText(code),
      seenBy: OWN,
    })),
  };
}

function toldLine(notice: ToldNotice, cause: EndCause | undefined): ToldLine {
  const { id: delivery, kind, recipient, statedBy, withdrawn } = notice;
  const { ground, sent, trace } = actOf(notice);
  return {
    ...{ delivery, kind, recipient, ground, statedBy, sent },
    seenBy: [...OWN, recipient],
    trace: trace.map(traced),
    ...(withdrawn && {
      withdrawn: {
        ...withdrawn,
        because: { text: withdrawnText(cause), seenBy: ENDED_BY_ANOTHER_STAY.has(cause) ? ANOTHERS : OWN },
      },
    }),
  };
}

function traced({ rule, text }: TraceLine): TracedLine {
  return { rule, text, seenBy: BY_ANOTHER_STAY.has(rule) ? ANOTHERS : OWN };
}
