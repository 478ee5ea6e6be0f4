import type { Finding, Severity } from './deviation.ts';
import { addresseesOf, type Addressee } from './addressees.ts';
import { hasInsDuty, informationDueAt, insDueAt, isReal, movedByOutages, type Outage } from './deadlines.ts';
import { groundFor } from './grounds.ts';
import type { History } from './history.ts';
import { missingItems } from './ins-items.ts';
import { daysBetween } from './local-time.ts';
import { withdrawalKey, type Act } from './notice.ts';
import type { Parameters } from './rules/parameters.ts';
import { dischargeOf, type Discharge } from './stay.ts';
import type { Instant } from './time.ts';

/**
 * What did not come, whose it is, and which rule says so (architecture 4, 7; domain.md 6.2, 12.1).
 *
 * A finding is open as long as this function names it; it names nothing as absent before the watermark has passed the
 * deadline and its grace. What was handed to the hub is the ward's (DEC-05); whether the hub passed it on is TEK-*.
 */
export interface Circumstances {
  /** Everything that the hub acknowledged at or before this has been applied. */
  readonly watermark: Instant;
  readonly parameters: Parameters;
  readonly outages: readonly Outage[];
  /** When each notice was first received, by key of the act or of its withdrawal. */
  readonly received: ReadonlyMap<string, Instant>;
  /** True while a message with this stay's key lies unresolved in `rejected`: absences are suspected only. */
  readonly suspected: boolean;
}

export interface Judgement {
  readonly findings: readonly Finding[];
  /** When the stay has to be judged again though nothing comes: every instant later than the watermark. */
  readonly timers: readonly Timer[];
}

/** `key` is the act or withdrawal that a receipt can make needless to judge; absent for the ward's deadlines. */
export interface Timer {
  readonly at: Instant;
  readonly key?: string;
}

/** Judges one stay at one watermark. Pure: the same history and circumstances give the same findings. */
export function judge(history: History, circumstances: Circumstances): Judgement {
  const judgements = [
    inscription(history, circumstances),
    information(history, circumstances),
    unannouncedShift(history, circumstances),
    delivery(history, circumstances),
    byHand(history, circumstances),
  ];
  return {
    findings: judgements.flatMap((judgement) => judgement.findings),
    timers: judgements.flatMap((judgement) => judgement.timers).filter((timer) => timer.at > circumstances.watermark),
  };
}

const NOTHING: Judgement = { findings: [], timers: [] };

type Details = Pick<Finding, 'code' | 'severity' | 'due' | 'evidence'> & Partial<Finding>;

function ofWard(history: History, details: Details): Finding {
  return { occasion: '', party: history.stay.terms.organisation, suspected: false, ...details };
}

/** When an absence may be said of a deadline: moved by outages, plus what transport may take. */
function saidFrom(due: Instant, { outages, parameters }: Circumstances): Instant {
  return movedByOutages(due, outages, parameters) + parameters.grace;
}

/** True when somebody has to be told of the stay: a need of its own, or those whom the stay before has told (DEC-01, DEC-08). */
function isConcern({ stay, kept }: History): boolean {
  return hasInsDuty(stay) || (kept.length > 0 && isReal(stay));
}

/**
 * INS-01 to INS-05 (LUS 2:1-3; DEC-02, DEC-04, DEC-07). Where the stay before has sent an INS that stands, the duty to send
 * one is met (DEC-08: "its INS duty only if none was sent"); one that is sent all the same has the items of LUS 2:2.
 */
function inscription(history: History, circumstances: Circumstances): Judgement {
  const { stay, ward } = history;
  const due = insDueAt(stay, circumstances.parameters);
  if (due === undefined || !stay.need) return NOTHING;
  const evidence = [stay.need.statedBy];
  if (history.kept.length > 0) return { findings: incomplete(history, evidence), timers: [] };
  if (isAfterTheFact(history)) return { findings: [afterTheFact(history, due, circumstances)], timers: [] };
  if (!ward.ins) {
    const from = saidFrom(due, circumstances);
    if (circumstances.watermark < from) return { findings: [], timers: [{ at: from }] };
    const { suspected } = circumstances;
    return { findings: [ofWard(history, { code: 'INS-01', severity: 4, due, evidence, suspected })], timers: [] };
  }
  const findings: Finding[] = [];
  const shown = [...evidence, ward.ins.event.eventId];
  if (ward.ins.sent > movedByOutages(due, circumstances.outages, circumstances.parameters)) {
    findings.push(ofWard(history, { code: lateCode(history), severity: 3, due, evidence: shown }));
  }
  return { findings: [...findings, ...incomplete(history, evidence)], timers: [] };
}

/** INS-05: an item of LUS 2:2 was never in the INS that was sent. */
function incomplete(history: History, evidence: readonly string[]): Finding[] {
  const { stay, ward } = history;
  if (!ward.ins || ward.insComplete || missingItems(stay).length === 0) return [];
  const shown = [...evidence, ward.ins.event.eventId];
  return [ofWard(history, { code: 'INS-05', severity: 3, due: ward.ins.sent, evidence: shown })];
}

/** DEC-04: a need assessed at or before admission, or without a time of its own, is the admission's. */
function lateCode({ stay }: History): 'INS-03' | 'INS-04' {
  const later = stay.need?.ownTime === true && stay.admittedAt !== undefined && stay.need.assessedAt > stay.admittedAt;
  return later ? 'INS-04' : 'INS-03';
}

/**
 * DEC-07: need recorded and no INS before the discharge (a transfer is none), or a UTK while there is no INS at all: a later
 * message shows that the INS was missing.
 */
function isAfterTheFact({ stay, ward }: History): boolean {
  const discharge = dischargeOf(stay);
  if (discharge && ward.discharge && discharge.leaving !== 'transfer') {
    return !ward.ins || ward.ins.index >= ward.discharge.index;
  }
  return !ward.ins && ward.ready !== undefined;
}

function afterTheFact(history: History, due: Instant, { parameters }: Circumstances): Finding {
  const { stay, ward } = history;
  const discharge = dischargeOf(stay);
  const short =
    discharge !== undefined &&
    stay.admittedAt !== undefined &&
    discharge.at.start - stay.admittedAt < parameters.shortStay;
  const shownBy = discharge ? ward.discharge : ward.ready;
  return ofWard(history, {
    code: 'INS-02',
    severity: short ? 3 : 4,
    due: Math.min(due, shownBy?.sent ?? due),
    evidence: [stay.need?.statedBy, shownBy?.event.eventId].filter((id) => id !== undefined),
  });
}

/** UTS-01 and UTS-02 (LUS 3:2; DEC-03, DEC-04, DEC-06), once per discharge. */
function information(history: History, circumstances: Circumstances): Judgement {
  const { stay, ward, kept } = history;
  if (!isConcern(history) || stay.terms.info === 'elsewhere') return NOTHING;
  if (!ward.ins && kept.length === 0) return NOTHING;
  const all = stay.discharges
    .filter((discharge) => discharge.leaving === 'home' || discharge.leaving === 'against-advice')
    .map((discharge) => informationOf(history, discharge, circumstances));
  return { findings: all.flatMap((one) => one.findings), timers: all.flatMap((one) => one.timers) };
}

function informationOf(history: History, discharge: Discharge, circumstances: Circumstances): Judgement {
  const due = informationDueAt(discharge);
  const moved = movedByOutages(due, circumstances.outages, circumstances.parameters);
  const own = history.recipients.resolved.filter((unit) =>
    history.acts.some((act) => act.kind === 'INS' && act.recipient === unit.party.id && !act.ended),
  );
  const units = addresseesOf(own, history.kept).map((unit) => informationTo(history, unit, moved));
  const occasion = String(discharge.n);
  const evidence = [discharge.statedBy];
  const missing = units.filter((unit) => unit === 'missing' || unit === 'ground-not-stated');
  if (missing.length > 0) {
    const from = moved + circumstances.parameters.grace;
    if (circumstances.watermark < from) return { findings: [], timers: [{ at: from }] };
    const onlyGround = !missing.includes('missing');
    return {
      findings: [
        ofWard(history, {
          code: 'UTS-01',
          occasion,
          severity: onlyGround ? 2 : 4,
          due,
          evidence,
          suspected: circumstances.suspected,
          ...(onlyGround && { reason: 'ground-not-stated' as const }),
        }),
      ],
      timers: [],
    };
  }
  if (!units.includes('late')) return NOTHING;
  return { findings: [ofWard(history, { code: 'UTS-02', occasion, severity: 3, due, evidence })], timers: [] };
}

type Told = 'in-time' | 'late' | 'withheld' | 'ground-not-stated' | 'missing';

function informationTo(history: History, unit: Addressee, due: Instant): Told {
  const { stay, acts } = history;
  const told = acts.filter((act) => act.kind === 'INFO' && act.recipient === unit.party.id && !act.ended);
  // One whom only the stay before has told could not be told before that was known: that is not this ward's lateness.
  const latest = unit.ownNeed || !unit.kept ? due : Math.max(due, unit.kept.since);
  if (told.length > 0) return told.some((act) => act.sent <= latest) ? 'in-time' : 'late';
  const decision = groundFor(stay.terms.legalForm, unit.party.legalForm, unit.scopes, stay.disclosures);
  if ('ground' in decision) return 'missing';
  if (decision.withheld === 'refused') return 'withheld';
  const stated = stay.infos.some((info) =>
    info.scopes.some((scope) => (unit.scopes as readonly string[]).includes(scope)),
  );
  return stated ? 'ground-not-stated' : 'missing';
}

/**
 * BUT-01 (LUS 2:4; LAW-27): discharged on another day than this ward last told, and no word of it before. What the ward of
 * the stay before told is no evidence against this one.
 */
function unannouncedShift(history: History, { parameters }: Circumstances): Judgement {
  const { stay, ward, kept } = history;
  const discharge = dischargeOf(stay);
  if (!discharge || !ward.discharge || !ward.lastExpected || !isConcern(history)) return NOTHING;
  if (!ward.ins && kept.length === 0) return NOTHING;
  if (discharge.leaving !== 'home' && discharge.leaving !== 'against-advice') return NOTHING;
  const shift = Math.abs(daysBetween(ward.lastExpected.start, discharge.at.start));
  if (shift <= parameters.unannouncedShiftDays) return NOTHING;
  const finding = ofWard(history, {
    code: 'BUT-01',
    occasion: String(discharge.n),
    severity: 3,
    due: ward.discharge.sent,
    evidence: [ward.lastExpected.statedBy, discharge.statedBy],
  });
  return { findings: [finding], timers: [] };
}

/** TEK-01: a notice or its withdrawal that did not reach its party in time; the hub's own (DEC-05). */
function delivery(history: History, circumstances: Circumstances): Judgement {
  const expected = [
    ...history.acts.map((act) => ({ key: act.key, act, due: deliveryDue(history, act, circumstances) })),
    ...withdrawals(history, circumstances),
  ];
  const all = expected.map(({ key, act, due }) => delivered(key, act, due, circumstances));
  return { findings: all.flatMap((one) => one.findings), timers: all.flatMap((one) => one.timers) };
}

function delivered(key: string, act: Act, due: Instant, circumstances: Circumstances): Judgement {
  const from = due + circumstances.parameters.grace;
  const received = circumstances.received.get(key);
  // Ended before it had to be there, and never told: nothing is owed to anybody any more.
  if (received === undefined && act.ended && key === act.key) return NOTHING;
  if (received === undefined && circumstances.watermark < from) return { findings: [], timers: [{ at: from, key }] };
  if (received !== undefined && received <= from) return NOTHING;
  const evidence = [act.statedBy];
  const finding: Finding = { code: 'TEK-01', occasion: key, party: HUB, severity: 3, due, suspected: false, evidence };
  return { findings: [finding], timers: [] };
}

/** The party that a deviation of the hub itself is attributed to. */
export const HUB = 'hub';

/**
 * domain.md 9, tek01.due: the legal deadline of the notice while the hub could keep it, else an hour after the act. It could
 * when the act was taken in by then; an outage over the deadline is no excuse, it is what makes it the hub's.
 */
function deliveryDue(history: History, act: Act, { outages, parameters }: Circumstances): Instant {
  const anHourLater = act.sent + parameters.deliveryDeadline;
  const legal = legalDeadline(history, act, parameters);
  if (legal === undefined) return anHourLater;
  const moved = movedByOutages(legal, outages, parameters);
  return act.sent <= moved && (act.at <= legal || moved !== legal) ? legal : anHourLater;
}

function legalDeadline({ stay }: History, act: Act, parameters: Parameters): Instant | undefined {
  if (act.kind === 'INS' && act.follows === undefined) return insDueAt(stay, parameters);
  const discharge = dischargeOf(stay);
  return discharge && (act.kind === 'INFO' || act.kind === 'UTS') ? informationDueAt(discharge) : undefined;
}

/** Withdrawals of what was received: whoever has a notice must learn that it holds no more (standards MC-28). */
function withdrawals(
  { acts }: History,
  { parameters, received }: Circumstances,
): { key: string; act: Act; due: Instant }[] {
  const ended = new Map<string, { key: string; act: Act; due: Instant }>();
  for (const act of acts) {
    const key = withdrawalKey(act);
    if (key === undefined || !act.ended || !received.has(act.key)) continue;
    ended.set(key, { key, act, due: act.ended.sent + parameters.deliveryDeadline });
  }
  return [...ended.values()];
}

/** TEK-03: a need that still waits for a recipient when its notice should have been there; the hub's own (DEC-05). */
function byHand(history: History, circumstances: Circumstances): Judgement {
  const waiting = history.duties.filter((duty) => duty.code === 'ROUTE-BY-HAND');
  const judged = waiting.map((duty): Judgement => {
    const from = Math.max(duty.due, duty.since) + circumstances.parameters.grace;
    if (circumstances.watermark < from) return { findings: [], timers: [{ at: from }] };
    const severity: Severity = 3;
    const { due, occasion, statedBy } = duty;
    return {
      findings: [{ code: 'TEK-03', occasion, party: HUB, severity, due, suspected: false, evidence: [statedBy] }],
      timers: [],
    };
  });
  return { findings: judged.flatMap((one) => one.findings), timers: judged.flatMap((one) => one.timers) };
}

/** Why a finding that was open is not any more; codes for the record's `deviation-reason` (domain.md 6.2, guards). */
export type ClosingReason = 'withdrawn' | 'deceased' | 'no-need' | 'came-late' | 'completed' | 'disproved';

/** The reason to close a finding that `judge` no longer names (DEC-04, DEC-08, DEC-15). */
export function closingReason(
  closed: Pick<Finding, 'code' | 'occasion'>,
  history: History,
  open: readonly Finding[],
): ClosingReason {
  const { stay } = history;
  if (stay.state === 'cancelled') return 'withdrawn';
  if (stay.deceased) return 'deceased';
  if (!isConcern(history)) return 'no-need';
  if (closed.code === 'INS-01' && open.some((one) => ['INS-02', 'INS-03', 'INS-04'].includes(one.code)))
    return 'came-late';
  if (closed.code === 'UTS-01' && open.some((one) => one.code === 'UTS-02' && one.occasion === closed.occasion)) {
    return 'came-late';
  }
  if (closed.code.startsWith('UTS') && !dischargeOf(stay)) return 'withdrawn';
  if (closed.code === 'BUT-01' && !dischargeOf(stay)) return 'withdrawn';
  if (closed.code === 'INS-05' || closed.code === 'TEK-03') return 'completed';
  return 'disproved';
}
