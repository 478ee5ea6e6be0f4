import type { Instant } from '#libs/domain';
import type { ToldCases } from '../told-cases.ts';

const EVERY_MILLIS = 2000;
/** What is read for a page is a little older than the page; a change of these moments is told once too often. */
const MARGIN_MILLIS = 5000;

/** Whose news a page shows: a party's, or those of one stay alone. */
interface Listened {
  readonly party: string;
  readonly stay?: string | undefined;
}

/**
 * Tells open pages of a party that something has changed for it, or in one of its cases. One question to the database every two
 * seconds for each party, and each case, that has pages open, however many these are; none for the others.
 */
export class News {
  readonly #cases: Pick<ToldCases, 'lastChange'>;
  readonly #watched = new Map<string, Watched>();

  constructor(cases: Pick<ToldCases, 'lastChange'>) {
    this.#cases = cases;
  }

  /**
   * Calls `tell` whenever something changes for the party, or in the one stay of it, and once for all that has changed since.
   * @param since when the page was made, by the hub's clock
   * @returns ends it
   */
  listen({ party, stay }: Listened, since: Instant, tell: () => void): () => void {
    const key = `${party} ${stay ?? ''}`;
    const watched = this.#watched.get(key) ?? this.#watch(key, () => this.#cases.lastChange(party, stay));
    const listener = { tell, told: since - MARGIN_MILLIS };
    watched.listeners.add(listener);
    return () => {
      watched.listeners.delete(listener);
      if (watched.listeners.size > 0) return;
      clearInterval(watched.timer);
      this.#watched.delete(key);
    };
  }

  close(): void {
    for (const { timer } of this.#watched.values()) clearInterval(timer);
    this.#watched.clear();
  }

  #watch(key: string, lastChange: () => Promise<Instant>): Watched {
    const listeners = new Set<Listener>();
    const look = async (): Promise<void> => {
      const latest = await lastChange().catch(() => undefined);
      if (latest === undefined) return;
      for (const listener of listeners) {
        if (latest > listener.told) listener.tell();
        listener.told = Math.max(latest, listener.told);
      }
    };
    const watched = { listeners, timer: setInterval(() => void look(), EVERY_MILLIS) };
    watched.timer.unref();
    this.#watched.set(key, watched);
    void look();
    return watched;
  }
}

interface Listener {
  readonly tell: () => void;
  /** Up to when it knows of every change. */
  told: Instant;
}

interface Watched {
  readonly listeners: Set<Listener>;
  readonly timer: NodeJS.Timeout;
}
