import type { Instant } from '#libs/domain';
import type { PagesDatabase } from '../pages-schema.ts';
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

/** Until when a unit has looked at its cases: what changed later is new to it. One mark for the unit, not for each person. */
export class SeenCases {
  readonly #database: PagesDatabase;

  constructor(database: PagesDatabase) {
    this.#database = database;
  }

  /** When each of some stays was last opened by the unit; one never opened is not among them. */
  async of(unit: string, stayIds: readonly string[]): Promise<Map<string, Instant>> {
    const rows = await this.#database.rows<{ stay_id: string; at: string }>(
      'select stay_id, at from seen where unit = $1 and stay_id = any($2)',
      [unit, stayIds],
    );
    return new Map(rows.map(({ stay_id, at }) => [stay_id, Number(at)]));
  }

  /** @param changedAt the latest change that the page showed: what came while it was read stays new */
  async mark(unit: string, stayId: string, changedAt: Instant): Promise<void> {
    await this.#database.rows(
      `insert into seen (unit, stay_id, at) values ($1, $2, $3)
       on conflict (unit, stay_id) do update set at = greatest(seen.at, excluded.at)`,
      [unit, stayId, changedAt],
    );
  }
}
