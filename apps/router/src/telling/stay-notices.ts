import type { NoticeKind, PartyId } from '#libs/domain';
import type { ToldNotice } from './told-notices.ts';

/** Of a notice without its act. */
const ROW_BYTES = 500;

/**
 * All that was told of one stay, in the order of telling. What a new delivery needs to know of it is answered without a look
 * at all of them: a stay of which thousands of notices were told costs what one with a few does.
 */
export class StayNotices {
  /** By delivery id. */
  readonly #byId = new Map<string, ToldNotice>();
  /** Delivery ids, in the order of telling: of all, of each act, and of each slot of a recipient. */
  readonly #order: string[] = [];
  readonly #ofAct = new Map<string, string[]>();
  readonly #ofSlot = new Map<string, string[]>();
  /** Recipient -> how many notices and withdrawals it was sent. */
  readonly #sent = new Map<PartyId, number>();
  readonly #withdrawals = new Set<string>();
  #bytes = 0;
  /** The latest of each kind to each recipient. */
  readonly #latest = new Map<string, string>();

  constructor(notices: Iterable<ToldNotice> = []) {
    for (const notice of notices) this.put(notice);
  }

  get size(): number {
    return this.#byId.size;
  }

  /** About how long all of it is as text. */
  get bytes(): number {
    return this.#bytes;
  }

  get(id: string): ToldNotice | undefined {
    return this.#byId.get(id);
  }

  all(): ToldNotice[] {
    return [...this.#byId.values()];
  }

  /** Puts in a notice that was told last, or one that is known and has been withdrawn. */
  put(notice: ToldNotice): void {
    const { id, actKey, kind, recipient, slot, withdrawn } = notice;
    if (!this.#byId.has(id)) {
      this.#order.push(id);
      this.#bytes += notice.act.length + ROW_BYTES;
      append(this.#ofAct, actKey, id);
      append(this.#ofSlot, slotKey(recipient, slot), id);
      this.#latest.set(latestKey(kind, recipient), id);
      this.#count(recipient);
    }
    this.#byId.set(id, notice);
    if (withdrawn === undefined || this.#withdrawals.has(withdrawn.by)) return;
    this.#withdrawals.add(withdrawn.by);
    this.#count(recipient);
  }

  /** How often an act was told. */
  timesTold(actKey: string): number {
    return this.#ofAct.get(actKey)?.length ?? 0;
  }

  /** The latest notice of an act that was not withdrawn. */
  standing(actKey: string): ToldNotice | undefined {
    return this.#known(this.#ofAct.get(actKey) ?? []).findLast(({ withdrawn }) => !withdrawn);
  }

  /** The latest notices of a slot to a recipient. @param most how many */
  latestOfSlot(recipient: PartyId, slot: string, most: number): ToldNotice[] {
    return this.#known((this.#ofSlot.get(slotKey(recipient, slot)) ?? []).slice(-most));
  }

  /** The latest notices of all, and the latest of each kind to each recipient: who was told of what is always among them. */
  latest(most: number): ToldNotice[] {
    if (this.size <= most) return this.all();
    const ids = new Set([...this.#latest.values(), ...this.#order.slice(-most)]);
    return this.#known(ids).sort((a, b) => a.ordinal - b.ordinal);
  }

  /** True when something was withdrawn by a delivery of this id. */
  isWithdrawal(id: string): boolean {
    return this.#withdrawals.has(id);
  }

  /** How many messages on the stay a recipient was sent. */
  sentTo(recipient: PartyId): number {
    return this.#sent.get(recipient) ?? 0;
  }

  #count(recipient: PartyId): void {
    this.#sent.set(recipient, this.sentTo(recipient) + 1);
  }

  #known(ids: Iterable<string>): ToldNotice[] {
    return [...ids].flatMap((id) => this.#byId.get(id) ?? []);
  }
}

function append(lists: Map<string, string[]>, key: string, id: string): void {
  const list = lists.get(key);
  if (list) list.push(id);
  else lists.set(key, [id]);
}

function slotKey(recipient: PartyId, slot: string): string {
  return `${recipient}|${slot}`;
}

function latestKey(kind: NoticeKind, recipient: PartyId): string {
  return `${kind}|${recipient}`;
}
