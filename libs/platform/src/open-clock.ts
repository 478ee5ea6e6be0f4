import { join } from 'node:path';
import { openDrivenClock, systemClock, type DrivenClock, type Clock } from './clock.ts';
import type { Configuration } from './configuration.ts';

/** The clock that the configuration asks for; a driven one is kept in `<state>/clock.json` (contract 3). */
export function openClock({ clock, stateDir }: Pick<Configuration, 'clock' | 'stateDir'>): Clock | DrivenClock {
  return clock.kind === 'system' ? systemClock() : openDrivenClock(join(stateDir, 'clock.json'), clock.start);
}
