import type { ToldCases } from '../told-cases.ts';

const EVERY_MILLIS = 2000;

/**
 * Tells open pages of a party that something has changed for it. One question to the database every two seconds for each
 * party that has pages open, however many these are; none for the others.
 */
export class News {
  readonly #cases: Pick<ToldCases, 'lastChange'>;
  readonly #parties = new Map<string, Watched>();

  constructor(cases: Pick<ToldCases, 'lastChange'>) {
    this.#cases = cases;
  }

  /** Calls `tell` whenever something changes for the party. @returns ends it */
  listen(party: string, tell: () => void): () => void {
    const watched = this.#parties.get(party) ?? this.#watch(party);
    watched.listeners.add(tell);
    return () => {
      watched.listeners.delete(tell);
      if (watched.listeners.size > 0) return;
      clearInterval(watched.timer);
      this.#parties.delete(party);
    };
  }

  close(): void {
    for (const { timer } of this.#parties.values()) clearInterval(timer);
    this.#parties.clear();
  }

  #watch(party: string): Watched {
    const listeners = new Set<() => void>();
    let last: number | undefined;
    const look = async (): Promise<void> => {
      const latest = await this.#cases.lastChange(party).catch(() => undefined);
      if (latest === undefined) return;
      if (last !== undefined && latest !== last) for (const tell of listeners) tell();
      last = latest;
    };
    const watched = { listeners, timer: setInterval(() => void look(), EVERY_MILLIS) };
    watched.timer.unref();
    this.#parties.set(party, watched);
    void look();
    return watched;
  }
}

interface Watched {
  readonly listeners: Set<() => void>;
  readonly timer: NodeJS.Timeout;
}
