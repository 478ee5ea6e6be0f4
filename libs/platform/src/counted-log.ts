import type { Log, LogFields } from './log.ts';

interface Kind {
  readonly event: string;
  readonly labels: LogFields;
  sums: Record<string, number>;
}

/**
 * One line per interval and kind for what a stranger can cause without end: 4 MB of broken frames once made 124 MB of log.
 * The first of a kind is told at once; those that follow are told together, with their number, when the interval is over.
 * Labels must be of a bounded set, since each combination of them is a kind, kept while it goes on.
 */
export class CountedLog {
  readonly #log: Log;
  readonly #everyMillis: number;
  readonly #kinds = new Map<string, Kind>();
  #timer: NodeJS.Timeout | undefined;

  constructor(log: Log, everyMillis: number) {
    this.#log = log;
    this.#everyMillis = everyMillis;
  }

  /** Counts one of a kind; `sums` are added up over the interval. */
  tell(event: string, labels: LogFields, sums: Readonly<Record<string, number>> = {}): void {
    const key = JSON.stringify([event, labels]);
    const kind = this.#kinds.get(key);
    if (kind !== undefined) {
      kind.sums = added(kind.sums, { count: 1, ...sums });
      return;
    }
    this.#log.info(event, { ...labels, count: 1, ...sums });
    this.#kinds.set(key, { event, labels, sums: {} });
    this.#timer ??= setInterval(() => this.#tellAll(), this.#everyMillis).unref();
  }

  /** Tells what has been counted and not yet told. */
  stop(): void {
    this.#tellAll();
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#kinds.clear();
  }

  #tellAll(): void {
    for (const [key, kind] of this.#kinds) {
      // A kind that was silent for an interval is forgotten: its next one is told at once.
      if (kind.sums['count'] === undefined) this.#kinds.delete(key);
      else this.#log.info(kind.event, { ...kind.labels, ...kind.sums });
      kind.sums = {};
    }
  }
}

function added(sums: Readonly<Record<string, number>>, more: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(more).map(([name, value]) => [name, (sums[name] ?? 0) + value]));
}
