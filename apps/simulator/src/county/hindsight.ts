import type { FactLine, Scope } from '../messages/ward-message.ts';
import { HOUR, hl7Day, MINUTE, onDay, type Instant } from './county-time.ts';
import type { Code } from './truth.ts';
import type { LogEntry, WardStay } from './ward-stay.ts';

/*
 * What a ward's own log shows when all is over: what every stay has in common, whatever its scenario is about. It is written
 * from what the ward did, in the ward's words, and knows nothing of how the hub judges.
 *
 *   left home and had not said that the patient was ready, or could tell nobody of it
 *   told a new day too late, three times another day, or no day at all when the one it had given was long past
 *   left before the day that it had given, or gave the day of leaving wrongly first
 *   said nothing of needs, ever; wrote in another order than the messages came in
 */

/** When an entry counts as said: when it was sent, if it was on its way for a quarter of an hour at most. */
function saidAt({ sent, arrives }: LogEntry): Instant {
  return sent <= arrives && arrives - sent <= 15 * MINUTE ? sent : arrives;
}

/** The end of a day or hour as PV2-9 gives it. */
function endOf(expected: string): Instant {
  const [year, month, day] = [expected.slice(0, 4), expected.slice(4, 6), expected.slice(6, 8)];
  const noon = Date.parse(`${year}-${month}-${day}T12:00:00Z`);
  return expected.length > 8 ? onDay(noon, 0, Number(expected.slice(8, 10))) : onDay(noon, 1, 0);
}

/** Between one admission and the leaving that stands. */
interface Leaving {
  readonly entry: LogEntry;
  readonly from: Instant;
  readonly first: Instant;
  at: Instant;
  way: string;
}

/** The times that the patient left, those taken back left out. */
function leavingsOf(log: readonly LogEntry[]): Leaving[] {
  const leavings: Leaving[] = [];
  let [isHere, from] = [true, 0];
  for (const entry of log.toSorted((a, b) => a.sent - b.sent)) {
    const last = leavings.at(-1);
    if (entry.trigger === 'A11') {
      leavings.length = 0;
      isHere = true;
    } else if (entry.trigger === 'A13' && !isHere) {
      leavings.pop();
      isHere = true;
    } else if (entry.trigger === 'A01' && !isHere && last && entry.admitted >= last.at) {
      [isHere, from] = [true, entry.sent];
    } else if (entry.trigger === 'A03' && isHere) {
      const at = entry.discharged ?? entry.sent;
      leavings.push({ entry, from, first: at, at, way: entry.dead ? '20' : (entry.leaving ?? '01') });
      isHere = false;
    } else if (!isHere && last) {
      last.at = entry.discharged ?? last.at;
      if (!entry.dead) last.way = entry.leaving ?? last.way;
      else if (entry.arrives <= last.at + 24 * HOUR) last.way = '20';
    }
  }
  return leavings;
}

const HOME = new Set(['01', '07']);

/** What the log of a stay shows at the end of the county. */
export function hindsight(stay: WardStay, end: Instant): Code[] {
  const { log, truth } = stay;
  if (stay.isUnjudged || log.length === 0) return [];
  const { told } = stay;
  const leavings = leavingsOf(log);
  const isHere = leavings.length === 0 || log.every(({ trigger }) => trigger !== 'A03') || isBack(log, leavings);
  const last = isHere ? undefined : leavings.at(-1);
  const closes = last ? last.at + 24 * HOUR : Infinity;
  if (last && (last.way === '20' || log.some(({ dead, arrives }) => dead === true && arrives <= closes))) return [];
  if (stay.class !== 'I') return [];
  const isSilentOnNeed =
    needsIn(log, closes).length === 0 && stay.hospital.sender !== 'DS' && stay.goesOnWith === undefined;
  if (isSilentOnNeed) return last && HOME.has(last.way) && end > last.at + 25 * HOUR ? ['INS-11'] : [];
  if (told.length === 0 && !truth.tasks.has('ROUTE-BY-HAND')) return [];
  return [
    ...ofOrder(log),
    ...ofExpectation(stay, log, leavings, last, end),
    ...(told.length === 0 ? [] : leavings.flatMap((leaving) => ofReadiness(stay, told, leaving))),
  ];
}

/** The words on need that were never taken back, as long as the stay lasted and a day more. */
function needsIn(log: readonly LogEntry[], until: Instant): FactLine[] {
  const said = log.filter(({ arrives }) => arrives <= until).flatMap(({ facts }) => facts);
  const struck = said.filter(({ code, status }) => code === 'NEED' && (status === 'D' || status === 'W'));
  return said.filter(
    (word) =>
      isNeed(word) &&
      !struck.includes(word) &&
      !struck.some(({ at, on }) => (at === undefined && on === undefined) || (at === word.at && on === word.on)),
  );
}

/** A need is stated as such, or by ordering the notice for somebody. */
function isNeed({ code, scopes = [] }: FactLine): boolean {
  return code === 'NEED' || (code === 'INS' && scopes.length > 0);
}

/** In bed again after a leaving that stands. */
function isBack(log: readonly LogEntry[], leavings: readonly Leaving[]): boolean {
  const last = leavings.at(-1);
  return (
    last !== undefined &&
    log.some(({ trigger, admitted, sent }) => trigger === 'A01' && admitted >= last.at && sent > last.entry.sent)
  );
}

function ofOrder(log: readonly LogEntry[]): Code[] {
  const visits = log.filter(({ trigger }) => !['A18', 'A28', 'A31', 'A34', 'A40'].includes(trigger));
  const isLate = visits.some((one) => visits.some((other) => other.arrives < one.arrives && other.sent > one.sent));
  return isLate ? ['TEK-04'] : [];
}

function ofExpectation(
  stay: WardStay,
  log: readonly LogEntry[],
  leavings: readonly Leaving[],
  last: Leaving | undefined,
  end: Instant,
): Code[] {
  const codes: Code[] = [];
  const notice = noticeOf(stay, log);
  if (!notice || stay.truth.deviations.includes('INS-02')) return [];
  const said = log
    .filter(({ expected }) => expected !== undefined)
    .toSorted((a, b) => saidAt(a) - saidAt(b) || a.arrives - b.arrives);
  const changes = said.filter(
    (entry, n) =>
      n > 0 &&
      isTime(entry) &&
      isTime(said[n - 1]) &&
      entry.expected !== said[n - 1]?.expected &&
      entry !== notice &&
      saidAt(entry) >= saidAt(notice) &&
      isInBed(entry, leavings),
  );
  for (const entry of changes) if (saidAt(entry) > endOf(entry.expected ?? '') - 24 * HOUR) codes.push('BUT-02');
  if (changes.length >= 3) codes.push('BUT-04');
  const latest = said.at(-1);
  const isAfterLeaving = latest && leavings.every(({ entry }) => saidAt(latest) > saidAt(entry));
  if (
    !last &&
    latest &&
    isTime(latest) &&
    isAfterLeaving &&
    !isReady(log) &&
    end > endOf(latest.expected ?? '') + 24 * HOUR + 2 * MINUTE
  )
    codes.push('BUT-03');
  for (const leaving of leavings) {
    if (HOME.has(leaving.way) && hl7Day(leaving.first) !== hl7Day(leaving.at)) codes.push('UTS-03');
  }
  if (!last || !HOME.has(last.way)) return codes;
  const before = said.findLast((entry) => saidAt(entry) < saidAt(last.entry))?.expected?.slice(0, 8);
  if (before !== undefined && /^\d/.test(before) && hl7Day(last.at) < before) codes.push('UTS-05');
  return codes;
}

/** What PV2-9 says is a time, and not that there is none. */
function isTime(entry: LogEntry | undefined): boolean {
  return /^\d{8}/.test(entry?.expected ?? '');
}

/** The message with which the admission notice went: with it the need was first told, or it was ordered. */
function noticeOf(stay: WardStay, log: readonly LogEntry[]): LogEntry | undefined {
  const byTime = log.toSorted((a, b) => a.arrives - b.arrives);
  const needed = byTime.findIndex(({ facts }) => stay.hospital.sender === 'DS' || facts.some(isNeed));
  if (needed < 0) return stay.goesOnWith ? byTime[0] : undefined;
  const [before, after] = [byTime.slice(0, needed), byTime.slice(needed)];
  if (stay.hospital.sender !== 'OS') return after[0];
  const isOrder = ({ facts }: LogEntry): boolean => facts.some(({ code }) => code === 'INS');
  return before.some(isOrder) ? after[0] : after.find(isOrder);
}

function isInBed(entry: LogEntry, leavings: readonly Leaving[]): boolean {
  return leavings.every(({ entry: left }, n) => {
    const next = leavings[n + 1]?.from ?? Infinity;
    return saidAt(entry) < saidAt(left) || entry.sent >= next;
  });
}

function isReady(log: readonly LogEntry[]): boolean {
  const cancelled = log.findLast(({ trigger }) => trigger === 'A11')?.sent ?? 0;
  const words = log
    .filter(({ sent }) => sent > cancelled)
    .toSorted((a, b) => a.sent - b.sent)
    .flatMap(({ facts }) => facts.filter(({ code }) => code === 'READY'));
  return words.at(-1)?.value[0] === 'Y' && words.at(-1)?.status !== 'D';
}

/** What every unit could be told before the patient left, and was not. */
function ofReadiness(stay: WardStay, told: readonly string[], leaving: Leaving): Code[] {
  if (stay.isReadyByDecision || leaving.way !== '01' || stay.truth.deviations.includes('INS-02')) return [];
  const minute = (at: Instant): number => Math.floor(at / MINUTE);
  const left = minute(saidAt(leaving.entry));
  const inTime = stay.log.filter((entry) => minute(saidAt(entry)) <= left);
  const words = inTime
    .filter(({ sent }) => sent >= leaving.from)
    .toSorted((a, b) => a.sent - b.sent)
    .flatMap(({ facts }) => facts.filter(({ code }) => code === 'READY'));
  const hasSaid = words.at(-1)?.value[0] === 'Y' && words.at(-1)?.status !== 'D';
  const couldTell = (party: string): 'yes' | 'refused' | 'no ground' => {
    const { scopes, isSameRegion } = scopesOf(stay, party);
    if (isSameRegion) return 'yes';
    const answers = scopes.map((scope) => lastAnswer(inTime, scope, leaving.at));
    if (answers.includes('Y')) return 'yes';
    return answers.includes('N') ? 'refused' : 'no ground';
  };
  const could = told.map(couldTell);
  if (could.every((one) => one === 'refused')) return [];
  if (!hasSaid || !could.includes('yes')) return ['UTK-01'];
  return could.includes('no ground') ? ['UTK-03'] : [];
}

function scopesOf(
  stay: WardStay,
  party: string,
): { readonly scopes: readonly Scope[]; readonly isSameRegion: boolean } {
  const unit = stay.units(['SOC', 'KHSL', 'ROV']).find((one) => one.party === party);
  return unit ?? { scopes: /^\d{4}/.test(party) ? ['SOC', 'KHSL'] : ['ROV'], isSameRegion: false };
}

/** The last answer to the question of consent, and `Y` for any other ground that carries it. */
function lastAnswer(entries: readonly LogEntry[], scope: Scope, until: Instant): string | undefined {
  const said = (code: FactLine['code']): string | undefined =>
    entries
      .flatMap(({ facts }) => facts)
      .filter((word) => word.code === code && (word.at ?? 0) <= until && word.status !== 'D')
      .findLast(({ scopes = [] }) => scopes.length === 0 || scopes.includes(scope))
      ?.value.find((value) => !CARRY_NOTHING.has(value));
  const consent = said('CONSENT');
  return consent === 'Y' || said('BASIS') === undefined ? consent : 'Y';
}

/** Grounds that carry another kind of notice, or follow by themselves. */
const CARRY_NOTHING = new Set(['LPT_7A', 'LUS_2KAP', 'SAME_REGION']);
