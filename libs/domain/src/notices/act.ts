import { type Element, elementsText, type Ground, GROUND_NAMES } from '../codes/elements-and-grounds.ts';
import type { StatedBasis } from '../disclosure/stated-grounds.ts';
import type { Protection } from '../events/statements.ts';
import type { PartyId } from '../parties/party.ts';
import type { TraceLine } from '../routing/routing-rules.ts';
import type { Instant } from '../time/time.ts';
import type { NoticeContent } from './kinds.ts';
import type { NoticeKind } from '../codes/notice-kind.ts';

/** Why a notice stopped holding. It decides nothing but the reason in the trace: the withdrawal itself says none (rules 12.2). */
export type EndCause =
  | 'cancelled'
  | 'deceased'
  /** A later stay that continues this one says so (DEC-08). */
  | 'deceased-later'
  | 'no-need'
  /** The ward of a later stay that continues this one says that there is no need (DEC-31). */
  | 'no-need-later'
  /** The stay turned out to be another person's (DEC-18). */
  | 'other-person'
  | 'other-recipient'
  /** Its recipient sent it back as wrongly addressed (RET). */
  | 'returned'
  /** A person had released it to this recipient, and took that back. */
  | 'release-undone'
  | 'not-so-any-more';

/** How an act ended. */
export interface ActEnd {
  readonly statedBy: string;
  readonly at: Instant;
  readonly sent: Instant;
  readonly cause: EndCause;
  /** Key of the decision on who is told that held then; absent where nobody was to be told any more. */
  readonly decision?: string;
  /** The person was protected by then: the withdrawal is labelled, and shows no address (DEC-23). */
  readonly protection?: Protection;
  /** No event of this stay ended it but something else, at this instant: `statedBy` is only this stay's latest event. */
  readonly elsewhere?: true;
}

/**
 * An act of the ward towards one recipient: told once, immutable (architecture 3).
 * `slot` sets apart several notices of a kind in a stay (a discharge, a scope and time of INFO).
 */
export interface Act {
  readonly kind: NoticeKind;
  readonly recipient: PartyId;
  readonly slot: string;
  /** The event taken in at the time of the act: what "states the fact". */
  readonly statedBy: string;
  /** When the hub took that event in. */
  readonly at: Instant;
  /** The time by which the ward's duty is judged (architecture 7). */
  readonly sent: Instant;
  readonly content: NoticeContent;
  readonly ground: Ground;
  /** Who stated the ground, where it does not follow by itself. */
  readonly basis?: StatedBasis;
  readonly trace: readonly TraceLine[];
  /**
   * By what it was decided to whom it goes: with the facts of the stay the decision can be made again. Absent in what a version
   * before this has told.
   */
  readonly decidedBy?: DecidedBy;
  /**
   * Key of the decision by which it goes to whom it goes, among those of the history (`made-decisions.ts`). Absent where the
   * stay's own need asks for nobody, and in what a version before this has told.
   */
  readonly decision?: string;
  /** Key of the act that this one corrects or follows in its slot. */
  readonly follows?: string;
  /** Stable within the stay: kind, recipient, slot and stating event; and the instant, when another stay made it due. */
  readonly key: string;
  readonly ended?: ActEnd;
}

/** What a decision of routing rests on besides the facts, and what of it is for the recipient's own eyes. */
export interface DecidedBy {
  /** Version of the directory. */
  readonly directory: string;
  /** Local day by which directory and rules were read. */
  readonly date: string;
  /** `LOW`: another could be right (rules 4.4). Absent: no rule was in doubt. */
  readonly confidence?: 'LOW';
  /** Id of the desk that takes it (rules 4.4). It is shown to its own party, and stands in no notice (rules 12.4, 12.5). */
  readonly desk?: string;
}

/**
 * A notice that is due and not told.
 *
 *   refused      the person has said no, and nothing else carries it: lawful (DEC-06)
 *   not-stated   for want of a ground
 *   legal-form   nothing could carry it to one of this legal form, whatever is stated: lawful (DEC-22)
 *   protected    the person is protected: only a person releases it, to a named recipient (RTE-41)
 */
export interface Withheld {
  readonly kind: NoticeKind;
  readonly recipient: PartyId;
  readonly slot: string;
  readonly because: 'refused' | 'not-stated' | 'legal-form' | 'protected';
  /** Which part is held back. */
  readonly elements: readonly Element[];
  /** The grounds that would let it through, were one of them stated. */
  readonly permittedBy: readonly Ground[];
}

/** Names the one withdrawal that ends all acts of a slot that have not ended; undefined for one that has not. */
export function withdrawalKey(act: Act): string | undefined {
  if (!act.ended) return undefined;
  const { statedBy, at, elsewhere } = act.ended;
  return `${act.kind}|${act.recipient}|${act.slot}|ended|${statedBy}${elsewhere ? `@${at}` : ''}`;
}

const BECAUSE: Readonly<Record<Withheld['because'], string>> = {
  refused: 'Samtycke är nekat och ingen annan grund är angiven.',
  'not-stated': 'Ingen grund är angiven.',
  'legal-form': 'Mottagaren är ingen myndighet, och ingen grund bär uppgiften dit.',
  protected: 'Personen har skyddade personuppgifter: en människa väljer mottagare.',
};

/** Why a notice is withheld, which part of it, and what would let it through, in Swedish: for the ward, never the recipient. */
export function withheldReason({ because, elements, permittedBy }: Withheld): string {
  const permitted =
    permittedBy.length === 0
      ? ''
      : ` Kan lämnas med någon av grunderna: ${permittedBy.map((ground) => GROUND_NAMES[ground]).join('; ')}.`;
  return `${BECAUSE[because]} Det gäller: ${elementsText(elements)}.${permitted}`;
}
