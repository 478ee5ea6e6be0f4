import type { IdMaker } from '#libs/platform';

const MOST_REMEMBERED = 10_000;

/**
 * Finds the sender behind a notice's opaque reply address (rules 12.4: a recipient learns neither hospital nor ward,
 * so the address says nothing by itself): each sender's address for the stay is made anew and compared.
 */
export class SenderFinder {
  readonly #ids: Pick<IdMaker, 'replyAddress'>;
  readonly #senders: () => readonly string[];
  readonly #known = new Map<string, string>();

  /** @param senders ids of all agreements, as the county has them at each call */
  constructor(ids: Pick<IdMaker, 'replyAddress'>, senders: () => readonly string[]) {
    this.#ids = ids;
    this.#senders = senders;
  }

  /** @returns the agreement's id; undefined when no agreement of the county has that address */
  senderOf(replyAddress: string, stayId: string): string | undefined {
    const known = this.#known.get(replyAddress);
    if (known !== undefined) return known;
    const sender = this.#senders().find((one) => this.#ids.replyAddress(one, stayId) === replyAddress);
    // A stay has a handful of notices close in time: forgetting all now and then is cheap, and memory stays bounded.
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    // A sender that has no agreement yet may have one tomorrow.
    if (sender !== undefined) this.#known.set(replyAddress, sender);
    return sender;
  }
}
