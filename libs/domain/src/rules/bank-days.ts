import { endOfDate, type Instant, localDate, plusDays } from '../time/time.ts';

/*
 * Which days are no bank days (LAW-64): where the last day of a time that a statute sets is one, the act may be done on the next
 * weekday (lag 1930:173 2 §). The public holidays are those of lag 1989:253; the eves of midsummer, Christmas and the new year
 * count as holidays there, and no other half day does.
 */

/** A day that comes back each year, found by a rule. */
interface Holiday {
  readonly name: string;
  /** First and last year in which it is one. */
  readonly from?: number;
  readonly to?: number;
  /** The date in a year, `MM-DD`; or days from Easter Sunday; or a weekday (0 = Sunday) on or after a date. */
  readonly on: string | number | { readonly weekday: number; readonly onOrAfter: string };
  readonly source: string;
}

const LAW = 'lag 1989:253 1 §';
const EVES = 'lag 1930:173 2 §';

export const HOLIDAYS: readonly Holiday[] = [
  { name: 'nyårsdagen', on: '01-01', source: LAW },
  { name: 'trettondedag jul', on: '01-06', source: LAW },
  { name: 'långfredagen', on: -2, source: LAW },
  { name: 'påskdagen', on: 0, source: LAW },
  { name: 'annandag påsk', on: 1, source: LAW },
  { name: 'första maj', on: '05-01', source: LAW },
  { name: 'Kristi himmelsfärdsdag', on: 39, source: LAW },
  { name: 'pingstdagen', on: 49, source: LAW },
  { name: 'annandag pingst', on: 50, to: 2004, source: 'lag 1989:253 1 §, before SFS 2004:1320' },
  { name: 'nationaldagen', on: '06-06', from: 2005, source: 'SFS 2004:1320' },
  { name: 'midsommarafton', on: { weekday: 5, onOrAfter: '06-19' }, source: EVES },
  { name: 'midsommardagen', on: { weekday: 6, onOrAfter: '06-20' }, source: LAW },
  { name: 'alla helgons dag', on: { weekday: 6, onOrAfter: '10-31' }, source: LAW },
  { name: 'julafton', on: '12-24', source: EVES },
  { name: 'juldagen', on: '12-25', source: LAW },
  { name: 'annandag jul', on: '12-26', source: LAW },
  { name: 'nyårsafton', on: '12-31', source: EVES },
];

const HOLIDAYS_OF_YEARS = new Map<number, ReadonlySet<string>>();

/** True when a local day, `YYYY-MM-DD`, is neither Saturday, Sunday nor a holiday. */
export function isBankDay(date: string): boolean {
  const weekday = new Date(Date.parse(date)).getUTCDay();
  if (weekday === 0 || weekday === 6) return false;
  const year = Number(date.slice(0, 4));
  let holidays = HOLIDAYS_OF_YEARS.get(year);
  if (!holidays) {
    holidays = new Set(HOLIDAYS.flatMap((one) => dateOf(one, year)));
    HOLIDAYS_OF_YEARS.set(year, holidays);
  }
  return !holidays.has(date);
}

/** The day itself when it is a bank day, else the next one that is (lag 1930:173 2 §). */
export function bankDayOn(date: string): string {
  return isBankDay(date) ? date : bankDayOn(plusDays(date, 1));
}

/** When so many milliseconds of bank days have gone by: a time that would run out on a Saturday goes on on Monday. */
export function afterBankTime(from: Instant, duration: number): Instant {
  const date = localDate(from);
  const next = endOfDate(date);
  if (!isBankDay(date)) return afterBankTime(next, duration);
  return from + duration <= next ? from + duration : afterBankTime(next, duration - (next - from));
}

function dateOf({ on, from = -Infinity, to = Infinity }: Holiday, year: number): string[] {
  if (year < from || year > to) return [];
  if (typeof on === 'string') return [`${year}-${on}`];
  if (typeof on === 'number') return [plusDays(easterSunday(year), on)];
  const first = `${year}-${on.onOrAfter}`;
  return [plusDays(first, (on.weekday - new Date(Date.parse(first)).getUTCDay() + 7) % 7)];
}

/** Easter Sunday of the Gregorian calendar, by the rule of the church: the Sunday after the full moon on or after 21 March. */
function easterSunday(year: number): string {
  const century = Math.floor(year / 100);
  const golden = year % 19;
  const epact =
    (19 * golden +
      century -
      Math.floor(century / 4) -
      Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3) +
      15) %
    30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor((year % 100) / 4) - epact - (year % 4)) % 7;
  const correction = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  return plusDays(`${year}-03-22`, epact + weekday - 7 * correction);
}
