import type { Act, Instant, NoticeKind, PartyId } from '#libs/domain';

/**
 * What the hub has told: one row per delivery, kept for good.
 *
 *   told        sent, and in force
 *   withdrawn   a later delivery took it back; it never comes into force again: the same act told anew is a new
 *               generation with an id of its own
 */
export interface ToldNotice {
  /** Delivery id. */
  readonly id: string;
  /** Delivery id of generation 0: names the act in receipts. */
  readonly actId: string;
  readonly stayId: string;
  readonly actKey: string;
  readonly kind: NoticeKind;
  readonly recipient: PartyId;
  readonly slot: string;
  readonly statedBy: string;
  readonly generation: number;
  /** Order of telling within the stay. */
  readonly ordinal: number;
  readonly contentHash: string;
  /** JSON of the act as it was told. Text: only a withdrawal and the operator's trace read it. */
  readonly act: string;
  readonly toldAt: Instant;
  /** Delivery id of the one that it corrects in its slot. */
  readonly follows?: string;
  readonly withdrawn?: Withdrawn;
}

export interface Withdrawn {
  /** Delivery id of the withdrawal. */
  readonly by: string;
  readonly at: Instant;
}

/** The act that a notice told. */
export function actOf(notice: ToldNotice): Act {
  return JSON.parse(notice.act) as Act;
}
