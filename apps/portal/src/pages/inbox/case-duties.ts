import { endOfDate, localDate, parametersOn, plusDays, type Instant } from '#libs/domain';
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
