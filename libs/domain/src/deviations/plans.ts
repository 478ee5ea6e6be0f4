import type { History } from '../acts/history.ts';
import { type PartyStatement, PLAN_ITEMS } from '../events/party-event.ts';
import { ofCode } from '../stay/facts.ts';
import type { TakenWord } from '../answers/party-words.ts';
import { dischargeOf } from '../stay/stay.ts';
import { endOfDate, type Instant, localDate, plusDays } from '../time/time.ts';
import {
  type DeviationDefinition,
  deviationOf,
  firstRow,
  isConcern,
  type Judgement,
  leftForHome,
  NOTHING,
  oncePassed,
  parametersAt,
} from './definition.ts';
import { answersThroughHub, isRightCall } from './recipients.ts';

/*
 * The co-ordinated individual plan (LUS 4:1-2; HSL 16:4, SoL 10:8), by what its maker says of it; the plan itself stays at its
 * source. Of one maker the latest version counts: what it puts right closes what was wrong.
 *
 *   SIP-05  made without consent
 *   SIP-06  called, and within some days neither a plan nor a word that there will be none
 *   SIP-07  an item of the four is missing
 *   SIP-08  neither the person nor a relative took part, and nobody wrote down why (DEC-10)
 */

type Plan = TakenWord & { readonly says: Extract<PartyStatement, { readonly kind: 'sip-planned' }> };

const isPlan = (word: TakenWord): word is Plan => word.says.kind === 'sip-planned';

/** The latest version of each maker's plan that is not closed. */
function plansOf(history: History): Plan[] {
  if (history.words.length === 0 || !isConcern(history)) return [];
  const latest = new Map<string, Plan>();
  for (const word of history.words) if (isPlan(word) && word.says.state !== 'closed') latest.set(word.party, word);
  return [...latest.values()];
}

function perPlan(
  definition: DeviationDefinition,
  history: History,
  isWrong: (says: Plan['says']) => boolean,
): Judgement {
  const deviations = plansOf(history).flatMap(({ party, says, sent, eventId }) =>
    isWrong(says)
      ? [deviationOf(definition, history, sent, { occasion: party, party, due: sent, evidence: [eventId] })]
      : [],
  );
  return { deviations, timers: [] };
}

export const SIP_05: DeviationDefinition = {
  code: 'SIP-05',
  rows: firstRow('SIP-05', 'SIP utan samtycke', 4, 'LUS 4:2', 'rules 6.2; LAW-65'),
  party: 'recipient',
  judge: (history) => perPlan(SIP_05, history, ({ consent }) => !consent),
  closing: (_closed, history) => (plansOf(history).length > 0 ? 'completed' : 'disproved'),
};

export const SIP_07: DeviationDefinition = {
  code: 'SIP-07',
  rows: firstRow('SIP-07', 'SIP-innehåll brister', 2, 'HSL 16:4', 'rules 6.2; LAW-66'),
  party: 'recipient',
  judge: (history) => perPlan(SIP_07, history, ({ items }) => PLAN_ITEMS.some((item) => !items.includes(item))),
  closing: (_closed, history) => (plansOf(history).length > 0 ? 'completed' : 'disproved'),
};

export const SIP_08: DeviationDefinition = {
  code: 'SIP-08',
  rows: firstRow('SIP-08', 'Den enskilde ej delaktig', 3, 'HSL 16:4', 'rules 12.1: DEC-10'),
  party: 'recipient',
  judge: (history) =>
    perPlan(
      SIP_08,
      history,
      ({ tookPart, absence }) =>
        !tookPart.includes('PERSON') && !tookPart.includes('RELATIVE') && absence === undefined,
    ),
  closing: (_closed, history) => (plansOf(history).length > 0 ? 'completed' : 'disproved'),
};

export const SIP_06: DeviationDefinition = {
  code: 'SIP-06',
  rows: firstRow('SIP-06', 'SIP ej genomförd', 2, 'LUS 4:2', 'rules 6.2 (30 days, unsure)'),
  party: 'recipient',
  warning: 'SIP är kallad till men inte genomförd.',
  judge: (history, circumstances) => {
    const { words, stay } = history;
    const call = words.find(isRightCall);
    if (!call || !isConcern(history) || stay.openCompulsoryCare || words.some(endsPlanning)) return NOTHING;
    const discharge = dischargeOf(stay);
    if (discharge && !leftForHome(discharge)) return NOTHING;
    const parameters = parametersAt(call.sent, circumstances);
    const due = endOfDate(plusDays(localDate(call.sent), parameters.planDays));
    const details = { occasion: call.eventId, party: call.party, due, evidence: [call.eventId] };
    const make = () => deviationOf(SIP_06, history, call.sent, details);
    return oncePassed(due, circumstances, parameters, make, { begins: call.sent });
  },
  closing: (_closed, { words }) => (words.some(endsPlanning) ? 'came-late' : 'disproved'),
};

/** A plan, or a word that there will be none. */
function endsPlanning({ says }: TakenWord): boolean {
  return says.kind === 'sip-planned' || says.kind === 'sip-declined' || says.kind === 'opposed';
}

/*
 * The co-ordinated care plan that an application for open compulsory care must have (LPT 7 a §). The ward makes
 * it and applies; it is drawn up only when every unit has adjusted it (LAW-72).
 *
 *   TVG-01  applied, and there was no plan
 *   TVG-02  applied, and some unit had not adjusted the plan
 */

type CarePlan = TakenWord & { readonly says: Extract<PartyStatement, { readonly kind: 'care-planned' }> };

const isCarePlan = (word: TakenWord): word is CarePlan =>
  word.says.kind === 'care-planned' && word.says.state !== 'closed';

/** The first application of a stay with a need whose ward states its plans through the hub (DEC-11, DEC-13). */
function applicationIn(history: History): { readonly at: Instant; readonly statedBy: string } | undefined {
  if (!isConcern(history)) return undefined;
  const [applied] = ofCode(history.stay.recorded, 'OPTAPPLIED');
  const { organisation } = history;
  if (!applied || !organisation || !answersThroughHub(organisation, 'SVPL', applied.at)) return undefined;
  return applied;
}

/** The latest version of the plan by an instant. */
function planBy({ words }: History, instant: Instant): CarePlan | undefined {
  return words.filter(isCarePlan).findLast(({ sent }) => sent <= instant);
}

export const TVG_01: DeviationDefinition = {
  code: 'TVG-01',
  rows: firstRow('TVG-01', 'Samordnad vårdplan saknas', 4, 'LPT 7 a', 'rules 6.2; DEC-11'),
  party: 'ward',
  judge: (history, circumstances) => {
    const applied = applicationIn(history);
    if (!applied || history.words.some(isCarePlan)) return NOTHING;
    const { suspected } = circumstances;
    const details = { due: applied.at, evidence: [applied.statedBy], suspected };
    return oncePassed(applied.at, circumstances, parametersAt(applied.at, circumstances), () =>
      deviationOf(TVG_01, history, applied.at, details),
    );
  },
  closing: (_closed, { words }) => (words.some(isCarePlan) ? 'came-late' : 'disproved'),
};

export const TVG_02: DeviationDefinition = {
  code: 'TVG-02',
  rows: firstRow('TVG-02', 'Vårdplan ej justerad', 3, 'LPT 7 a', 'rules 6.2; LAW-72'),
  party: 'ward',
  judge: (history, circumstances) => {
    const applied = applicationIn(history);
    const plan = applied && (planBy(history, applied.at) ?? history.words.find(isCarePlan));
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
  closing: (_closed, { words }) => (words.some(isCarePlan) ? 'completed' : 'disproved'),
};
