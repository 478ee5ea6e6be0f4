import { endOfDate, type Instant, localDate, parametersOn, plusDays } from '#libs/domain';
import { isFaulty, readTime } from '#libs/forms';
import type { GivenAnswer } from '../answers/given-answers.ts';
import { statedWords } from '../time-words.ts';
import type { ToldCase, ToldNotice } from '../told-cases.ts';

/** Where a case stands, as its page says it. */
export const STATE_WORDS: Readonly<Record<ToldCase['state'], string>> = {
  'in hospital': 'På sjukhus',
  discharged: 'Utskriven',
  ended: 'Återtaget',
};

/** Notices that stand: neither taken back nor taking something back. */
export function standing({ notices }: Pick<ToldCase, 'notices'>): readonly ToldNotice[] {
  return notices.filter(({ withdrawn, takesBack }) => !withdrawn && takesBack.length === 0);
}

/** Kinds of which a unit has one that holds: what comes later of the same kind is another version of it. */
const ONE_AT_A_TIME: ReadonlySet<string> = new Set(['INS', 'BUT', 'UTK', 'UTS', 'OPT-DECISION']);

/** The notices that a later version has come in the place of: nobody took them back, and they hold no more (standards 1.3). */
export function replaced(told: Pick<ToldCase, 'notices'>): ReadonlySet<string> {
  const latest = new Map<string, string>();
  const before = new Set<string>();
  for (const { id, kind } of standing(told)) {
    const earlier = latest.get(kind);
    if (earlier !== undefined && ONE_AT_A_TIME.has(kind)) before.add(earlier);
    latest.set(kind, id);
  }
  return before;
}

/** A personal number as a list shows it: born when, and no more until the case is opened. */
export function maskedNumber(number: string | undefined): string {
  if (number === undefined) return '';
  return /^\d{12}$/.test(number) ? `${number.slice(0, 8)}-••••` : '••••••••';
}

/** A personal number as a case shows it. */
export function wholeNumber(number: string | undefined): string {
  if (number === undefined) return 'saknas';
  return /^\d{12}$/.test(number) ? `${number.slice(0, 8)}-${number.slice(8)}` : number;
}

/** What a number is called, by its form: whoever has no personal number is not said to have one. */
export function numberName(number: string | undefined): string {
  const day = /^(?:18|19|20)\d{4}(\d{2})\d{4}$/.exec(number ?? '')?.[1];
  if (day === undefined) return 'Nummer';
  return Number(day) > 60 ? 'Samordningsnummer' : 'Personnummer';
}

/** What a unit has to do next in a case, by what it was told (LUS 2:6, 3:1, 3:2). */
export function nextStep(told: ToldCase): string {
  if (told.state === 'ended') return 'Inget: vårdtillfället har återtagits';
  const kinds = new Set(standing(told).map(({ kind }) => kind));
  if (told.state === 'discharged') return kinds.has('INFO') ? 'Ta vid: information finns' : 'Ta vid: utskriven';
  if (kinds.has('OPT-DECISION')) return 'Slutför planeringen: öppen tvångsvård beslutad';
  return kinds.has('UTK') ? 'Slutför planeringen: utskrivningsklar' : 'Börja planera';
}

/** When the person is expected home, and what was said before where a later notice moved it. */
export interface ExpectedWords {
  readonly now: string;
  readonly before?: string;
}

/** The words for the expected discharge, or for the discharge that was. */
export function expectedWords(told: ToldCase, now: Instant): ExpectedWords | undefined {
  if (told.dischargedAt !== undefined) return { now: `Utskriven ${statedWords(told.dischargedAt, now)}` };
  if (told.expected === undefined) return undefined;
  const before = told.previousExpected;
  return {
    now: statedWords(told.expected, now),
    ...(before !== undefined && { before: statedWords(before, now) }),
  };
}

/** Something that a unit has to do in a case, and by when. */
export interface CaseDuty {
  readonly code: 'KVI' | 'FVK' | 'SIP-CALL' | 'PLAN';
  readonly text: string;
  readonly due?: Instant;
}

/** What a unit has to do in a case, the most urgent first (LUS 2:5, 2:6, 4:3). */
export function dutiesOf(told: ToldCase, given: readonly GivenAnswer[], isOpenCare: boolean): CaseDuty[] {
  const done = new Set(given.filter(({ undone, says }) => !undone && says.kind !== 'undone').map(({ code }) => code));
  // Who returned it has nothing more to do with it.
  if (done.has('RET') || told.state === 'ended') return [];
  const duties: CaseDuty[] = [];
  const [first] = unacknowledged(told, given);
  if (first !== undefined) {
    const { acknowledgeDeadline } = parametersOn(localDate(first.sent));
    duties.push({ code: 'KVI', text: 'Kvittera', due: first.sent + acknowledgeDeadline });
  }
  if (told.state === 'in hospital' && !done.has('PLAN') && !done.has('FVK'))
    duties.push({ code: 'PLAN', text: 'Börja planera' });
  if (isOpenCare && told.state === 'in hospital' && !done.has('FVK')) {
    const due = dischargeOf(told);
    duties.push({ code: 'FVK', text: 'Utse fast vårdkontakt', ...(due !== undefined && { due }) });
  }
  const ready = standing(told).findLast(({ kind }) => kind === 'UTK');
  if (isOpenCare && ready !== undefined && !done.has('SIP-CALL')) {
    const day = localDate(ready.sent);
    const due = endOfDate(plusDays(day, parametersOn(day).callDays));
    duties.push({ code: 'SIP-CALL', text: 'Kalla till SIP om det behövs', due });
  }
  return duties.sort((a, b) => (a.due ?? Infinity) - (b.due ?? Infinity));
}

/** Notices in force that nobody at the unit has acknowledged, the oldest first. */
export function unacknowledged(told: ToldCase, given: readonly GivenAnswer[]): readonly ToldNotice[] {
  const acknowledged = new Set(
    given.flatMap(({ about, undone, says }) => (says.kind === 'acknowledged' && !undone ? [about] : [])),
  );
  return standing(told).filter(({ id }) => !acknowledged.has(id));
}

/** When the person is expected home: of a day the end of it (LUS 2:5: before the discharge). */
function dischargeOf({ expected }: ToldCase): Instant | undefined {
  const time = expected === undefined ? undefined : readTime(expected.slice(0, 16), '');
  if (time === undefined || isFaulty(time)) return undefined;
  return time.precision === 'day' ? time.end : time.start;
}
