import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '#libs/domain';
import { writeDurably } from './durable-file.ts';
import { fault, type Fault } from './errors.ts';
import type { SettingsReader } from './settings-reader.ts';

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

export type ClockSettings = { readonly kind: 'system' } | { readonly kind: 'driven'; readonly start?: Instant };

/** The clock (contract 1): a driven one is refused in production, a start without one everywhere. */
export function readClock(
  reader: SettingsReader,
  given: ClockSettings | undefined,
  production: boolean,
): ClockSettings {
  const kind = reader.choice('BRYGGAN_CLOCK', ['system', 'driven'], 'system');
  const start = reader.value('BRYGGAN_CLOCK_START', START_RULE, instant, undefined);
  const stated = start === undefined ? { kind } : { kind, start };
  const clock = given ?? stated;
  if (production && clock.kind === 'driven') {
    reader.problem('BRYGGAN_CLOCK', { sv: 'får inte vara driven i produktion', en: 'may not be driven in production' });
  }
  if (given === undefined && kind === 'system' && start !== undefined) {
    reader.problem('BRYGGAN_CLOCK_START', { sv: 'kräver BRYGGAN_CLOCK=driven', en: 'needs BRYGGAN_CLOCK=driven' });
  }
  return clock.kind === 'system' ? { kind: 'system' } : clock;
}

const START_RULE = {
  sv: 'ska vara en tidpunkt som 2026-05-10T14:30:00+02:00',
  en: 'must be an instant such as 2026-05-10T14:30:00+02:00',
};

function instant(text: string): Instant | undefined {
  const value = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  return Number.isNaN(value) ? undefined : value;
}

/** The clock that the configuration asks for; a driven one is kept in `<state>/clock.json` (contract 3). */
export function openClock({
  clock,
  stateDir,
}: {
  readonly clock: ClockSettings;
  readonly stateDir: string;
}): Clock | DrivenClock {
  return clock.kind === 'system' ? systemClock() : openDrivenClock(join(stateDir, 'clock.json'), clock.start);
}
