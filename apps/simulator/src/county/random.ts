/**
 * Chance with a memory: the same seed gives the same draws, on every machine (sfc32 seeded by splitmix32). `Math.random`
 * would make a county that nobody can play again.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  /** @param seed any text; every distinct text is a distinct sequence in practice */
  constructor(seed: string) {
    let state = 0x9e3779b9;
    for (const char of seed) state = mixed((state ^ (char.codePointAt(0) ?? 0)) + 0x9e3779b9);
    this.#a = mixed(state + 1);
    this.#b = mixed(state + 2);
    this.#c = mixed(state + 3);
    for (let round = 0; round < 12; round++) this.#next();
  }

  #next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number {
    return from + Math.floor((this.#next() / 4_294_967_296) * (to - from + 1));
  }

  /** True with a probability of 0 to 1. */
  chance(probability: number): boolean {
    return this.#next() / 4_294_967_296 < probability;
  }

  /** One of the values. @throws when there are none: a scenario without a choice is a bug of the catalogue */
  pick<T>(values: readonly T[]): T {
    const drawn = this.int(0, values.length - 1);
    for (const [n, value] of values.entries()) if (n === drawn) return value;
    throw new Error('nothing to pick from');
  }

  /** The values in another order; the list given stays as it is. */
  shuffled<T>(values: readonly T[]): T[] {
    const cards = [...values];
    for (let last = cards.length - 1; last > 0; last--) {
      const other = this.int(0, last);
      const [a, b] = [cards[last], cards[other]];
      if (a === undefined || b === undefined) continue;
      cards[last] = b;
      cards[other] = a;
    }
    return cards;
  }
}

function mixed(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) | 0;
}
