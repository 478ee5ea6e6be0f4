import type { Identity, IdentityType } from '#libs/domain';
import type { WardWords } from '#libs/fhir';
import {
  hasStockholmCheckDigit,
  hasStockholmForm,
  isLmaNumber,
  nationalReserveNumber,
  readPersonalNumber,
  shapeOf,
  type FaultName,
} from '#libs/platform';
import type { Findings } from '../findings.ts';

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
/** Reserve numbers of other regions (SE-20), whose patients bring them; DEC-35. */
const OTHER_REGIONS =
  /^urn:oid:1\.2\.752\.(?:113\.11\.0\.2\.1\.1\.1|74\.9\.[2-9]|219\.1\.10\.10\.1|266\.1\.1\.[12]|129\.2\.1\.3\.2)$/;
const OPEN = '9999-12-31';

/**
 * The identities of a FHIR Patient, by system and never by position, the one that counts first: in force on the day of
 * sending, then by type, then the later beginning (DEC-35). One that is wrong counts as not stated; of two personal numbers
 * in force neither does. Nothing left rejects the message (SAL-1).
 * @param today local date of sending
 */
export function checkedIdentities(stated: WardWords['identities'], today: string, findings: Findings): Identity[] {
  const wrong: [FaultName, string][] = [];
  const kept = new Map<string, Identity>();
  for (const { identity, place } of stated) {
    const checked = check(identity);
    if (typeof checked === 'string') wrong.push([checked, `${place}.value`]);
    else kept.set(`${checked.system}|${checked.value}`, checked);
  }
  const inForce = ({ from = '', to = OPEN }: Identity) => from <= today && today <= to;
  const numbers = [...kept.values()].filter((one) => one.type === 'personnummer' && inForce(one));
  const place = stated[0]?.place ?? 'Bundle.entry.resource.ofType(Patient).identifier';
  if (numbers.length > 1) wrong.push(['identities-differ', place]);
  const all = [...kept.values()].filter((one) => numbers.length < 2 || !numbers.includes(one));
  for (const [name, where] of wrong) {
    if (all.length > 0) findings.unstated(name, where);
    else findings.reject(name, where);
  }
  if (all.length === 0 && wrong.length === 0) findings.reject('no-patient-identity', place);
  return all.sort(
    (a, b) =>
      Number(inForce(b)) - Number(inForce(a)) ||
      PREFERENCE.indexOf(a.type) - PREFERENCE.indexOf(b.type) ||
      (b.from ?? '').localeCompare(a.from ?? ''),
  );
}

/** A number as its register writes it, or why it cannot be one. A number of no register that we know is its issuer's alone. */
function check(identity: Identity): Identity | FaultName {
  const { type, system, value } = identity;
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
