import { components, formatTimestamp, segment, writeMessage, type WrittenSegment } from '#libs/hl7v2';
import type { County } from '#libs/county';
import { testNumber } from '../../apps/simulator/src/county/people.ts';

/** The sender agreement of the demonstration county that speaks the default dialect. */
export const SENDER = 'KS';
const WARD = 'SE2321000016-1001';

const OPEN_STAYS = 12;
const STEPS = 6;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Where a patient lives, as contract 5 wants it in PID-11.9 and PID-11.10, and the clinic of PD1-3. */
interface Home {
  readonly municipality: string;
  readonly board: string;
  readonly clinic: string;
}

interface Stay {
  readonly visit: string;
  readonly person: TestPerson;
  readonly home: Home;
  /** Two stays of five need the region's open care too, so that two parties are told. */
  readonly needsClinic: boolean;
  /** False: no need is stated, and nobody is told. */
  readonly concerning: boolean;
  /** Every other stay ends in its sixth message; of the others a discharge in some days is expected. */
  readonly leaves: boolean;
  /** PV1-44, the same in all messages of the stay: a sender that moved it would state a new start each time. */
  readonly admittedAt: number;
  step: number;
}

/**
 * The stream of one hospital connection: some stays at a time, each with a need, of six messages of about 1.2 kB.
 *
 *   one that ends                       one that goes on
 *   A01 need, consent, home today  INS  A01 need, consent, home in three days  INS
 *   A08 -                               A08 home in two days                   BUT
 *   A08 -                               A08 -
 *   A08 -                               A08 home tomorrow                      BUT
 *   A08 ready                      UTK  A08 ready                              UTK
 *   A03 discharge, information     UTS  A08 -
 *
 * `-` is what concerns nobody. Where the clinic is told, it has INFO too: 0.85 notices per message. Everything is sent now and
 * happened a little before, and nobody leaves on another day than was told: so that nothing is late, and no deviation is said.
 */
export class WardMessages {
  readonly #homes: readonly Home[];
  readonly #name: string;
  readonly #concerning: boolean;
  readonly #open: Stay[] = [];
  #stays: number;
  #turn = 0;
  #sent = 0;

  /** In: the county; a name that no other stream of this hub has; where in the series of persons it begins; false for stays of which nobody is told. */
  constructor(county: County, name: string, firstPerson: number, concerning = true) {
    this.#homes = homesOf(county);
    this.#name = name;
    this.#concerning = concerning;
    this.#stays = firstPerson;
  }

  /** The next message, as bytes, not framed. */
  next(): Buffer {
    const place = this.#turn++ % OPEN_STAYS;
    // At the start the stays are at different steps, as on any day: else all streams would discharge in the same half second.
    const stay = (this.#open[place] ??= this.#admit(place % STEPS));
    const bytes = this.#write(stay);
    if (++stay.step === STEPS) this.#open[place] = this.#admit(0);
    return bytes;
  }

  #admit(step: number): Stay {
    const n = this.#stays++;
    const home = this.#homes[n % this.#homes.length];
    if (home === undefined) throw new Error('a county without homes');
    const visit = `${this.#name}-${n}`;
    const admittedAt = Date.now() - 600_000;
    return {
      visit,
      person: testPerson(n),
      home,
      needsClinic: n % 5 < 2,
      concerning: this.#concerning,
      leaves: n % 2 === 0,
      admittedAt,
      step,
    };
  }

  #write(stay: Stay): Buffer {
    const now = Date.now();
    const isLeaving = stay.leaves && stay.step === 5;
    const trigger = stay.step === 0 ? 'A01' : isLeaving ? 'A03' : 'A08';
    const time = formatTimestamp(now, 0);
    const text = writeMessage([
      segment('MSH', {
        ...{ 3: 'JOURNALSYSTEM', 4: SENDER, 5: 'BRYGGAN', 6: 'BRYGGAN', 7: time, 10: `${this.#name}-${this.#sent++}` },
        ...{ 9: `ADT^${trigger}^ADT_A0${trigger === 'A03' ? 3 : 1}`, 11: 'P', 12: '2.5.1', 18: 'UNICODE UTF-8' },
      }),
      segment('EVN', { 1: trigger, 2: time, 6: formatTimestamp(now - 60_000, 0) }),
      ...person(stay),
      segment('PV1', {
        ...{ 1: '1', 2: 'I', 3: components(['11', '4', '2', WARD]), 7: 'SE2321000016-9A01', 10: 'MED', 14: '1' },
        ...{ 19: stay.visit, 44: formatTimestamp(stay.admittedAt, 0) },
        ...{ 36: isLeaving ? '01' : '', 45: isLeaving ? formatTimestamp(now - 60_000, 0) : '' },
      }),
      segment('PV2', { 9: expectedDischarge(stay) }),
      ...observations(stay),
    ]);
    return Buffer.from(text);
  }
}

function person({ person: { number, born }, home }: Stay): WrittenSegment[] {
  const street = ['Exempelgatan 12', 'lgh 1101', 'Exempelstad', '', '164 40', 'SE', 'L', ''];
  const address = components([...street, home.municipality, home.board]);
  return [
    segment('PID', {
      ...{ 1: '1', 3: `${number}^^^&1.2.752.129.2.1.3.1&ISO^NI`, 5: 'Testsson^Tolvan Exempel^^^^^L', 7: born, 8: 'F' },
      ...{ 11: address, 13: '^PRN^PH^^46^8^55500000~^PRN^CP^^46^70^1740000', 15: 'sv', 16: 'G' },
    }),
    segment('PD1', { 3: components(['Exempelmottagningen', '', '', '', '', '', '', '', '', home.clinic]) }),
    segment('NK1', { 1: '1', 2: 'Testsson^Anhörig Exempel^^^^^L', 3: 'SPO^Maka eller make^HL70063', 5: '^PRN^CP' }),
  ];
}

function observations({ step, needsClinic, concerning, leaves }: Stay): WrittenSegment[] {
  if (!concerning) return [...MEASURED];
  const ours = (code: string, text: string, value: string, scope = ''): WrittenSegment =>
    segment('OBX', { 1: '1', 2: 'ST', 3: components([code, text, 'BRYGGAN']), 4: scope, 5: value, 11: 'F' });
  const facts = [
    ...(step === 0 ? [ours('NEED', 'Bedömt behov', needsClinic ? 'SOC~ROV' : 'SOC')] : []),
    ...(step === 0 ? [ours('CONSENT', 'Samtycke till uppgiftslämnande', 'Y')] : []),
    ...(step === 4 ? [ours('READY', 'Utskrivningsklar', 'Y')] : []),
    ...(step === 5 && leaves && needsClinic
      ? [ours('INFO', 'Information', 'Exempel: läkemedelslistan är ändrad.', 'ROV')]
      : []),
  ];
  return [...facts, ...MEASURED.slice(facts.length)];
}

/** What wards send along and nobody here reads. */
const MEASURED: readonly WrittenSegment[] = [
  ['8480-6', 'Systoliskt blodtryck', '128', 'mm[Hg]'],
  ['8462-4', 'Diastoliskt blodtryck', '76', 'mm[Hg]'],
  ['8867-4', 'Hjärtfrekvens', '71', '/min'],
  ['8310-5', 'Kroppstemperatur', '37.1', 'Cel'],
  ['59408-5', 'Syremättnad', '97', '%'],
].map(([code = '', text = '', value = '', unit = ''], at) =>
  segment('OBX', { 1: `${at + 1}`, 2: 'NM', 3: components([code, text, 'LN']), 5: value, 6: unit, 11: 'F' }),
);

/** Every municipality and board that messages can be delivered to, with the clinics dealt out over them. */
function homesOf(county: County): Home[] {
  const parties = county.partiesOn(new Date().toISOString().slice(0, 10));
  const clinics = parties.filter(({ kind }) => kind === 'clinic').map(({ id }) => id);
  return parties
    .filter(({ kind }) => kind === 'municipality' || kind === 'district-board')
    .map(({ id }, at) => {
      const [municipality = '', ...board] = id.split('-');
      return { municipality, board: board.join('-'), clinic: clinics[at % clinics.length] ?? '' };
    });
}

/**
 * A change told less than 24 hours before the new time is a deviation (BUT-02), and so are three changes (BUT-04) and a discharge
 * on an earlier day than was told (UTS-05): who leaves at once is expected home today, as a day alone, which lasts to its end.
 */
function expectedDischarge({ admittedAt, step, leaves }: Stay): string {
  if (leaves) return formatTimestamp(admittedAt, 0).slice(0, 8);
  const days = step < 1 ? 3 : step < 3 ? 2 : 1;
  return formatTimestamp(admittedAt + days * DAY + HOUR, 0);
}

/** A person of the tax agency's test series: born 1890-1899, serial number 980 or 981; none of them is anybody's. */
interface TestPerson {
  readonly number: string;
  readonly born: string;
}

/** Person `n` of the series; it begins again after some 7 000. */
export function testPerson(n: number): TestPerson {
  const day = new Date(Date.UTC(1890, 0, 1 + (n % DAYS)));
  const born = day.toISOString().slice(0, 10).replaceAll('-', '');
  const serial = Math.floor(n / DAYS) % 2 === 0 ? '980' : '981';
  return { born, number: testNumber(born, serial) };
}

const DAYS = 3652;
