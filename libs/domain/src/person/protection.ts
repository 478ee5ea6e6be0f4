import type { Protection } from '../events/statements.ts';

/** Of two protections the one that is handled more strictly: a kind that is known says more than `unknown`. */
export function strictest(known: Protection | undefined, stated: Protection | undefined): Protection | undefined {
  return known === undefined || known === 'unknown' ? (stated ?? known) : known;
}
