import type { History } from '../acts/history.ts';
import { localDate } from '../time/time.ts';
import { FVK_01, FVK_02, INS_08, MOT_02, PLA_01, UTK_06, UTS_09 } from './duties-of-recipients.ts';
import { INS_01, INS_02, INS_03, INS_04, INS_05, INS_11 } from './inscription.ts';
import { SIP_05, SIP_06, SIP_07, SIP_08, TVG_01, TVG_02 } from './plans.ts';
import { FVK_03, UTS_03, UTS_04, UTS_06, UTS_07, UTS_08, UTS_10 } from './at-the-discharge.ts';
import {
  isConcern,
  ruleOf,
  together,
  type Circumstances,
  type DeviationDefinition,
  type Judgement,
} from './definition.ts';
import type { ClosingReason, Deviation, DeviationCode, DeviationRow } from './deviation.ts';
import { BUT_01, BUT_02, BUT_03, BUT_04, UTS_05 } from './expected-discharge.ts';
import { UTS_01, UTS_02 } from './information.ts';
import { INS_06, SEK_02 } from './misaddressed.ts';
import { TEK_01, TEK_02, TEK_03, TEK_04 } from './of-the-hub.ts';
import { TVG_03, UTK_01, UTK_02, UTK_03, UTK_04, UTK_07 } from './readiness.ts';
import { ATI_01, ATI_02, withWhatWasMissing } from './readmission.ts';
import { SIP_01, SIP_02, SIP_03, SIP_04 } from './sip-call.ts';

/** Every code that the hub judges, each once. A new code is a line here, and stands with its family. */
const ALL: Readonly<Record<DeviationCode, DeviationDefinition>> = {
  'INS-01': INS_01,
  'INS-02': INS_02,
  'INS-03': INS_03,
  'INS-04': INS_04,
  'INS-05': INS_05,
  'INS-06': INS_06,
  'INS-08': INS_08,
  'INS-11': INS_11,
  'BUT-01': BUT_01,
  'BUT-02': BUT_02,
  'BUT-03': BUT_03,
  'BUT-04': BUT_04,
  'FVK-01': FVK_01,
  'FVK-02': FVK_02,
  'FVK-03': FVK_03,
  'PLA-01': PLA_01,
  'UTK-01': UTK_01,
  'UTK-02': UTK_02,
  'UTK-03': UTK_03,
  'UTK-04': UTK_04,
  'UTK-06': UTK_06,
  'UTK-07': UTK_07,
  'SIP-01': SIP_01,
  'SIP-02': SIP_02,
  'SIP-03': SIP_03,
  'SIP-04': SIP_04,
  'SIP-05': SIP_05,
  'SIP-06': SIP_06,
  'SIP-07': SIP_07,
  'SIP-08': SIP_08,
  'TVG-01': TVG_01,
  'TVG-02': TVG_02,
  'TVG-03': TVG_03,
  'UTS-01': UTS_01,
  'UTS-02': UTS_02,
  'UTS-03': UTS_03,
  'UTS-04': UTS_04,
  'UTS-05': UTS_05,
  'UTS-06': UTS_06,
  'UTS-07': UTS_07,
  'UTS-08': UTS_08,
  'UTS-09': UTS_09,
  'UTS-10': UTS_10,
  'MOT-02': MOT_02,
  'ATI-01': ATI_01,
  'ATI-02': ATI_02,
  'SEK-02': SEK_02,
  'TEK-01': TEK_01,
  'TEK-02': TEK_02,
  'TEK-03': TEK_03,
  'TEK-04': TEK_04,
};
export const DEVIATIONS: readonly DeviationDefinition[] = Object.values(ALL);
const OF_THE_HUB = DEVIATIONS.filter(({ party }) => party === 'hub');

/** What the one who can still act is told before a deadline, in Swedish; undefined: nobody is warned. */
export function warningOf(code: DeviationCode): string | undefined {
  return ALL[code].warning;
}

/** True of a code that is counted, and not put to the one it concerns (DEC-09). */
export function isForPatternsOnly(code: DeviationCode): boolean {
  return ALL[code].forPatternsOnly === true;
}

/**
 * The row that a deviation was judged by. One of a version before, whose rule is no row's, is named by the latest row.
 * @param rule what the deviation says of its rule (`Deviation.rule`)
 */
export function rowJudgedBy({ code, rule }: Pick<Deviation, 'code' | 'rule'>): DeviationRow {
  const { rows } = ALL[code];
  return rows.find((row) => ruleOf(row) === rule) ?? rows.at(-1) ?? rows[0];
}

/**
 * What did not come, whose it is, and which rule says so (architecture 4, 7; rules 6.2, 12.1). Pure: the same history and
 * circumstances give the same deviations.
 * @returns what is open, every instant later than the watermark at which the stay is to be judged again, and what will be open if
 *   nothing comes
 */
export function judge(history: History, circumstances: Circumstances): Judgement {
  const wardIsJudged = isJudged(history);
  const judging = wardIsJudged ? DEVIATIONS : OF_THE_HUB;
  const judged = judging.map(({ judge: judgedBy }) => judgedBy(history, circumstances));
  const { deviations, timers, pending = [] } = together(judged);
  return {
    deviations: withWhatWasMissing(deviations),
    timers: timers.filter((timer) => timer.at > circumstances.watermark),
    pending: pending.filter(({ deviation }) => ALL[deviation.code].warning !== undefined),
  };
}

/** A stay that began before its sender was connected is told as far as it goes on, and its ward is not judged (DEC-30). */
function isJudged({ stay }: History): boolean {
  return stay.admittedAt === undefined || localDate(stay.admittedAt) >= stay.terms.connectedFrom;
}

/** The reason to close a deviation that {@link judge} no longer names (DEC-04, DEC-08, DEC-15). */
export function closingReason(
  closed: Pick<Deviation, 'code' | 'occasion'>,
  history: History,
  open: readonly Deviation[],
): ClosingReason {
  const { stay } = history;
  if (stay.state === 'cancelled') return 'withdrawn';
  if (stay.deceased) return 'deceased';
  if (!isConcern(history)) return 'no-need';
  return ALL[closed.code].closing(closed, history, open);
}
