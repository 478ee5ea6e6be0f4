import { comparePlaces, type Place } from './order-of-time.ts';

/** What was said, and where that stands in the order of time. */
export interface Said<T> {
  readonly value: T;
  readonly place: Place;
}

const later = <T>(before: Said<T> | undefined, value: T, place: Place): Said<T> =>
  before && comparePlaces(before.place, place) >= 0 ? before : { value, place };

/** The latest by time that was said of one thing, in whatever order it is taken. */
export class Latest<T> {
  #said: Said<T> | undefined;

  take(value: T, place: Place): void {
    this.#said = later(this.#said, value, place);
  }

  get value(): T | undefined {
    return this.#said?.value;
  }
}

/** Of each of several things the latest by time. */
export class LatestOfEach<Name, T> {
  readonly #said = new Map<Name, Said<T>>();

  take(name: Name, value: T, place: Place): void {
    this.#said.set(name, later(this.#said.get(name), value, place));
  }

  /** Those that were said, in the order in which they were first taken. */
  entries(): [Name, T][] {
    return [...this.#said].map(([name, { value }]) => [name, value]);
  }
}
