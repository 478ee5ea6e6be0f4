/** What this needs to know of a connection. Times are of the process's own clock (`performance.now`). */
export interface OpenConnection {
  /** Of the peer, as the socket tells it. */
  readonly address: string;
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

/** A stranger that has said nothing for so long makes room for another of its address. */
const SILENT_MILLIS = 10_000;

/** So many connections of an address may end in a second without a message that the hub takes; a probe of the port does so once. */
const FUTILE_PER_SECOND = 25;

export interface OpenConnectionsOptions {
  readonly most: number;
  /** Of one address: a peer that opens connections without end takes none of the others' room. */
  readonly mostOfAddress: number;
  /** Of the unfinished frames of all connections together. */
  readonly mostGatheredBytes: number;
  /** Told for each connection that was ended, or refused, for the sake of the others. */
  readonly onEnded: (kind: 'too-many' | 'too-many-of-address' | 'gathered') => void;
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
  readonly #byAddress = new Map<string, number>();
  /** Connections that closed and were never recognised, by address, in the second that is now. */
  readonly #futile = new Map<string, number>();
  #second = 0;
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

  /**
   * Makes room for one more of an address; false when the newcomer has to go: nobody else may be ended for it. Beyond the limit
   * of its address only strangers of that address go, and only those that have been silent for a while. Who opens connections
   * without end, or opens and closes them, is turned away: that costs far less than to take it in, read it and end another, and
   * a round of the event loop accepts but one, so that all newcomers wait behind it.
   */
  makeRoom(address: string): boolean {
    const { most, mostOfAddress, onEnded } = this.#options;
    if (this.#futileOf(address) >= FUTILE_PER_SECOND) {
      onEnded('too-many-of-address');
      return false;
    }
    if ((this.#byAddress.get(address) ?? 0) >= mostOfAddress) {
      onEnded('too-many-of-address');
      const silentSince = performance.now() - SILENT_MILLIS;
      return this.#endFirst(this.#strangers().filter((one) => one.address === address && one.heardAt < silentSince));
    }
    if (this.#all.size < most) return true;
    onEnded('too-many');
    return this.#endFirst(this.#strangers());
  }

  #futileOf(address: string): number {
    const second = Math.floor(performance.now() / 1000);
    // Forgotten whole when the next second begins, so that it holds no more than a second's addresses.
    if (second !== this.#second) this.#futile.clear();
    this.#second = second;
    return this.#futile.get(address) ?? 0;
  }

  #strangers(): C[] {
    return [...this.#all].filter(({ recognised }) => !recognised);
  }

  /** Ends the one that has been silent longest; false when there is none. */
  #endFirst(connections: readonly C[]): boolean {
    const first = least(connections, ({ heardAt }) => heardAt);
    if (first !== undefined) this.#end(first);
    return first !== undefined;
  }

  add(connection: C): void {
    this.#all.add(connection);
    this.#byAddress.set(connection.address, (this.#byAddress.get(connection.address) ?? 0) + 1);
  }

  delete(connection: C): void {
    if (!this.#all.delete(connection)) return;
    if (!connection.recognised) this.#futile.set(connection.address, this.#futileOf(connection.address) + 1);
    const left = (this.#byAddress.get(connection.address) ?? 1) - 1;
    if (left > 0) this.#byAddress.set(connection.address, left);
    else this.#byAddress.delete(connection.address);
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
    this.delete(connection);
    connection.destroy();
  }
}

function least<T>(list: readonly T[], measure: (item: T) => number): T | undefined {
  return list.reduce<T | undefined>(
    (found, item) => (found === undefined || measure(item) < measure(found) ? item : found),
    undefined,
  );
}
