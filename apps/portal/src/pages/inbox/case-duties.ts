import { dayAfter, HOUR, localDate, type Instant } from '#libs/domain';
import { isFaulty, readTime } from '#libs/forms';
import type { GivenAnswer } from '../answers/given-answers.ts';
import type { ToldCase, ToldNotice } from '../told-cases.ts';
import { standing } from './case-words.ts';

/** Something that a unit has to do in a case, and by when. */
export interface CaseDuty {
  readonly code: 'KVI' | 'FVK' | 'SIP-CALL' | 'PLAN';
  readonly text: string;
  readonly due?: Instant;
}

/** How long a recipient has. */
interface DutyRow {
  /** First local day in force. */
  readonly from: string;
  /** To acknowledge, after the notice was sent; no law says it, and Stockholm's own limit is not known. */
  readonly acknowledge: number;
  /** Local days after the notice of readiness on which the call to a plan is in time (LUS 4:3). */
  readonly callDays: number;
  readonly source: string;
}

const ROWS: readonly DutyRow[] = [
  {
    from: '2018-01-01',
    acknowledge: 24 * HOUR,
    callDays: 3,
    source: 'LUS 4:3; to acknowledge: unsure, as neighbouring regions do',
  },
];

const rowOn = (at: Instant): DutyRow | undefined => ROWS.findLast(({ from }) => from <= localDate(at));

/** What a unit has to do in a case, the most urgent first (LUS 2:5, 2:6, 4:3). */
export function dutiesOf(told: ToldCase, given: readonly GivenAnswer[], isOpenCare: boolean): CaseDuty[] {
  const done = new Set(given.filter(({ undone, says }) => !undone && says.kind !== 'undone').map(({ code }) => code));
  // Who returned it has nothing more to do with it.
  if (done.has('RET') || told.state === 'ended') return [];
  const duties: CaseDuty[] = [];
  const [first] = unacknowledged(told, given);
  if (first !== undefined) {
    const row = rowOn(first.sent);
    duties.push({ code: 'KVI', text: 'Kvittera', ...(row && { due: first.sent + row.acknowledge }) });
  }
  if (told.state === 'in hospital' && !done.has('PLAN') && !done.has('FVK'))
    duties.push({ code: 'PLAN', text: 'Börja planera' });
  if (isOpenCare && told.state === 'in hospital' && !done.has('FVK')) {
    const due = dischargeOf(told);
    duties.push({ code: 'FVK', text: 'Utse fast vårdkontakt', ...(due !== undefined && { due }) });
  }
  const ready = standing(told).findLast(({ kind }) => kind === 'UTK');
  if (isOpenCare && ready !== undefined && !done.has('SIP-CALL')) {
    const due = endOfDayAfter(ready.sent, rowOn(ready.sent)?.callDays);
    duties.push({ code: 'SIP-CALL', text: 'Kalla till SIP om det behövs', ...(due !== undefined && { due }) });
  }
  return duties.sort((a, b) => (a.due ?? Infinity) - (b.due ?? Infinity));
}

/** The end of the local day so many days after another; calendar days, whatever the clocks do between them. */
function endOfDayAfter(at: Instant, days = 0): Instant | undefined {
  let day = localDate(at);
  for (let passed = 0; passed < days; passed += 1) day = dayAfter(day);
  const time = readTime(day, '');
  return isFaulty(time) ? undefined : time.end;
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
