import type { Identity, IdentityType } from '../events/statements.ts';
import { isInForce } from '../routing/party.ts';

/** Which identity the notices carry (standards 2): the first of these types that a message has. */
const PREFERENCE: readonly IdentityType[] = [
  'personnummer',
  'samordningsnummer',
  'nationelltReservnummer',
  'reservnummer-stockholm',
  'reservnummer-region',
  'LMA-nummer',
  'other',
];

/**
 * Compares identities of one person, the one that counts first: in force on the day, then by type, then the later beginning
 * (DEC-35). One rule for every way in, or the same person would be told of by two numbers.
 * @param date local, `YYYY-MM-DD`
 */
export function compareIdentities(a: Identity, b: Identity, date: string): number {
  const byForce = Number(isInForce(b, date)) - Number(isInForce(a, date));
  const byType = PREFERENCE.indexOf(a.type) - PREFERENCE.indexOf(b.type);
  const [begun, other] = [a.from ?? '', b.from ?? ''];
  return byForce || byType || (begun === other ? 0 : begun < other ? 1 : -1);
}
