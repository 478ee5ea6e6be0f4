import { daysBetween, localDate, type Instant } from '#libs/domain';

const part = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm', ...options });
const CLOCK = part({ hour: '2-digit', minute: '2-digit' });
const DAY = part({ weekday: 'short', day: 'numeric', month: 'short' });
const DAY_OF_YEAR = part({ day: 'numeric', month: 'short', year: 'numeric' });

const NEAR: ReadonlyMap<number, string> = new Map([
  [-1, 'i går'],
  [0, 'i dag'],
  [1, 'i morgon'],
]);

/** A local day as people say it: `i morgon`, `mån 12 maj`, with the year where it is another one. */
function dayWords(at: Instant, now: Instant): string {
  const near = NEAR.get(daysBetween(now, at));
  if (near !== undefined) return near;
  return (localDate(at).slice(0, 4) === localDate(now).slice(0, 4) ? DAY : DAY_OF_YEAR).format(at);
}

/** A local time as people say it: `i dag 14:30`. */
export function timeWords(at: Instant, now: Instant): string {
  return `${dayWords(at, now)} ${CLOCK.format(at)}`;
}

/** A local time as a document states it: `2026-05-10 14:30`. */
export function fullTimeWords(at: Instant): string {
  return `${localDate(at)} ${CLOCK.format(at)}`;
}

/** A time that a resource states: a day where only the day is stated. */
export function statedWords(text: string, now: Instant): string {
  const isDay = text.length <= 10;
  const at = isDay ? Date.parse(`${text}T10:00:00Z`) : Date.parse(text);
  if (Number.isNaN(at)) return text;
  return isDay ? dayWords(at, now) : timeWords(at, now);
}

const MINUTE = 60_000;

/** How much time is left, or was exceeded: `kvar 3 h 20 min`, `försenat 2 d 4 h`. Minutes only within a day. */
export function leftWords(due: Instant, now: Instant): string {
  const minutes = Math.floor(Math.abs(due - now) / MINUTE);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const parts = days > 0 ? [`${days} d`, `${hours} h`] : hours > 0 ? [`${hours} h`, `${rest} min`] : [`${rest} min`];
  return `${due < now ? 'försenat' : 'kvar'} ${parts.join(' ')}`;
}
