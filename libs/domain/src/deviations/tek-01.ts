import type { History } from '../acts/history.ts';
import { insClocks } from '../acts/ins-clocks.ts';
import { withdrawalKey, type Act } from '../notices/act.ts';
import { dischargeOf } from '../stay/stay.ts';
import { endOfLocalDay } from '../time/local-time.ts';
import type { Parameters } from '../rules/parameters.ts';
import { movedByOutages } from '../time/outages.ts';
import type { Instant } from '../time/time.ts';
import {
  deviationOf,
  firstRow,
  NOTHING,
  parametersAt,
  together,
  type Circumstances,
  type DeviationDefinition,
  type Judgement,
} from './definition.ts';
import { HUB } from './deviation.ts';

/** A notice or its withdrawal that did not reach its party in time: the hub's own (DEC-05). */
export const TEK_01: DeviationDefinition = {
  code: 'TEK-01',
  rows: firstRow('TEK-01', 'Ej levererat', 3, 'DEC-05', 'rules 6.2, 9'),
  party: 'hub',
  judge: (history, circumstances) => {
    const expected = [
      ...history.acts.map((act) => ({ key: act.key, act, due: deliveryDue(history, act, circumstances) })),
      ...withdrawals(history, circumstances),
    ];
    return together(expected.map((one) => delivered(one, history, circumstances)));
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
  // Ended before it had to be there, and never told: nothing is owed to anybody any more.
  if (received === undefined && act.ended && key === act.key) return NOTHING;
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

function legalDeadline({ stay }: History, act: Act, { parameters }: Circumstances): Instant | undefined {
  if (act.kind === 'INS' && act.follows === undefined) return insDue(stay, act, parameters);
  const discharge = dischargeOf(stay);
  return discharge && (act.kind === 'INFO' || act.kind === 'UTS') ? endOfLocalDay(discharge.at.start) : undefined;
}

/** The deadline of the clock of the recipient's own need; of several the earliest. */
function insDue(stay: History['stay'], { content }: Act, parameters: Circumstances['parameters']): Instant | undefined {
  const own = content.kind === 'INS' ? content.ownNeed : [];
  const clocks = insClocks(stay, parameters);
  return (clocks.find(({ needs }) => needs.some(({ scope }) => own.includes(scope))) ?? clocks[0])?.due;
}

/** Withdrawals of what was received: whoever has a notice must learn that it holds no more (MC-28). */
function withdrawals({ acts }: History, circumstances: Circumstances): Expected[] {
  const ended = new Map<string, Expected>();
  for (const act of acts) {
    const key = withdrawalKey(act);
    if (key === undefined || !act.ended || !circumstances.received.has(act.key)) continue;
    const { sent } = act.ended;
    ended.set(key, { key, act, due: sent + parametersAt(sent, circumstances).deliveryDeadline });
  }
  return [...ended.values()];
}
