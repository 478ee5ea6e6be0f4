import type { Instant } from '../county/county-time.ts';
import type { FactLine, FactStatus, Scope } from './ward-message.ts';

interface Timed {
  readonly at?: Instant;
  readonly on?: Instant;
  readonly status?: FactStatus;
}

/** The need that the doctor judged; an empty list is `NONE`: judged, and there is none. */
export function need(scopes: readonly Scope[], timed: Timed = {}): FactLine {
  return { code: 'NEED', value: scopes.length === 0 ? ['NONE'] : scopes, ...timed };
}

/** Consent, for all or for some scopes. */
export function consent(answer: 'Y' | 'N', scopes: readonly Scope[] = [], timed: Timed = {}): FactLine {
  return { code: 'CONSENT', value: [answer], scopes, ...timed };
}

/** Another ground than consent (rules 8.2). */
export function basis(code: string): FactLine {
  return { code: 'BASIS', value: [code] };
}

/** The ward orders the admission notice (agreements with `ins=ordered`): for all, or for some scopes alone. */
export function order(scopes: readonly Scope[] = []): FactLine {
  return { code: 'INS', value: ['Y'], scopes };
}

/** Ready to leave, or not any more. */
export function ready(answer: 'Y' | 'N', timed: Timed = {}): FactLine {
  return { code: 'READY', value: [answer], ...timed };
}

/** Information at discharge; without scopes it is the region's open care that it is for. */
export function info(
  scopes: readonly Scope[],
  text = 'Åter hem. Se över läkemedel & hjälpmedel.',
  timed: Timed = {},
): FactLine {
  return { code: 'INFO', value: [text], scopes, ...timed };
}
