import type { EndCause, History, TraceLine } from '#libs/domain';
import { actOf, type ToldNotice } from './told-notice.ts';

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
}

interface ToldTrace {
  readonly delivery: string;
  readonly kind: string;
  readonly recipient: string;
  readonly ground: string;
  readonly statedBy: string;
  readonly toldAt: string;
  readonly lines: readonly TraceLine[];
  readonly withdrawn?: { readonly by: string; readonly at: string; readonly text: string };
}

const ENDED: Readonly<Record<EndCause, string>> = {
  cancelled: 'Återtaget: vårdtillfället makulerades.',
  deceased: 'Återtaget: patienten har avlidit.',
  'deceased-later': 'Återtaget: patienten har avlidit i det vårdtillfälle som fortsätter detta.',
  'no-need': 'Återtaget: behovet gäller inte längre.',
  'no-need-later': 'Återtaget: avdelningen som fortsätter vårdtillfället anger att inget behov finns.',
  'other-person': 'Återtaget: vårdtillfället avser en annan person.',
  'other-recipient': 'Återtaget: en annan mottagare gäller.',
  'not-so-any-more': 'Återtaget: uppgiften gäller inte längre.',
};
const REORDERED = 'Återtaget: ett sent meddelande ändrade vad som gällde.';

/**
 * The trace of a stay.
 * @param history what the rules say of it now; undefined when it has no events
 */
export function stayTrace(stayId: string, history: History | undefined, told: readonly ToldNotice[]): StayTrace {
  const causes = new Map(history?.acts.map((act) => [act.key, act.ended?.cause]));
  return {
    stayId,
    told: told.map((notice) => toldTrace(notice, causes.get(notice.actKey))),
    withheld: (history?.withheld ?? []).map(({ kind, recipient, because }) => ({
      kind,
      recipient,
      text:
        because === 'refused'
          ? `${kind} till ${recipient} hålls inne: samtycke är nekat och ingen annan grund är angiven.`
          : `${kind} till ${recipient} hålls inne: ingen grund är angiven.`,
    })),
    duties: (history?.duties ?? []).map(({ code, owner, due, text }) => ({ code, owner, due: iso(due), text })),
    findings: (history?.stay.lostCorrections ?? []).map(({ eventId, code }) => ({
      statedBy: eventId,
      text: `Rättelsen av ${code} träffar ingen uppgift: omfattningen är en annan än den som angavs.`,
    })),
  };
}

function toldTrace(notice: ToldNotice, cause: EndCause | undefined): ToldTrace {
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
    ...(withdrawn && {
      withdrawn: { by: withdrawn.by, at: iso(withdrawn.at), text: cause ? ENDED[cause] : REORDERED },
    }),
  };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
