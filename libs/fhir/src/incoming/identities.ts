import { compareIdentities, isInForce, LONGEST_IDENTITY, MOST_IDENTITIES, type Identity } from '#libs/domain';
import {
  hasStockholmCheckDigit,
  hasStockholmForm,
  isLmaNumber,
  nationalReserveNumber,
  readPersonalNumber,
  shapeOf,
} from '#libs/platform';
import type { IncomingRule, Report } from './element.ts';

/** An identity as a message states it, and where. */
export interface PlacedIdentity {
  readonly identity: Identity;
  readonly place: string;
}

/** Identities that can be kept apart, the one that counts first. */
export type CheckedIdentities = readonly [Identity, ...Identity[]];

/** Reserve numbers of other regions (SE-20), whose patients bring them; DEC-35. */
const OTHER_REGIONS =
  /^urn:oid:1\.2\.752\.(?:113\.11\.0\.2\.1\.1\.1|74\.9\.[2-9]|219\.1\.10\.10\.1|266\.1\.1\.[12]|129\.2\.1\.3\.2)$/;

/**
 * The identities of a FHIR Patient, by system and never by position, the one that counts first: in force on the day of
 * sending, then by type, then the later beginning (DEC-35). One that is wrong counts as not stated; of two personal numbers
 * in force neither does. Nothing left refuses the message (SAL-1): it is found out where a message is read, so that the front
 * door, the translator and a check cannot say three things of it.
 * @param today local date of sending: what the message says decides alone, and so for ever alike
 * @returns undefined when the message is refused
 */
export function checkedIdentities(
  stated: readonly PlacedIdentity[],
  today: string,
  report: Report,
): CheckedIdentities | undefined {
  const wrong: [IncomingRule, string][] = [];
  const kept = new Map<string, Identity>();
  for (const { identity, place } of stated) {
    const checked = check(identity);
    if (typeof checked === 'string') wrong.push([checked, `${place}.value`]);
    else kept.set(`${checked.system}|${checked.value}`, checked);
  }
  const numbers = new Set([...kept.values()].filter((one) => one.type === 'personnummer' && isInForce(one, today)));
  const place = stated[0]?.place ?? 'Bundle.entry.resource.ofType(Patient).identifier';
  if (numbers.size > 1) wrong.push(['identities-differ', place]);
  const [first, ...rest] = [...kept.values()]
    .filter((one) => numbers.size < 2 || !numbers.has(one))
    .sort((a, b) => compareIdentities(a, b, today));
  for (const [rule, where] of wrong) {
    if (first === undefined) report.refuse(rule, where);
    else report.find('unstated', rule, where);
  }
  if (rest.length >= MOST_IDENTITIES) report.find('flagged', 'more-identities', place);
  if (first !== undefined) return [first, ...rest.slice(0, MOST_IDENTITIES - 1)];
  if (wrong.length === 0) report.refuse('no-patient-identity', place);
  return undefined;
}

/** A number as its register writes it, or why it cannot be one. A number of no register that we know is its issuer's alone. */
function check(identity: Identity): Identity | IncomingRule {
  const { type, system, value } = identity;
  if (value.length > LONGEST_IDENTITY || system.length > LONGEST_IDENTITY) return 'bad-identity';
  if (OTHER_REGIONS.test(system)) return { ...identity, type: 'reservnummer-region' };
  switch (type) {
    case 'personnummer':
    case 'samordningsnummer': {
      const shape = shapeOf(value);
      if (shape === undefined) return 'bad-identity';
      const number = readPersonalNumber(shape, { birthDate: undefined, yearSent: 0 });
      if (typeof number === 'string') return number;
      return number.type === type ? { ...identity, value: number.value } : 'bad-identity';
    }
    case 'nationelltReservnummer': {
      const number = nationalReserveNumber(value);
      return number === undefined ? 'bad-identity' : { ...identity, value: number };
    }
    case 'reservnummer-stockholm':
      if (!hasStockholmForm(value)) return 'bad-identity';
      return hasStockholmCheckDigit(value) ? identity : 'wrong-check-digit';
    case 'LMA-nummer':
      return isLmaNumber(value) ? identity : 'bad-identity';
    default:
      return identity;
  }
}
