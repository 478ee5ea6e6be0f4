import type { Identity, NeedScope, PersonName, Protection, RegisteredAddress, Scope } from './event.ts';
import type { PartyId } from './directory.ts';
import type { Instant, StatedTime } from './time.ts';

/** Kinds of notice that the hub tells so far; codes of `CodeSystem/notice` (contract 4). */
export const NOTICE_KINDS = ['INS', 'BUT', 'UTK', 'UTS', 'INFO'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Grounds on which content may cross the secrecy border (domain.md 8.2, 12.3). */
export const GROUNDS = [
  'LUS_2KAP',
  'CONSENT',
  'SAME_REGION',
  'CHILD_OR_ABUSE_OR_COMPULSORY',
  'CANNOT_CONSENT',
  'MENPROVNING',
  'PRIVATE_PROVIDER',
  'LPT_7A',
] as const;
export type Ground = (typeof GROUNDS)[number];

/** The person as a notice may show it: the lawful items of LUS 2:2. */
export interface NoticePerson {
  readonly identity: Identity;
  readonly name?: PersonName;
  /** Absent when unknown; masked (and absent) for a protected person. */
  readonly address?: RegisteredAddress;
  readonly protection?: Protection;
}

interface ContentBase {
  readonly person: NoticePerson;
  readonly careProvider: string;
}

/** LUS 2:2 and domain.md 12.4: the four items, this recipient's own need, the care provider. Nothing else can be put here. */
export interface InsContent extends ContentBase {
  readonly kind: 'INS';
  readonly expectedDischarge?: StatedTime;
  readonly ownNeed: readonly NeedScope[];
}
/** LUS 2:4. */
export interface ButContent extends ContentBase {
  readonly kind: 'BUT';
  readonly expectedDischarge: StatedTime;
}
/** LUS 3:1: identity, the fact, and when it was judged. */
export interface UtkContent extends ContentBase {
  readonly kind: 'UTK';
  readonly readySince: Instant;
}
/** The discharge: that and when (DEC-03). */
export interface UtsContent extends ContentBase {
  readonly kind: 'UTS';
  readonly dischargedAt: StatedTime;
}
/** LUS 3:2: what the ward tells of one scope at one time. */
export interface InfoContent extends ContentBase {
  readonly kind: 'INFO';
  readonly scope: Scope;
  readonly text: string;
}
export type NoticeContent = InsContent | ButContent | UtkContent | UtsContent | InfoContent;

/** Why a notice stopped holding. It decides nothing but the reason in the trace: the withdrawal itself says none (domain.md 12.2). */
export type EndCause =
  | 'cancelled'
  | 'deceased'
  /** A later stay that continues this one says so (DEC-08). */
  | 'deceased-later'
  | 'no-need'
  | 'other-recipient'
  | 'not-so-any-more';

/** One line of why, for the operator and, filtered, for the parties (domain.md 12.5). Swedish. */
export interface TraceLine {
  readonly rule: string;
  readonly text: string;
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
  readonly trace: readonly TraceLine[];
  /** Key of the act that this one corrects or follows in its slot. */
  readonly follows?: string;
  /** Stable within the stay: kind, recipient, slot and stating event; and the instant, when another stay made it due. */
  readonly key: string;
  readonly ended?: {
    readonly statedBy: string;
    readonly at: Instant;
    readonly sent: Instant;
    readonly cause: EndCause;
    /** Another stay ended it, at this instant: `statedBy` is only this stay's latest event. */
    readonly turn?: true;
  };
}

/** A notice that is due and not told, for want of a ground (DEC-06). */
export interface Withheld {
  readonly kind: NoticeKind;
  readonly recipient: PartyId;
  readonly slot: string;
  readonly because: 'refused' | 'not-stated';
}

export type TaskCode = 'ROUTE-BY-HAND' | 'COMPLETE-INS' | 'STATE-GROUND' | 'CONFIRM';

/** A duty that a person has to do, with its clock. `owner` is `operator` or the organisation of the sender's agreement. */
export interface Duty {
  readonly code: TaskCode;
  readonly occasion: string;
  readonly owner: string;
  readonly since: Instant;
  readonly statedBy: string;
  readonly due: Instant;
  /** Swedish, for a person; holds no identity, name or address. */
  readonly text: string;
  readonly protection?: Protection;
}

/** Names the one withdrawal that ends all standing acts of a slot; undefined for an act that stands. */
export function withdrawalKey(act: Act): string | undefined {
  if (!act.ended) return undefined;
  const { statedBy, at, turn } = act.ended;
  return `${act.kind}|${act.recipient}|${act.slot}|ended|${statedBy}${turn ? `@${at}` : ''}`;
}
