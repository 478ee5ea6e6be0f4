import { continuedHistories } from '../acts/continuation.ts';
import type { Duty } from '../acts/duties.ts';
import { historyOf, type History } from '../acts/history.ts';
import { closingReason, judge } from '../deviations/registry.ts';
import { DEVIATION_CODES, HUB, type ClosingReason, type Deviation } from '../deviations/deviation.ts';
import type { PersonEvent } from '../events/person-event.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { withdrawalKey, type Act, type Withheld } from '../notices/act.ts';
import { inItsStay, joinedStays } from '../person/joined-stays.ts';
import { inStay, knownSince } from '../person/person-in-stay.ts';
import { claimOf, protectionIn } from '../person/protection.ts';
import { parametersOn, type Parameters } from '../rules/parameters.ts';
import { judgedTime, type Outage } from '../rules/judged-time.ts';
import type { Instant } from '../time/time.ts';
import { DIRECTORY, partyName } from './case-county.fixture.ts';
import { statedText, instantText } from './case-time.fixture.ts';

/** One thing that the domain answers, in the words of the cases. */
export interface Answered {
  readonly head: string;
  /** The head that a case gives where the rulebook leaves the rest of it open. */
  readonly shortHead?: string;
  /** Details that a case has to name, or it differs. */
  readonly strict: readonly string[];
  /** Details that a case may name. */
  readonly other: readonly string[];
}

/** What a case asks the domain. */
export interface Question {
  readonly events: readonly StayEvent[];
  readonly said: readonly PersonEvent[];
  readonly watermark: Instant;
  readonly outages: readonly Outage[];
  /** True when the receipt of a notice of this head (`Solna INS`) never came; else when it came, if not at once. */
  readonly receiptOf: (head: string) => Instant | 'never' | undefined;
  readonly rejected: boolean;
}

export interface Answer {
  readonly inForce: readonly Answered[];
  readonly withdrawn: readonly Answered[];
  readonly withheld: readonly Answered[];
  readonly duties: readonly Answered[];
  readonly deviations: readonly Answered[];
  readonly closed: readonly Answered[];
}

/** Everything that a case asks of the domain, and the only place that calls it. */
export function answerOf(question: Question): Answer {
  const { events, watermark } = question;
  const stays = judgedAt(question, watermark);
  const each = <T>(answers: (stay: JudgedStay) => readonly T[]): T[] => stays.flatMap((stay) => answers(stay));
  return {
    inForce: each(({ stayId, history }) => standing(history.acts).map((act) => noticeOf(stayId, act))),
    withdrawn: each(({ stayId, history }) => withdrawals(stayId, history.acts)),
    withheld: each(({ stayId, history }) => history.withheld.map((one) => withheldOf(stayId, one))),
    duties: each(({ stayId, history }) => dutiesOf(stayId, history.duties, watermark)),
    deviations: each(({ stayId, deviations }) => deviations.map((one) => deviationOf(stayId, one))),
    closed: closedBefore(question, stays, [...new Set([...events, ...question.said].map((event) => event.intakeAt))]),
  };
}

interface JudgedStay {
  readonly stayId: string;
  readonly history: History;
  readonly deviations: readonly Deviation[];
}

/** All stays as the watcher sees them at a watermark: by what was taken in until then. */
function judgedAt({ events, said, outages, receiptOf, rejected }: Question, watermark: Instant): JudgedStay[] {
  const told = said.filter((event) => event.intakeAt <= watermark);
  const joined = joinedStays(told);
  const taken = events.flatMap((event) => (event.intakeAt <= watermark ? [inItsStay(event, joined)] : []));
  const parameters = (date: string): Parameters => parametersOn(date);
  const byStay = Map.groupBy(taken, (event) => event.stayId);
  const stays = [...byStay].map(([stayId, own]) => ({
    stayId,
    events: [...own, ...inStay(own, told, (id) => `${id} ${stayId}`)],
  }));
  const claims = taken.flatMap((event) => claimOf(event) ?? []);
  const histories = continuedHistories(stays, { parameters }, (stayId, continuation) => {
    const own = stays.find((stay) => stay.stayId === stayId);
    const protection = protectionIn(knownSince(own?.events ?? []), claims);
    return historyOf({
      ...(protection && { protection }),
      ...{ events: own?.events ?? [], directory: DIRECTORY, continuation, parameters },
      judge: (event) => judgedTime(event, parameters('2026-05-04'), outages),
    });
  });
  return [...histories].map(([stayId, history]) => {
    const received = receipts(stayId, history.acts, receiptOf, watermark);
    const circumstances = {
      watermark,
      outages,
      received,
      deliveryId: (key: string) => key,
      suspected: rejected,
      parameters,
    };
    return { stayId, history, deviations: judge(history, circumstances).deviations };
  });
}

function receipts(
  stayId: string,
  acts: readonly Act[],
  receiptOf: Question['receiptOf'],
  watermark: Instant,
): Map<string, Instant> {
  const received = new Map<string, Instant>();
  for (const act of acts) {
    const at = receiptOf(headOf(stayId, act)) ?? act.at;
    if (at === 'never' || at > watermark) continue;
    received.set(act.key, at);
    const withdrawal = withdrawalKey(act);
    if (withdrawal !== undefined && act.ended) received.set(withdrawal, act.ended.at);
  }
  return received;
}

/** What was open right before some message was taken in and is not open at the end, with the reason that the domain gives. */
function closedBefore(question: Question, now: readonly JudgedStay[], intakes: readonly Instant[]): Answered[] {
  const open = new Set(now.flatMap(({ stayId, deviations }) => deviations.map((one) => deviationKey(stayId, one))));
  const closed = new Map<string, Answered>();
  for (const intake of intakes.filter((one) => one <= question.watermark)) {
    for (const { stayId, deviations } of judgedAt(question, intake - 1)) {
      for (const one of deviations) {
        const key = deviationKey(stayId, one);
        const after = now.find((stay) => stay.stayId === stayId);
        if (open.has(key) || !after) continue;
        const reason = CLOSING[closingReason(one, after.history, after.deviations)];
        closed.set(key, { head: `${prefix(stayId)}${one.code}`, strict: [], other: [reason] });
      }
    }
  }
  return [...closed.values()];
}

const CLOSING: Readonly<Record<ClosingReason, string>> = {
  withdrawn: 'återtagen',
  deceased: 'avliden',
  'no-need': 'inget behov',
  'came-late': 'kom för sent',
  completed: 'kompletterad',
  disproved: 'motbevisad',
};

function deviationKey(stayId: string, { code, occasion }: Deviation): string {
  return `${stayId}|${code}|${occasion}`;
}

/** The stay that a thing is of; the first needs no name. */
function prefix(stayId: string): string {
  return stayId === 'A' ? '' : `${stayId} `;
}

function headOf(stayId: string, { recipient, kind }: Pick<Act, 'recipient' | 'kind'>): string {
  return `${prefix(stayId)}${partyName(recipient)} ${kind}`;
}

/** Of each notice the latest version that stands, and how many stand. */
function standing(acts: readonly Act[]): { readonly act: Act; readonly count: number }[] {
  const slots = Map.groupBy(
    acts.filter((act) => !act.ended),
    ({ kind, recipient, slot }) => `${kind}|${recipient}|${slot}`,
  );
  return [...slots.values()].flatMap((versions) => {
    const act = versions.at(-1);
    return act ? [{ act, count: versions.length }] : [];
  });
}

function noticeOf(stayId: string, { act, count }: { readonly act: Act; readonly count: number }): Answered {
  const discharge = /^UTS#(\d+)$/.exec(act.slot)?.[1];
  const strict = [
    ...(count > 1 ? [`nr ${count}`] : []),
    ...(discharge !== undefined && discharge !== '1' ? [`utskrivning ${discharge}`] : []),
    ...(act.content.person.protection ? ['märkt'] : []),
  ];
  return { head: headOf(stayId, act), strict, other: contentOf(act) };
}

function contentOf({ content, ground }: Act): string[] {
  const { person } = content;
  const common = [`grund ${ground}`, `nummer ${person.identity.value}`, person.address ? 'med adress' : 'utan adress'];
  switch (content.kind) {
    case 'INS': {
      const expected = content.expectedDischarge;
      return [
        ...common,
        `behov ${content.ownNeed.join(' ')}`,
        expected ? `beräknad ${statedText(expected)}` : 'utan beräknad tid',
      ];
    }
    case 'BUT':
      return [...common, `beräknad ${statedText(content.expectedDischarge)}`];
    case 'UTK':
      return [...common, `sedan ${instantText(content.readySince)}`];
    case 'OPT-DECISION':
      return [...common, `beslutad ${instantText(content.decidedAt)}`];
    case 'UTS':
      return [...common, `utskriven ${statedText(content.dischargedAt)}`];
    case 'INFO':
      return [...common, `text "${content.text.replaceAll('\n', ' / ')}"`];
    case 'HOME':
      return [
        ...common,
        ...(content.awayFrom ? [`borta från ${statedText(content.awayFrom)}`] : []),
        ...(content.homeFrom ? [`hemma från ${statedText(content.homeFrom)}`] : []),
      ];
  }
}

function withdrawals(stayId: string, acts: readonly Act[]): Answered[] {
  const ended = new Map(acts.filter((act) => act.ended).map((act) => [withdrawalKey(act), act]));
  return [...ended.values()].map((act) => ({
    head: headOf(stayId, act),
    strict: act.ended?.protection ? ['märkt'] : [],
    other: [],
  }));
}

function withheldOf(stayId: string, withheld: Withheld): Answered {
  const because = {
    ...{ refused: 'vägrat', 'not-stated': 'grund saknas' },
    ...{ 'legal-form': 'ingen myndighet', protected: 'skyddad' },
  }[withheld.because];
  return { head: `${headOf(stayId, withheld)}: ${because}`, strict: [], other: [] };
}

/** Tasks by code and owner: how many there are of one code is the hub's to arrange. */
function dutiesOf(stayId: string, duties: readonly Duty[], watermark: Instant): Answered[] {
  const open = duties.filter(({ from }) => from === undefined || from <= watermark);
  const byHead = Map.groupBy(open, ({ code, owner }) => {
    return `${prefix(stayId)}${code} ${owner === 'operator' ? 'operatören' : 'sjukhuset'}`;
  });
  return [...byHead].map(([head, same]) => ({
    head,
    shortHead: head.slice(0, head.lastIndexOf(' ')),
    strict: [],
    other: same.flatMap(({ due, protection }) => [`senast ${instantText(due)}`, ...(protection ? ['märkt'] : [])]),
  }));
}

/** Codes that are judged per clock: of a later assessment a case has to say so. */
const PER_CLOCK: ReadonlySet<string> = new Set(['INS-01', 'INS-03', 'INS-04']);

/** Codes that are judged once per discharge: of the second one a case has to say so. */
const PER_DISCHARGE: ReadonlySet<string> = new Set(
  DEVIATION_CODES.filter((code) => /^UTS/.test(code) || ['BUT-01', 'UTK-01', 'UTK-03', 'TVG-03'].includes(code)),
);

function deviationOf(stayId: string, deviation: Deviation): Answered {
  const { code, occasion, party, severity, due, suspected, reason, units } = deviation;
  const isOfHub = code.startsWith('TEK');
  const strict = [
    `grad ${severity}`,
    ...(suspected ? ['misstänkt'] : []),
    ...(reason === 'ground-not-stated' ? ['grund saknas'] : []),
    ...(PER_CLOCK.has(code) && occasion !== '' ? ['senare behov'] : []),
    ...(PER_DISCHARGE.has(code) && occasion !== '1' ? [`utskrivning ${occasion}`] : []),
    ...((party === HUB) === isOfHub ? [] : [`hos ${party}`]),
  ];
  const other = [`senast ${instantText(due)}`, `enheter ${(units ?? []).map(partyName).join(' ')}`];
  return { head: `${prefix(stayId)}${code}`, strict, other };
}
