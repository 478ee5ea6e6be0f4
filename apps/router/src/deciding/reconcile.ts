import { withdrawalKey, type Act, type Instant, type NoticeKind, type PartyId, type Protection } from '#libs/domain';
import { isSaidBy } from './content-hash.ts';
import { actOf, type ToldNotice } from '../loading/told-notice.ts';

/** One delivery that takes back all that stands in a slot of a recipient. */
export interface Withdrawal {
  readonly kind: NoticeKind;
  readonly recipient: PartyId;
  readonly slot: string;
  /** The event that ended what stood. */
  readonly statedBy: string;
  /** Names the act of withdrawing (`withdrawalKey` of the domain). */
  readonly key: string;
  readonly sent: Instant;
  /** The person is protected by now: the withdrawal is labelled (DEC-23). */
  readonly protection?: Protection;
  /** Latest first. */
  readonly of: readonly ToldNotice[];
  /** The act that is taken back, the latest of them: whose person and ground the withdrawal carries. */
  readonly act: Act;
}

export interface Plan {
  readonly withdraw: readonly Withdrawal[];
  readonly tell: readonly Act[];
}

/** The event that is being applied; it states what only a new order of things ends. */
export interface Cause {
  readonly eventId: string;
  readonly sent: Instant;
  /** The person's protection as it is now. */
  readonly protection?: Protection | undefined;
}

/**
 * What has to be said so that what stands towards each party is what the acts say (architecture 2.8).
 *
 *   act stands, and stands told with that content    nothing
 *   act stands, and does not stand told              told
 *   act stands, and stands told with other content   withdrawn, then told: only another order of processing does this
 *   act ended, and stands told                       withdrawn
 *   act ended, and never told or withdrawn already   silence: nobody is told a withdrawn thing afresh
 *   act is none any more, and stands told            withdrawn, as ended by the event being applied; but where an act of
 *                                                    the same message says the very same to the same party and was
 *                                                    never told, it is that one, in force or ended: a mended reading
 *                                                    may name it otherwise
 *
 * @param acts all acts of the stay, in their order
 * @param told all that was ever told of the stay, in the order of telling
 */
export function reconcile(acts: readonly Act[], told: readonly ToldNotice[], cause: Cause): Plan {
  const notWithdrawn = told.filter((notice) => !notice.withdrawn);
  const known = new Map(acts.map((act) => [act.key, act]));
  const endings = new Endings();
  const inForce = new Set<string>();
  const toldKeys = new Set(told.map(({ actKey }) => actKey));
  const untold = acts.filter((act) => !toldKeys.has(act.key));
  for (const notice of notWithdrawn) {
    const act = known.get(notice.actKey) ?? sayingTheSame(notice, untold, inForce);
    if (act && !act.ended && isSaidBy(act.content, notice)) inForce.add(act.key);
    else endings.add(notice, act, cause);
  }
  return {
    withdraw: endings.latestFirst(),
    tell: acts.filter((act) => !act.ended && !inForce.has(act.key)),
  };
}

/** An act of the same message in a slot of another name that nobody was told of, and that says what a notice said. */
function sayingTheSame(notice: ToldNotice, untold: readonly Act[], taken: ReadonlySet<string>): Act | undefined {
  const { kind, recipient, slot, statedBy } = notice;
  return untold.find(
    (act) =>
      act.kind === kind &&
      act.recipient === recipient &&
      act.statedBy === statedBy &&
      act.slot !== slot &&
      !taken.has(act.key) &&
      isSaidBy(act.content, notice),
  );
}

/** Withdrawals of one slot by one event are one delivery (contract 4: `inResponseTo` names them all). */
class Endings {
  readonly #byKey = new Map<string, Withdrawal>();

  add(notice: ToldNotice, act: Act | undefined, cause: Cause): void {
    const { kind, recipient, slot } = notice;
    const ended = act?.ended ?? { statedBy: cause.eventId, sent: cause.sent, protection: cause.protection };
    const key = (act && withdrawalKey(act)) ?? `${kind}|${recipient}|${slot}|ended|${cause.eventId}`;
    const of = [notice, ...(this.#byKey.get(key)?.of ?? [])];
    const { statedBy, sent, protection } = ended;
    // Put in anew: the place in the map is that of the latest notice of the slot.
    this.#byKey.delete(key);
    const labelled = protection && { protection };
    // One that was told under another name is taken back under that: the party has no other.
    const taken = act?.slot === slot ? act : actOf(notice);
    this.#byKey.set(key, { kind, recipient, slot, statedBy, key, sent, of, act: taken, ...labelled });
  }

  /** What was told last is taken back first, so that no notice outlives the INS that it rests on. */
  latestFirst(): Withdrawal[] {
    return [...this.#byKey.values()].reverse();
  }
}
