/** What a reader answers when a record is not what its topic promises. It names the place, never what stood there. */
export interface Unreadable {
  readonly unreadable: string;
}

/** True when a reader could not read. */
export function isUnreadable(value: object): value is Unreadable {
  return 'unreadable' in value;
}

/** Thrown inside a reader only; {@link reading} turns it into a value. */
class Missing extends Error {}

/** Stops a reader at a place that has to be there. */
export function missing(place: string): never {
  throw new Missing(place);
}

/** The value, or the reader stops at the named place. */
export function required<T>(value: T | undefined, place: string): T {
  return value === undefined ? missing(place) : value;
}

/**
 * Makes a reader total. Anything may lie on a topic: a shape that nobody foresaw must become a value too, since a throw
 * would stop the partition for everyone behind it (architecture 2.9).
 */
export function reading<T extends object>(what: string, read: () => T): T | Unreadable {
  try {
    return read();
  } catch (error) {
    return { unreadable: error instanceof Missing ? `${what}: ${error.message}` : `${what}: shape` };
  }
}
