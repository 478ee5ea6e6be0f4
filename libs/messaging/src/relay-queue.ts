/** The lanes of one pass. */
export interface Turn {
  lanes: readonly number[];
  alone: boolean;
}

/**
 * Which lanes the relay sends next. States of a lane: quiet; dirty (something was committed, or more is left); running (in one pass); running and
 * dirty. Beside that it goes together with others, or alone.
 *
 * quiet -> dirty, running -> running and dirty: a kick. dirty -> running: a pass is free; one pass takes all that are dirty and go together.
 * running -> dirty: kicked meanwhile, or the pass left some. running -> quiet: the pass emptied it, or another process has it.
 * together -> alone: its pass failed. A lane whose partition has no leader would otherwise fail the others with it, again and again.
 * alone -> together: a pass of its own got the lane and succeeded.
 *
 * A lane is in one pass at a time: two passes would send its rows twice. One pass at most is of a lane alone, if there may be several:
 * each such pass may wait for Kafka until its deadline, and the others flow past it.
 */
export class RelayQueue {
  readonly #passesAtOnce: number;
  readonly #lanesPerPass: number;
  /** In the order in which they became dirty, so that none starves. */
  readonly #dirty = new Set<number>();
  readonly #running = new Set<number>();
  readonly #alone = new Set<number>();
  readonly #turns = new Set<Turn>();

  constructor(passesAtOnce: number, lanesPerPass = 100) {
    this.#passesAtOnce = passesAtOnce;
    this.#lanesPerPass = lanesPerPass;
  }

  add(lanes: Iterable<number>): void {
    for (const lane of lanes) this.#dirty.add(lane);
  }

  /** Out: the next pass, which then runs until `succeeded` or `failed`; undefined when there is none to begin now. */
  next(): Turn | undefined {
    if (this.#turns.size >= this.#passesAtOnce) return undefined;
    const aloneToo = this.#passesAtOnce === 1 || ![...this.#turns].some(({ alone }) => alone);
    const ready = [...this.#dirty].filter((lane) => !this.#running.has(lane) && (aloneToo || !this.#alone.has(lane)));
    const [first] = ready;
    if (first === undefined) return undefined;
    const alone = this.#alone.has(first);
    const together = ready.filter((lane) => !this.#alone.has(lane)).slice(0, this.#lanesPerPass);
    return this.#begin({ lanes: alone ? [first] : together, alone });
  }

  /** In: the pass, the lanes that it got (another process may have the rest), and those of which it left rows. */
  succeeded(turn: Turn, taken: readonly number[], more: readonly number[]): void {
    this.#end(turn);
    for (const lane of taken) this.#alone.delete(lane);
    this.add(more);
  }

  /** Nothing was deleted. The caller adds the lanes again after a while. */
  failed(turn: Turn): void {
    this.#end(turn);
    for (const lane of turn.lanes) this.#alone.add(lane);
  }

  #begin(turn: Turn): Turn {
    this.#turns.add(turn);
    for (const lane of turn.lanes) {
      this.#dirty.delete(lane);
      this.#running.add(lane);
    }
    return turn;
  }

  #end(turn: Turn): void {
    this.#turns.delete(turn);
    for (const lane of turn.lanes) this.#running.delete(lane);
  }
}
