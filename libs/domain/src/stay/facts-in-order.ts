import { insertInOrder, placesUpTo } from '../events/order.ts';
import type { FactInForce } from './facts.ts';

/** A fact that holds, and the key by which it has its place: of one time it is the word that first stated it. */
export interface PlacedFact<Key> {
  readonly fact: FactInForce;
  readonly key: Key;
}

type Compare<Key> = (a: PlacedFact<Key>, b: PlacedFact<Key>) => number;

/** Facts in their order as they come and go, each put in its place without a look at the others. */
export class FactsInOrder<Key> {
  readonly #compare: Compare<Key>;
  readonly #all: PlacedFact<Key>[] = [];
  #list: readonly FactInForce[] | undefined;

  /** @param compare of every two facts: never 0 */
  constructor(compare: Compare<Key>) {
    this.#compare = compare;
  }

  put(placed: PlacedFact<Key>): void {
    insertInOrder(this.#all, placed, this.#compare);
    this.#list = undefined;
  }

  /** Takes out one that was put in. */
  drop(placed: PlacedFact<Key>): void {
    this.#all.splice(placesUpTo(this.#all, placed, this.#compare) - 1, 1);
    this.#list = undefined;
  }

  get last(): PlacedFact<Key> | undefined {
    return this.#all.at(-1);
  }

  /** The first that stands after a place; of all where there is none. */
  after(place: PlacedFact<Key> | undefined): FactInForce | undefined {
    return this.#all[place ? placesUpTo(this.#all, place, this.#compare) : 0]?.fact;
  }

  /** Oldest first. The same list as long as the facts are the same. */
  list(): readonly FactInForce[] {
    return (this.#list ??= this.#all.map(({ fact }) => fact));
  }
}

/** What is asked of the facts of one code. */
export interface StatedRuns {
  readonly latest: FactInForce | undefined;
  /** Some were said of a stay that was joined to this one. */
  readonly isJoined: boolean;
  /** The first fact of the run that still holds, of one of the values that are asked for. */
  startOf(value: string): FactInForce | undefined;
  /** Oldest first. */
  list(): readonly FactInForce[];
}

/**
 * Facts of one code, of which it is asked since when a value has been stated without a break. A stay may have been assessed thousands
 * of times: that it is one time more costs no look at the others.
 */
export class FactRuns<Key> implements StatedRuns {
  readonly #all: FactsInOrder<Key>;
  /** By value the facts that do not have it, which are where its runs end. */
  readonly #breaks: ReadonlyMap<string, FactsInOrder<Key>>;
  #joined = 0;

  constructor(compare: Compare<Key>, values: readonly string[]) {
    this.#all = new FactsInOrder(compare);
    this.#breaks = new Map(values.map((value) => [value, new FactsInOrder(compare)]));
  }

  put(placed: PlacedFact<Key>): void {
    this.#all.put(placed);
    if (placed.fact.joined) this.#joined += 1;
    for (const [value, breaks] of this.#breaks) if (!placed.fact.values.includes(value)) breaks.put(placed);
  }

  /** Takes out one that was put in. */
  drop(placed: PlacedFact<Key>): void {
    this.#all.drop(placed);
    if (placed.fact.joined) this.#joined -= 1;
    for (const [value, breaks] of this.#breaks) if (!placed.fact.values.includes(value)) breaks.drop(placed);
  }

  get latest(): FactInForce | undefined {
    return this.#all.last?.fact;
  }

  get isJoined(): boolean {
    return this.#joined > 0;
  }

  startOf(value: string): FactInForce | undefined {
    return this.#all.after(this.#breaks.get(value)?.last);
  }

  list(): readonly FactInForce[] {
    return this.#all.list();
  }
}
