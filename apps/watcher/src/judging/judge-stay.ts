import {
  type Act,
  closingReason,
  type Continuation,
  continuedHistories,
  type History,
  type Instant,
  IntakeSequence,
  judge,
  type Outage,
  type StayEvent,
  planCallOf,
  stayProfile,
  type Timer,
  withdrawalKey,
} from '#libs/domain';
import { spanOf } from '../life/readmissions.ts';
import type { HubTime } from '../watermark/hub-time.ts';
import { changedDeviations } from '../deviations/changed-deviations.ts';
import { timedTasksOf, warningsOf } from './timed-tasks.ts';
import {
  growingHistory,
  type JudgingRules,
  type StayChanges,
  type Surroundings,
  type WatchedStay,
} from './watched-stay.ts';

/** Name of the deadline of a stay that is to be judged again for another reason than a deadline of its own. */
const AGAIN = 'again';
/** Name of the deadline at which a silent source is listened to again. */
const SILENCE = 'silence';
/** Name of the next deadline of a stay that no receipt can meet. */
const NEXT = 'next';

/**
 * Judges one stay (architecture 7). Pure: the same stay, surroundings and time of the hub give the same changes.
 *
 * An event taken in after the last known beat may lie in an outage that is not known yet, and its lateness would be
 * blamed on the ward: such a stay waits until the watermark, which never passes the beats, has passed that event.
 */
export function judgeStay(stay: WatchedStay, around: Surroundings, time: HubTime, rules: JudgingRules): StayChanges {
  const takenInLast = stay.events.sequence.events.at(-1)?.intakeAt;
  if (takenInLast === undefined) return emptied(stay, time, rules);
  if (takenInLast > time.knownUntil) {
    return { deviations: [], reminders: [], deadlines: new Map([[AGAIN, takenInLast]]) };
  }
  const history =
    historyAmong(stay.stayId, around, time.outages, rules) ?? stay.history(rules, time.outages, around.protection);
  const idOf = (key: string): string => stay.actId(key, rules.ids);
  const joinedIds = [...stay.events.joined].map((other) => (key: string) => rules.ids.delivery(other, key, 0));
  const received = receivedActs(stay.receipts, stay.events.byId, history, [idOf, ...joinedIds]);
  const { watermark, outages, now } = time;
  const suspected = around.suspected || around.silentUntil !== undefined;
  const { parameters } = rules;
  const judged = judge(history, {
    ...{ watermark, parameters, outages, received, deliveryId: idOf, suspected },
    ...(around.laterStays && { laterStays: around.laterStays }),
  });
  const duties = [...history.duties, ...warningsOf(judged.pending ?? [], history, parameters)];
  const reminders = timedTasksOf(duties, stay.reminders, {
    stayId: stay.stayId,
    watermark,
    now,
    parameters,
    cancelled: history.stay.state === 'cancelled',
    ward: history.stay.terms.organisation,
    idOf: ({ code, occasion }) => rules.ids.task(stay.stayId, code, occasion),
  });
  const deviations = changedDeviations(judged.deviations, stay.deviations, {
    stayId: stay.stayId,
    now,
    // The label follows everything said of a protected person, also before this stay has an event of its own after it.
    protection: history.stay.protection ?? around.protection?.label,
    idOf: ({ code, occasion }) => rules.ids.deviation(stay.stayId, code, occasion),
    reasonFor: (closed) => closingReason(closed, history, judged.deviations),
  });
  const isSilenceAwaited = around.silentUntil !== undefined && judged.deviations.some((one) => one.suspected);
  const counted = stayProfile(history.stay);
  const call = planCallOf(history);
  const profile = counted && { ...counted, ...(call && { call }) };
  return {
    ...{ deviations, reminders: reminders.changed },
    deadlines: new Map([
      ...deadlinesOf(judged.timers, reminders.timers, idOf),
      ...(isSilenceAwaited ? [[SILENCE, around.silentUntil] as const] : []),
    ]),
    profile,
    span: spanOf(profile, stay.patients(), stay.events.byId, history.stay.state === 'cancelled'),
  };
}

/** The history of a stay of a person who was transferred: it may go on from another (DEC-08). */
function historyAmong(
  stayId: string,
  { related }: Surroundings,
  outages: readonly Outage[],
  rules: JudgingRules,
): History | undefined {
  if (related.length === 0) return undefined;
  const byStay = new Map(related.map((one) => [one.stayId, one]));
  const tell = (id: string, continuation: Continuation): History => {
    const one = byStay.get(id);
    return growingHistory(rules, outages).of(new IntakeSequence(one?.events ?? []), one?.protection, continuation);
  };
  return continuedHistories(related, rules, tell, new Set([stayId])).get(stayId);
}

/**
 * A deadline that a receipt can meet bears the id of its act. Of all others the next one is enough: when it comes the stay is
 * judged anew, and that names the one after it.
 */
function* deadlinesOf(
  timers: readonly Timer[],
  reminders: readonly Instant[],
  idOf: (key: string) => string,
): Generator<readonly [name: string, at: Instant]> {
  let next = Math.min(...reminders);
  for (const { at, key } of timers) {
    if (key === undefined) next = Math.min(next, at);
    else yield [idOf(key), at];
  }
  if (next !== Infinity) yield [NEXT, next];
}

/** A mended translation moved all events to other stays: what was said of this one is disproved (architecture 2.5). */
function emptied(stay: WatchedStay, { now, watermark }: HubTime, rules: JudgingRules): StayChanges {
  const { stayId } = stay;
  const deviations = changedDeviations([], stay.deviations, {
    stayId,
    now,
    idOf: ({ code, occasion }) => rules.ids.deviation(stayId, code, occasion),
    reasonFor: () => 'withdrawn',
  });
  const { changed } = timedTasksOf([], stay.reminders, {
    stayId,
    watermark,
    now,
    parameters: rules.parameters,
    cancelled: true,
    ward: '',
    idOf: ({ code, occasion }) => rules.ids.task(stayId, code, occasion),
  });
  return { deviations, reminders: changed, deadlines: new Map() };
}

/**
 * When each act of a stay was first received, by the act's key. Receipts name acts by id; the rules name them by key.
 * An INFO whose time the ward stated is named by that as it was written; the version before named it by its instant. Its
 * notice stands as it was told then, so a receipt of that name is this act's: else a replay would call it undelivered.
 *
 * @param receipts when each was first there, by id of the act
 * @param events of the stay, by id
 * @param idsOf the id of an act or withdrawal by its key; in a stay that others are joined to, also that under which it was told
 *   while it was one of theirs: who had it then has had it since
 */
export function receivedActs(
  receipts: ReadonlyMap<string, Instant>,
  events: ReadonlyMap<string, StayEvent>,
  history: Pick<History, 'acts'>,
  idsOf: readonly ((key: string) => string)[],
): Map<string, Instant> {
  const received = new Map<string, Instant>();
  if (receipts.size === 0) return received;
  const receiptOf = (key: string): Instant | undefined => {
    let first: Instant | undefined;
    for (const idOf of idsOf) {
      const at = receipts.get(idOf(key));
      if (at !== undefined && (first === undefined || at < first)) first = at;
    }
    return first;
  };
  for (const act of history.acts) {
    const former = formerKey(act, events);
    const at = receiptOf(act.key) ?? (former === undefined ? undefined : receiptOf(former));
    if (at !== undefined) received.set(act.key, at);
    const withdrawal = withdrawalKey(act);
    const endedAt = withdrawal === undefined ? undefined : receiptOf(withdrawal);
    if (withdrawal !== undefined && endedAt !== undefined) received.set(withdrawal, endedAt);
  }
  return received;
}

/** The key that the version before gave an INFO act: its slot ends in the instant of its fact. */
function formerKey({ kind, key, slot, statedBy }: Act, events: ReadonlyMap<string, StayEvent>): string | undefined {
  if (kind !== 'INFO') return undefined;
  const facts = events.get(statedBy)?.facts ?? [];
  const fact = facts.find(({ code, stated }) => code === 'INFO' && stated !== undefined && slot.endsWith(`@${stated}`));
  if (fact?.stated === undefined) return undefined;
  const former = `${slot.slice(0, -fact.stated.length)}${fact.at}`;
  return key.replace(`|${slot}|`, `|${former}|`);
}
