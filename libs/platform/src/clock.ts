import { existsSync, readFileSync } from 'node:fs';
import type { Instant } from '#libs/domain';
import { fault, type Fault } from './fault.ts';
import { writeDurably } from './durable-file.ts';

/** The hub's clock: domain timers and intake times read it, machine matters never do (architecture 7). */
export interface Clock {
  now(): Instant;
  readonly driven: boolean;
}

/** The machine's own clock. */
export function systemClock(): Clock {
  return { now: () => Date.now(), driven: false };
}

/**
 * A clock that stands still until it is set (contract 3). Its value is on disk before anyone can see it: a start after
 * a crash must never show an earlier time than one that was used to judge.
 */
export class DrivenClock implements Clock {
  readonly driven = true;
  readonly #file: string;
  readonly #listeners = new Set<(now: Instant) => void>();
  #now: Instant;

  constructor(file: string, now: Instant) {
    this.#file = file;
    this.#now = now;
    this.#store(now);
  }

  now(): Instant {
    return this.#now;
  }

  /** Sets the clock to an instant (ms). Gives `clock-backwards` when it lies before the present one; the same is no change. */
  set(to: Instant): Fault | undefined {
    if (!Number.isSafeInteger(to)) return fault('bad-instant', 'to');
    if (to < this.#now) return fault('clock-backwards', 'to');
    if (to === this.#now) return undefined;
    this.#store(to);
    this.#now = to;
    for (const listener of [...this.#listeners]) listener(to);
    return undefined;
  }

  /** Calls back after each change; the answer ends it. */
  onChange(listener: (now: Instant) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #store(now: Instant): void {
    writeDurably(this.#file, `${JSON.stringify({ now: new Date(now).toISOString() })}\n`);
  }
}

/** Opens the driven clock kept in `file`: the later of the stored value and `start`, else the machine's present time. */
export function openDrivenClock(file: string, start?: Instant): DrivenClock {
  const stored = storedInstant(file);
  const known = [stored, start].filter((instant) => instant !== undefined);
  return new DrivenClock(file, known.length > 0 ? Math.max(...known) : Date.now());
}

function storedInstant(file: string): Instant | undefined {
  if (!existsSync(file)) return undefined;
  const stored: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const text = typeof stored === 'object' && stored !== null && 'now' in stored ? stored.now : undefined;
  const instant = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  // Guessing a time here could judge a stay too early: better not to start.
  if (Number.isNaN(instant)) throw new Error(`${file} holds no instant; remove it to start the driven clock anew`);
  return instant;
}
