/** What this needs to know of a connection. Times are of the process's own clock (`performance.now`). */
export interface OpenConnection {
  /** It has sent a message that the hub takes under an agreement. */
  readonly recognised: boolean;
  /** When the last bytes came, or the connection itself. */
  readonly heardAt: number;
  /** When its unfinished frame began; undefined between frames. */
  readonly frameSince: number | undefined;
  readonly gatheredBytes: number;
  /** Ends it at once; what it has gathered is told as let go of before this returns. */
  destroy(): void;
}

export interface OpenConnectionsOptions {
  readonly most: number;
  /** Of the unfinished frames of all connections together. */
  readonly mostGatheredBytes: number;
  /** Told for each connection that was ended, or refused, for the sake of the others. */
  readonly onEnded: (kind: 'too-many' | 'gathered') => void;
}

/**
 * Bounds what all connections together take: 1 500 of them with a megabyte of an unfinished frame each once held 1.75 GB.
 * Beyond a bound one is ended, and the choice must not fall on a sender at work: first those whose messages no agreement
 * knows, and of these the one that has been silent longest (of connections) or began its frame first (of gathered bytes),
 * because a sender at work ends a frame within milliseconds.
 */
export class OpenConnections<C extends OpenConnection> implements Iterable<C> {
  readonly #options: OpenConnectionsOptions;
  readonly #all = new Set<C>();
  #gatheredBytes = 0;

  constructor(options: OpenConnectionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): Iterator<C> {
    return this.#all.values();
  }

  /** Makes room for one more; false when all are known senders, so that the newcomer has to go. */
  makeRoom(): boolean {
    if (this.#all.size < this.#options.most) return true;
    this.#options.onEnded('too-many');
    const strangers = [...this.#all].filter(({ recognised }) => !recognised);
    const first = least(strangers, ({ heardAt }) => heardAt);
    if (first === undefined) return false;
    this.#end(first);
    return true;
  }

  add(connection: C): void {
    this.#all.add(connection);
  }

  delete(connection: C): void {
    this.#all.delete(connection);
  }

  /** Counts what connections gather and let go of, and ends some while it is too much. */
  gathered(change: number): void {
    this.#gatheredBytes += change;
    if (change <= 0) return;
    while (this.#gatheredBytes > this.#options.mostGatheredBytes) {
      const open = [...this.#all].filter(({ gatheredBytes }) => gatheredBytes > 0);
      const strangers = open.filter(({ recognised }) => !recognised);
      const first = least(strangers.length > 0 ? strangers : open, ({ frameSince }) => frameSince ?? Infinity);
      if (first === undefined) return;
      this.#options.onEnded('gathered');
      this.#end(first);
    }
  }

  #end(connection: C): void {
    this.#all.delete(connection);
    connection.destroy();
  }
}

function least<T>(list: readonly T[], measure: (item: T) => number): T | undefined {
  return list.reduce<T | undefined>(
    (found, item) => (found === undefined || measure(item) < measure(found) ? item : found),
    undefined,
  );
}
