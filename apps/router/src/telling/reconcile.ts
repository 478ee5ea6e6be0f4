import {
  strictest,
  withdrawalKey,
  type Act,
  type Instant,
  type NoticeKind,
  type PartyId,
  type Protection,
} from '#libs/domain';
import { actOf, isSaidBy, type ToldNotice } from './told-notices.ts';

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

const NOTHING_TO_SAY: Plan = { withdraw: [], tell: [] };

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
 * Of a history that grows, only the acts that are new or have ended since the last time are looked at: all others were
 * made to agree then. What was planned is expected to be said before the next plan is asked for ({@link Reconciled.told}).
 */
export class Reconciled {
  /** The acts that what stands told was last made to agree with. */
  #acts: readonly Act[] | undefined;
  /** Key of an act that stands -> the notice that told it. */
  readonly #notices = new Map<string, ToldNotice>();

  /**
   * @param acts all acts of the stay, in their order
   * @param allTold all that was ever told of the stay, in the order of telling; not asked for when the acts only grew
   */
  plan(acts: readonly Act[], allTold: () => readonly ToldNotice[], cause: Cause): Plan {
    const changes = this.#acts && changesSince(this.#acts, acts);
    this.#acts = acts;
    if (!changes) return this.#planAnew(acts, allTold(), cause);
    if (changes.ended.length + changes.added.length === 0) return NOTHING_TO_SAY;
    const endings = new Endings();
    const toldOfEnded = changes.ended.flatMap((act) => {
      const notice = this.#notices.get(act.key);
      return this.#notices.delete(act.key) && notice ? [{ act, notice }] : [];
    });
    toldOfEnded.sort((a, b) => a.notice.ordinal - b.notice.ordinal);
    for (const { act, notice } of toldOfEnded) endings.add(notice, act, cause);
    return { withdraw: endings.latestFirst(), tell: changes.added.filter((act) => !act.ended) };
  }

  /** Notes that an act was told, as it was planned. */
  told(act: Act, notice: ToldNotice): void {
    this.#notices.set(act.key, notice);
  }

  #planAnew(acts: readonly Act[], allTold: readonly ToldNotice[], cause: Cause): Plan {
    const known = new Map(acts.map((act) => [act.key, act]));
    const endings = new Endings();
    const toldKeys = new Set(allTold.map(({ actKey }) => actKey));
    const untold = acts.filter((act) => !toldKeys.has(act.key));
    this.#notices.clear();
    for (const notice of allTold) {
      if (notice.withdrawn) continue;
      const act = known.get(notice.actKey) ?? sayingTheSame(notice, untold, this.#notices);
      if (act && !act.ended && isSaidBy(act.content, notice)) this.#notices.set(act.key, notice);
      else endings.add(notice, act, cause);
    }
    return {
      withdraw: endings.latestFirst(),
      tell: acts.filter((act) => !act.ended && !this.#notices.has(act.key)),
    };
  }
}

/**
 * The acts that are new, and those that have ended.
 * @returns undefined when the acts are not the same ones any more: a late or mended message had the history told anew
 */
function changesSince(
  before: readonly Act[],
  acts: readonly Act[],
): { readonly added: readonly Act[]; readonly ended: readonly Act[] } | undefined {
  if (acts === before) return { added: [], ended: [] };
  const ended: Act[] = [];
  for (const [place, act] of before.entries()) {
    const now = acts[place];
    if (now === act) continue;
    if (act.ended || !now?.ended || now.content !== act.content) return undefined;
    ended.push(now);
  }
  return { added: acts.slice(before.length), ended };
}

/** An act of the same message in a slot of another name that nobody was told of, and that says what a notice said. */
function sayingTheSame(
  notice: ToldNotice,
  untold: readonly Act[],
  taken: ReadonlyMap<string, ToldNotice>,
): Act | undefined {
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
    // The party has it by the name and of the person that it was told by, and knows no other: it is taken back under those.
    const isAsTold = act?.slot === slot && isSaidBy(act.content, notice);
    const label = isAsTold ? protection : strictest(protection, act?.content.person.protection);
    const taken = isAsTold ? act : actOf(notice);
    const labelled = label && { protection: label };
    this.#byKey.set(key, { kind, recipient, slot, statedBy, key, sent, of, act: taken, ...labelled });
  }

  /** What was told last is taken back first, so that no notice outlives the INS that it rests on. */
  latestFirst(): Withdrawal[] {
    return [...this.#byKey.values()].reverse();
  }
}
