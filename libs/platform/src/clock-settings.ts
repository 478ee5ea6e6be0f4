import type { Instant } from '#libs/domain';
import type { SettingsReader } from './settings-reader.ts';
import { join } from 'node:path';
import { openDrivenClock, systemClock, type DrivenClock, type Clock } from './clock.ts';

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
