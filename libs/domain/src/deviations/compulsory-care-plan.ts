import type { History } from '../acts/history.ts';
import { ofCode } from '../stay/facts.ts';
import type { TakenWord } from '../stay/party-words.ts';
import type { PartyStatement } from '../events/party-event.ts';
import type { Instant } from '../time/time.ts';
import {
  deviationOf,
  firstRow,
  isConcern,
  NOTHING,
  oncePassed,
  parametersAt,
  type DeviationDefinition,
} from './definition.ts';
import { answersThroughHub } from './recipients.ts';

/*
 * The co-ordinated care plan that an application for open compulsory care must have (LPT 7 a §). The ward makes
 * it and applies; it is drawn up only when every unit has adjusted it (LAW-72).
 *
 *   TVG-01  applied, and there was no plan
 *   TVG-02  applied, and some unit had not adjusted the plan
 */

type Plan = TakenWord & { readonly says: Extract<PartyStatement, { readonly kind: 'care-planned' }> };

const isPlan = (word: TakenWord): word is Plan => word.says.kind === 'care-planned' && word.says.state !== 'closed';

/** The first application of a stay with a need whose ward states its plans through the hub (DEC-11, DEC-13). */
function applicationIn(history: History): { readonly at: Instant; readonly statedBy: string } | undefined {
  if (!isConcern(history)) return undefined;
  const [applied] = ofCode(history.stay.recorded, 'OPTAPPLIED');
  const { organisation } = history;
  if (!applied || !organisation || !answersThroughHub(organisation, 'SVPL', applied.at)) return undefined;
  return applied;
}

/** The latest version of the plan by an instant. */
function planBy({ words }: History, instant: Instant): Plan | undefined {
  return words.filter(isPlan).findLast(({ sent }) => sent <= instant);
}

export const TVG_01: DeviationDefinition = {
  code: 'TVG-01',
  rows: firstRow('TVG-01', 'Samordnad vårdplan saknas', 4, 'LPT 7 a', 'rules 6.2; DEC-11'),
  party: 'ward',
  judge: (history, circumstances) => {
    const applied = applicationIn(history);
    if (!applied || history.words.some(isPlan)) return NOTHING;
    const { suspected } = circumstances;
    const details = { due: applied.at, evidence: [applied.statedBy], suspected };
    return oncePassed(applied.at, circumstances, parametersAt(applied.at, circumstances), () =>
      deviationOf(TVG_01, history, applied.at, details),
    );
  },
  closing: (_closed, { words }) => (words.some(isPlan) ? 'came-late' : 'disproved'),
};

export const TVG_02: DeviationDefinition = {
  code: 'TVG-02',
  rows: firstRow('TVG-02', 'Vårdplan ej justerad', 3, 'LPT 7 a', 'rules 6.2; LAW-72'),
  party: 'ward',
  judge: (history, circumstances) => {
    const applied = applicationIn(history);
    const plan = applied && (planBy(history, applied.at) ?? history.words.find(isPlan));
    if (!applied || !plan) return NOTHING;
    const adjusted = new Set(
      history.words.flatMap(({ says, party }) =>
        says.kind === 'care-plan-adjusted' && says.plan === plan.eventId ? [says.unit ?? party] : [],
      ),
    );
    const missing = plan.says.units.filter((unit) => !adjusted.has(unit));
    if (missing.length === 0) return NOTHING;
    const due = Math.max(applied.at, plan.sent);
    const { suspected } = circumstances;
    const details = { due, evidence: [applied.statedBy, plan.eventId], units: missing, suspected };
    return oncePassed(due, circumstances, parametersAt(applied.at, circumstances), () =>
      deviationOf(TVG_02, history, applied.at, details),
    );
  },
  closing: (_closed, { words }) => (words.some(isPlan) ? 'completed' : 'disproved'),
};
