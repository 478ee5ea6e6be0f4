import type { History } from '../acts/history.ts';
import type { NeedScope } from '../codes/scope.ts';
import { consentTo } from '../disclosure/stated-grounds.ts';
import type { PlanCall } from '../patterns/stay-profile.ts';
import { bankDayOn } from '../rules/bank-days.ts';
import type { TakenWord } from '../answers/party-words.ts';
import { endOfDate, type Instant, localDate, plusDays } from '../time/time.ts';
import { movedByOutages } from '../rules/judged-time.ts';
import {
  deviationOf,
  firstRow,
  isConcern,
  leftForHome,
  NOTHING,
  oncePassed,
  oncePerHistory,
  oncePerJudgement,
  parametersAt,
  together,
  type Circumstances,
  type DeviationDefinition,
  type Judgement,
} from './definition.ts';
import { inscribedUnits } from './inscription.ts';
import { answersThroughHub, holdings, isOpenCareUnit, isRightCall, looksFor, type Holding } from './recipients.ts';
import { dischargeOf } from '../stay/stay.ts';

/*
 * The call to a co-ordinated individual plan (LUS 4:1, 4:3): sent by the fixed contact in the region's open care, at latest three
 * days after it was told that the patient is ready.
 *
 *   SIP-01  no such call. It is said at the end of the bank day on which the time runs out (LAW-64); the stricter reading, which
 *           knows no bank days, is when the clinic is warned
 *   SIP-02  the call came after that
 *   SIP-03  a unit with an INS was not called
 *   SIP-04  called by another than the region's open care: kept, and it satisfies nobody (DEC-12)
 *
 * One duty per UTK, of one clinic: that which appointed the contact, else the one where the patient is listed. A call by any of
 * the region's open care fulfils it. There is none where one principal alone has the need, where the person has said no, on
 * the way to open compulsory care, after a transfer or a death (DEC-08, DEC-11, DEC-12).
 */

/** Both principals are needed: municipal health care always has the region's doctor with it (DEC-12). */
function needsBoth({ stay }: History): boolean {
  const isNeeded = (wanted: NeedScope): boolean => stay.need?.scopes.some(({ scope }) => scope === wanted) ?? false;
  return isNeeded('KHSL') || (isNeeded('SOC') && isNeeded('ROV'));
}

/** True where no plan is to be made, whatever the need. */
const isRuledOut = oncePerHistory((history): boolean => {
  const { stay, words } = history;
  const discharge = dischargeOf(stay);
  if (!isConcern(history) || stay.openCompulsoryCare || (discharge && !leftForHome(discharge))) return true;
  if (stay.recorded.some(({ code, values }) => code === 'OPPOSED' && values[0] !== 'N')) return true;
  if (words.some(({ says }) => says.kind === 'opposed' || (says.kind === 'sip-declined' && says.by === 'PERSON')))
    return true;
  return inscribedUnits(history).some(({ party, scopes }) => consentTo(stay.disclosures, scopes, party.id) === 'no');
});

/** Whether there was a call by the region's open care, however late; undefined where no plan was to be called to. */
export function planCallOf(history: History): PlanCall | undefined {
  if (!needsBoth(history) || isRuledOut(history)) return undefined;
  return history.words.some(isRightCall) ? 'called' : 'not-called';
}

/** The duty of one readiness. */
interface CallDuty {
  readonly holding: Holding & { readonly received: Instant };
  /** Every clinic that has the UTK. */
  readonly clinics: readonly string[];
  /** The end of the third day. */
  readonly strict: Instant;
  /** The end of the bank day that the third day gives way to. */
  readonly due: Instant;
  readonly first: TakenWord | undefined;
}

const callDuty = oncePerJudgement((history, circumstances): CallDuty | Judgement => {
  if (!needsBoth(history) || isRuledOut(history)) return NOTHING;
  const told = holdings(history, circumstances, 'UTK').filter(
    ({ unit, act, received }) =>
      isOpenCareUnit(unit) && answersThroughHub(unit.party, 'SIP-CALL', received ?? act.sent),
  );
  const [responsible] = told.toSorted((a, b) => rankOf(a, history) - rankOf(b, history) || order(a, b));
  if (!responsible) return NOTHING;
  const { act, received } = responsible;
  if (received === undefined) {
    const { strict, due } = dueAfter(act.sent, circumstances);
    return together([strict, due].map((end) => looksFor(act, end, history, circumstances)));
  }
  const first = history.words.find(isRightCall);
  const clinics = told.map(({ unit }) => unit.party.id);
  return { holding: { ...responsible, received }, clinics, ...dueAfter(received, circumstances), first };
});

function dueAfter(told: Instant, circumstances: Circumstances): Pick<CallDuty, 'strict' | 'due'> {
  const last = plusDays(localDate(told), parametersAt(told, circumstances).callDays);
  return { strict: endOfDate(last), due: endOfDate(bankDayOn(last)) };
}

function rankOf({ unit }: Holding, { words }: History): number {
  const appointed = words.some(({ party, says }) => party === unit.party.id && says.kind === 'contact-appointed');
  return appointed ? 0 : unit.roles.includes('clinic') ? 1 : 2;
}

function order(a: Holding, b: Holding): number {
  return a.unit.party.id < b.unit.party.id ? -1 : 1;
}

export const SIP_01: DeviationDefinition = {
  code: 'SIP-01',
  rows: firstRow(
    'SIP-01',
    'Kallelse till SIP saknas',
    3,
    'LUS 4:3',
    'rules 6.2; LAW-63; LAW-64 (bank days, unsure); DEC-12',
  ),
  party: 'recipient',
  warning: 'Kallelse till SIP är inte skickad. Tre dagar räknat från underrättelsen.',
  judge: (history, circumstances) => {
    const duty = callDuty(history, circumstances);
    if (!('holding' in duty)) return duty;
    if (duty.first) return NOTHING;
    const { holding, due, strict, clinics } = duty;
    const { act, received, unit } = holding;
    const details = { occasion: act.statedBy, party: unit.party.id, due, evidence: [act.statedBy], units: clinics };
    const make = () => deviationOf(SIP_01, history, received, details);
    // Where both readings end on the same day, the share of the time that is left is the warning.
    const warning = { begins: received, ...(strict < due && { warnAt: strict }) };
    return oncePassed(due, circumstances, parametersAt(received, circumstances), make, warning);
  },
  closing: (_closed, history, open) =>
    open.some(({ code }) => code === 'SIP-02') || history.words.some(isRightCall) ? 'came-late' : 'disproved',
};

export const SIP_02: DeviationDefinition = {
  code: 'SIP-02',
  rows: firstRow('SIP-02', 'Kallelse till SIP för sent', 2, 'LUS 4:3', 'rules 6.2; LAW-64 (bank days, unsure)'),
  party: 'recipient',
  judge: (history, circumstances) => {
    const duty = callDuty(history, circumstances);
    if (!('holding' in duty) || !duty.first) return NOTHING;
    const { holding, due, first } = duty;
    const { act, received } = holding;
    if (first.sent < movedByOutages(due, circumstances.outages, parametersAt(received, circumstances))) return NOTHING;
    const evidence = [act.statedBy, first.eventId];
    const details = { occasion: act.statedBy, party: first.party, due, evidence, units: [first.party] };
    return { deviations: [deviationOf(SIP_02, history, received, details)], timers: [] };
  },
  closing: () => 'disproved',
};

export const SIP_03: DeviationDefinition = {
  code: 'SIP-03',
  rows: firstRow('SIP-03', 'Kallelse till SIP saknar part', 2, 'LUS 4:1', 'rules 6.2; LAW-61'),
  party: 'recipient',
  judge: (history) => {
    const calls = history.words.filter(isRightCall);
    if (calls.length === 0 || isRuledOut(history)) return NOTHING;
    const concerned = inscribedUnits(history);
    const everyone = new Set(
      calls.flatMap(({ party, says }) => [party, ...(says.kind === 'sip-called' ? says.invited : [])]),
    );
    const [first] = calls;
    if (!first) return NOTHING;
    // One who became concerned only after the call could not be called by it.
    const missing = concerned.filter(
      ({ party }) => !everyone.has(party.id) && wasToldBefore(history, party.id, first.sent),
    );
    if (missing.length === 0) return NOTHING;
    const details = {
      ...{ occasion: first.party, party: first.party, due: first.sent, evidence: calls.map(({ eventId }) => eventId) },
      units: missing.map(({ party }) => party.id),
    };
    return { deviations: [deviationOf(SIP_03, history, first.sent, details)], timers: [] };
  },
  closing: () => 'completed',
};

function wasToldBefore({ acts }: History, party: string, instant: Instant): boolean {
  return acts.some((act) => act.kind === 'INS' && act.recipient === party && !act.ended && act.sent <= instant);
}

export const SIP_04: DeviationDefinition = {
  code: 'SIP-04',
  rows: firstRow('SIP-04', 'Kallad till SIP av fel roll', 1, 'LUS 4:3', 'rules 6.2; DEC-12'),
  party: 'recipient',
  judge: (history) => {
    const calls = history.words.filter((word) => word.says.kind === 'sip-called' && !isRightCall(word));
    if (calls.length === 0 || !isConcern(history)) return NOTHING;
    return together(
      calls.map(({ party, eventId, sent }) => ({
        deviations: [deviationOf(SIP_04, history, sent, { occasion: eventId, party, due: sent, evidence: [eventId] })],
        timers: [],
      })),
    );
  },
  closing: () => 'disproved',
};
