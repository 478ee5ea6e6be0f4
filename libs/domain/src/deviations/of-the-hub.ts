import type { History } from '../acts/history.ts';
import type { InsClock } from '../acts/ins-duty.ts';
import { withdrawalKey, type Act } from '../notices/act.ts';
import { dischargeOf } from '../stay/stay.ts';
import { endOfLocalDay, type Instant } from '../time/time.ts';
import type { Parameters } from '../rules/parameters.ts';
import { movedByOutages } from '../rules/judged-time.ts';
import {
  deviationOf,
  firstRow,
  found,
  isConcern,
  NOTHING,
  parametersAt,
  together,
  type Circumstances,
  type DeviationDefinition,
  type Judgement,
} from './definition.ts';
import { HUB } from './deviation.ts';
import { clocksOf } from './inscription.ts';

/*
 * What is the hub's own: no ward and no recipient can do anything about it.
 *
 *   TEK-01  a notice or its withdrawal did not reach its party in time
 *   TEK-02  somebody was told beside the hub
 *   TEK-03  a need waits for a recipient past its deadline
 *   TEK-04  a message was taken in after one that was sent later
 */

/** A notice or its withdrawal that did not reach its party in time: the hub's own (DEC-05). */
export const TEK_01: DeviationDefinition = {
  code: 'TEK-01',
  rows: firstRow('TEK-01', 'Ej levererat', 3, 'DEC-05', 'rules 6.2, 9'),
  party: 'hub',
  judge: (history, circumstances) => {
    const told = history.acts.map((act) => {
      // Ended before it had to be there, and never told: nothing is owed to anybody any more.
      if (act.ended && !circumstances.received.has(act.key)) return NOTHING;
      const due = deliveryDue(history, act, circumstances);
      return delivered({ key: act.key, act, due }, history, circumstances);
    });
    const ended = withdrawals(history, circumstances).map((one) => delivered(one, history, circumstances));
    return together(ended.length === 0 ? told : [...told, ...ended]);
  },
  closing: () => 'disproved',
};

interface Expected {
  readonly key: string;
  readonly act: Act;
  readonly due: Instant;
}

function delivered({ key, act, due }: Expected, history: History, circumstances: Circumstances): Judgement {
  const from = due + parametersOf(act, circumstances).grace;
  const received = circumstances.received.get(key);
  if (received === undefined && circumstances.watermark < from) return { deviations: [], timers: [{ at: from, key }] };
  if (received !== undefined && received <= from) return NOTHING;
  const details = { occasion: key, party: HUB, due, evidence: [act.statedBy] };
  return { deviations: [deviationOf(TEK_01, history, act.sent, details)], timers: [] };
}

/**
 * From when a notice that is not known to be received is the hub's (TEK-01). A receipt that comes before has its stay judged no
 * further: whoever waits for one looks no earlier than this.
 */
export function overdueFrom(history: History, act: Act, circumstances: Circumstances): Instant {
  return deliveryDue(history, act, circumstances) + parametersOf(act, circumstances).grace;
}

/**
 * rules 9, tek01.due: the legal deadline of the notice while the hub could keep it, else an hour after the act. It could
 * when the act was taken in by the deadline, or when an outage moved that; a ward that is late itself leaves it the hour.
 */
function deliveryDue(history: History, act: Act, circumstances: Circumstances): Instant {
  const parameters = parametersOf(act, circumstances);
  const anHourLater = act.sent + parameters.deliveryDeadline;
  const legal = legalDeadline(history, act, circumstances);
  if (legal === undefined) return anHourLater;
  const moved = movedByOutages(legal, circumstances.outages, parameters);
  return act.sent <= moved && (act.at <= legal || moved !== legal) ? legal : anHourLater;
}

/** Remembered: a stay may have thousands of acts, each message has all of them judged, and local days are dear to find. */
const ROWS = new WeakMap<Act, { readonly by: Circumstances['parameters']; readonly row: Parameters }>();

/** The row of parameters that was in force when an act was sent. */
function parametersOf(act: Act, circumstances: Circumstances): Parameters {
  const known = ROWS.get(act);
  if (known?.by === circumstances.parameters) return known.row;
  const row = parametersAt(act.sent, circumstances);
  ROWS.set(act, { by: circumstances.parameters, row });
  return row;
}

function legalDeadline(history: History, act: Act, circumstances: Circumstances): Instant | undefined {
  if (act.kind === 'INS' && act.follows === undefined) return insDue(act, clocksOf(history, circumstances));
  const discharge = dischargeOf(history.stay);
  return discharge && (act.kind === 'INFO' || act.kind === 'UTS') ? endOfLocalDay(discharge.at.start) : undefined;
}

/** The deadline of the clock of the recipient's own need; of several the earliest. */
function insDue({ content }: Act, clocks: readonly InsClock[]): Instant | undefined {
  const own = content.kind === 'INS' ? content.ownNeed : [];
  return (clocks.find(({ needs }) => needs.some(({ scope }) => own.includes(scope))) ?? clocks[0])?.due;
}

/** Withdrawals of what was received: whoever has a notice must learn that it holds no more (MC-28). */
function withdrawals({ acts }: History, circumstances: Circumstances): Expected[] {
  const received = acts.filter((act) => act.ended && circumstances.received.has(act.key));
  if (received.length === 0) return [];
  const ended = new Map<string, Expected>();
  for (const act of received) {
    const key = withdrawalKey(act);
    if (key === undefined || !act.ended) continue;
    const { sent } = act.ended;
    ended.set(key, { key, act, due: sent + parametersAt(sent, circumstances).deliveryDeadline });
  }
  return [...ended.values()];
}

/**
 * A recipient was told by telephone, fax or paper beside the hub (rules 6.2), once for each that was recorded: what the notice
 * lacked the hub for is counted. The call meets no deadline and makes none.
 */
export const TEK_02: DeviationDefinition = {
  code: 'TEK-02',
  rows: firstRow('TEK-02', 'Reservkanal använd', 1, 'LUS 2:1', 'rules 6.2'),
  party: 'hub',
  judge: (history) =>
    found(
      history.calls.map(({ recipient, eventId, at }) =>
        deviationOf(TEK_02, history, at, {
          ...{ occasion: eventId, party: HUB, due: at, evidence: [eventId], units: [recipient] },
        }),
      ),
    ),
  // The record of the call was taken back.
  closing: () => 'disproved',
};

/** A need that still waits for a recipient when its notice should have been there: the hub's own (DEC-05). */
export const TEK_03: DeviationDefinition = {
  code: 'TEK-03',
  rows: firstRow('TEK-03', 'Okänd mottagaradress', 3, 'DEC-05', 'rules 6.2'),
  party: 'hub',
  judge: (history, circumstances) => {
    const waiting = history.duties.filter((duty) => duty.code === 'ROUTE-BY-HAND');
    const judged = waiting.map(({ due, occasion, statedBy, since }): Judgement => {
      const from = due + parametersAt(since, circumstances).grace;
      if (circumstances.watermark < from) return { deviations: [], timers: [{ at: from }] };
      const details = { occasion, party: HUB, due, evidence: [statedBy] };
      return { deviations: [deviationOf(TEK_03, history, since, details)], timers: [] };
    });
    return together(judged);
  },
  closing: () => 'completed',
};

/**
 * A message of the stay was taken in after one that was sent later (rules 6.2), once per stay: for those who run the hub, who
 * can ask the sender's engine why; a ward can do nothing about it. What an outage of the hub had
 * kept waiting is no fault of the sender's: such a message is judged by its sent time all the same (architecture 7).
 */
export const TEK_04: DeviationDefinition = {
  code: 'TEK-04',
  rows: firstRow('TEK-04', 'Meddelanden i fel ordning', 1, 'ARK 7', 'rules 6.2'),
  party: 'hub',
  judge: (history, { outages }) => {
    const { outOfOrder } = history.ward;
    if (!outOfOrder || !isConcern(history)) return NOTHING;
    const { event, after } = outOfOrder;
    if (outages.some(({ from, to }) => from <= after.intakeAt && event.sentAt <= to)) return NOTHING;
    const details = { party: HUB, due: event.sentAt, evidence: [event.eventId, after.eventId] };
    return { deviations: [deviationOf(TEK_04, history, event.sentAt, details)], timers: [] };
  },
  closing: () => 'disproved',
};
