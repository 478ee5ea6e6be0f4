/**
 * The persons of the simulated county: official test numbers and nothing else. Protection sticks to a person, in every stay:
 * those who ever have it are kept apart from the rest.
 */
export interface Person {
  /** Test number, 12 digits; or a number of the hospital's own register. */
  readonly number: string;
  /** Assigning authority of the number (OID); absent: the hospital itself. */
  readonly authority?: string;
  readonly family: string;
  readonly given: string;
  /** HL7 date. Absent for a reserve number: it carries no birth date. */
  readonly born?: string;
  /** Has a registered address. */
  readonly isRegistered: boolean;
}

const PERSONAL_NUMBER = '1.2.752.129.2.1.3.1';
const COORDINATION_NUMBER = '1.2.752.129.2.1.3.3';
const STOCKHOLM_RESERVE_NUMBER = '1.2.752.97.3.1.3';

const person = (number: string, family: string, given: string): Person => ({
  number,
  authority: PERSONAL_NUMBER,
  family,
  given,
  born: number.slice(0, 8),
  isRegistered: true,
});

/** A person of whom a hospital knows only the number that it gave: nobody else has it, so this one has one stay alone. */
export function knownHereOnly(number: string, born?: string): Person {
  const named = { number: `LOKAL-${number}`, family: 'Testsson', given: 'Okänd', isRegistered: true };
  return { ...named, ...(born !== undefined && { born }) };
}

/** Registered persons who are never protected. */
export const REGISTERED: readonly Person[] = [
  person('191212121212', 'Tolvansson', 'Tolvan'),
  person('196101182803', 'Åberg', 'Ett'),
  person('189002029800', 'Östman', 'Två'),
  person('189602029812', 'Testsson', 'Fem'),
];

/** How many stays of a county there are to a person: few enough for a life, and enough that many stays meet another of theirs. */
const STAYS_TO_A_PERSON = 10;

/**
 * Who lives in a county of so many stays: the persons above, and of the tax agency's test numbers one for each ten stays more.
 * A few persons with thousands of stays would be no county: the hub looks at all stays of a person of whom one is moved,
 * and sets aside what would touch more of them than anybody has.
 */
export function registeredPersons(stays: number): readonly Person[] {
  const more = Math.min(DAYS_OF_BIRTH, Math.ceil(stays / STAYS_TO_A_PERSON) - REGISTERED.length);
  return [...REGISTERED, ...Array.from({ length: Math.max(0, more) }, (_, n) => bornOn(n))];
}

/** The days of 1891 to 1899. Those born in 1890 have a role of their own: some of them are protected. */
const DAYS_OF_BIRTH = 3287;

const GIVEN_NAMES = [
  'Alma',
  'Axel',
  'Elsa',
  'Gustaf',
  'Hulda',
  'Ivar',
  'Karin',
  'Nils',
  'Signe',
  'Ture',
  'Ulla',
  'Örjan',
];

/** The person of the test series (serial 980) who was born on the nth day. */
function bornOn(n: number): Person {
  const born = new Date(Date.UTC(1891, 0, 1 + n)).toISOString().slice(0, 10).replaceAll('-', '');
  return person(testNumber(born, '980'), 'Testsson', GIVEN_NAMES[n % GIVEN_NAMES.length] ?? 'Test');
}

/**
 * A number of the tax agency's test series, which is nobody's.
 * @param born `YYYYMMDD` @param serial `980` to `989`
 */
export function testNumber(born: string, serial: string): string {
  return `${born}${serial}${checkDigit(`${born.slice(2)}${serial}`)}`;
}

/** The last digit of a personal number: of the nine digits before it every other is doubled, and all are filled up to a ten. */
function checkDigit(nine: string): string {
  const products = Array.from(nine, (digit, at) => Number(digit) * (at % 2 === 0 ? 2 : 1));
  const sum = products.reduce((all, product) => all + (product > 9 ? product - 9 : product), 0);
  return `${(10 - (sum % 10)) % 10}`;
}

/** Persons whose every stay is protected. */
export const PROTECTED: readonly Person[] = [
  person('195009072553', 'Testsson', 'Tre'),
  person('200001252386', 'Testsson', 'Fyra'),
];

/** Whom one scenario alone is about, so that no other stay has told the hub of the protection. */
export const PROTECTED_BY_UNKNOWN_CODE: Person = person('189001019802', 'Testsson', 'Åtta');

export const WITH_COORDINATION_NUMBER: Person = {
  number: '196109732393',
  authority: COORDINATION_NUMBER,
  family: 'Testsson',
  given: 'Sex',
  born: '19610913',
  isRegistered: false,
};
export const WITH_RESERVE_NUMBER: Person = {
  number: '991981000010',
  authority: STOCKHOLM_RESERVE_NUMBER,
  family: 'Testsson',
  given: 'Sju',
  isRegistered: false,
};

/** Everybody with a number of a register of the country. */
export const PEOPLE: readonly Person[] = [
  ...REGISTERED,
  ...PROTECTED,
  PROTECTED_BY_UNKNOWN_CODE,
  WITH_COORDINATION_NUMBER,
  WITH_RESERVE_NUMBER,
];

/** Where a person is registered, and which party that makes the one to tell. */
export interface Home {
  readonly municipality: string;
  readonly district?: string;
  readonly city: string;
  /** Id of the municipality or board; absent where nobody in the county answers for the address. */
  readonly party?: string;
}

export const HOMES: readonly Home[] = [
  { municipality: '0184', city: 'Solna', party: '0184' },
  { municipality: '0182', city: 'Nacka', party: '0182' },
  { municipality: '0183', city: 'Sundbyberg', party: '0183' },
  { municipality: '0160', city: 'Täby', party: '0160' },
  { municipality: '0126', city: 'Huddinge', party: '0126' },
  { municipality: '0180', district: 'jarva', city: 'Spånga', party: '0180-jarva' },
  { municipality: '0180', district: 'sodermalm', city: 'Stockholm', party: '0180-sodermalm' },
  { municipality: '0180', district: 'farsta', city: 'Farsta', party: '0180-farsta' },
];

/** A board that has been merged into another: the new one answers for the old address. */
export const MERGED_HOME: Home = {
  municipality: '0180',
  district: 'spanga-tensta',
  city: 'Spånga',
  party: '0180-jarva',
};

/** Addresses that nobody in the county answers for: another county, and a divided city without its board. */
export const UNKNOWN_HOMES: readonly Home[] = [
  { municipality: '1480', city: 'Göteborg' },
  { municipality: '0180', city: 'Stockholm' },
];

/** Clinics that a person can be listed at. A private one may be told more only with consent or another ground. */
export const REGION_CLINICS: readonly string[] = ['SE2321000016-2001', 'SE2321000016-2003', 'SE2321000016-2004'];
export const PRIVATE_CLINICS: readonly string[] = ['SE5560000001-2002', 'SE5560000003-2005'];
/** A clinic that is in no directory. */
export const UNKNOWN_CLINIC = 'SE5560000009-2999';
