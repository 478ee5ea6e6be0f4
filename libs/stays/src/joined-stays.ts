import { inItsStay, joinedStays, type PersonEvent, type StayEvent } from '#libs/domain';
import type { StayRow } from './stay-store.ts';

/**
 * Which of the stays of a batch the operator has joined to another, as their rows have it and as the words of the batch change
 * it. What the rows say is enough for a message: it need not be known by which word, or of which person, it was said.
 */
export class JoinedInBatch {
  readonly #into: Map<string, string>;
  readonly #changed = new Set<string>();

  /** @param rows of the locked stays */
  constructor(rows: Iterable<StayRow> = []) {
    this.#into = new Map(
      [...rows].flatMap((row) => (row.joined_into === null ? [] : [[row.stay_id, row.joined_into]])),
    );
  }

  /** The event as one of the stay that it is of. */
  readonly inItsStay = (event: StayEvent): StayEvent =>
    this.#into.size === 0 && event.joined === undefined ? event : inItsStay(event, this.#into);

  /** True of a stay that is another one now. */
  givesWay(stayId: string): boolean {
    return this.#into.has(stayId);
  }

  /**
   * Goes by what has been said of persons now.
   * @param said all that is known of the persons of the batch
   * @returns true when that joins stays otherwise than before
   */
  goBy(said: readonly PersonEvent[]): boolean {
    const joined = joinedStays(said);
    let isOther = false;
    for (const { says } of said) {
      if (says.kind !== 'stays-joined') continue;
      const into = joined.get(says.from);
      if (this.#into.get(says.from) === into) continue;
      if (into === undefined) this.#into.delete(says.from);
      else this.#into.set(says.from, into);
      this.#changed.add(says.from);
      isOther = true;
    }
    return isOther;
  }

  /** What has to be written back. */
  changes(): (readonly [stay: string, into: string | undefined])[] {
    return [...this.#changed].map((stay) => [stay, this.#into.get(stay)] as const);
  }
}
