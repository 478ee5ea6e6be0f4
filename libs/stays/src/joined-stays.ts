import { inItsStay, joinedStays, type Home, type PersonEvent, type StayEvent } from '#libs/domain';
import type { StayRow } from './stay-store.ts';

/**
 * Which of the stays of a batch the operator has joined to another, as their rows have it and as the words of the batch change
 * it. What the rows say is enough for a message: it need not be known by which word, or of which person, it was said.
 */
export class JoinedInBatch {
  readonly #homes: Map<string, Home>;
  readonly #changed = new Set<string>();

  /** @param rows of the locked stays */
  constructor(rows: Iterable<StayRow> = []) {
    this.#homes = new Map(
      [...rows].flatMap(({ stay_id: stay, joined_into: into, joined_at: since }) =>
        into === null || since === null ? [] : [[stay, { into, since }] as const],
      ),
    );
  }

  /** The event as one of the stay that it is of. */
  readonly inItsStay = (event: StayEvent): StayEvent =>
    this.#homes.size === 0 && event.joined === undefined ? event : inItsStay(event, this.#homes);

  /** True of a stay that is another one now. */
  givesWay(stayId: string): boolean {
    return this.#homes.has(stayId);
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
      const home = joined.get(says.from);
      const before = this.#homes.get(says.from);
      if (before?.into === home?.into && before?.since === home?.since) continue;
      if (home) this.#homes.set(says.from, home);
      else this.#homes.delete(says.from);
      this.#changed.add(says.from);
      isOther = true;
    }
    return isOther;
  }

  /** What has to be written back. */
  changes(): (readonly [stay: string, home: Home | undefined])[] {
    return [...this.#changed].map((stay) => [stay, this.#homes.get(stay)] as const);
  }
}
