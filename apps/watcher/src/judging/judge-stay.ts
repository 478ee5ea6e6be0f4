import {
  closingReason,
  continuedHistories,
  historyOf,
  judge,
  judgedTime,
  localDate,
  type Continuation,
  type Directory,
  type History,
  type Instant,
  type Outage,
  type Parameters,
  type PersonProtection,
  type StayEvent,
} from '#libs/domain';
import type { DeviationRecord, TaskRecord } from '#libs/fhir';
import type { IdMaker } from '#libs/platform';
import { changedDeviations } from './changed-deviations.ts';
import { receivedActs } from './received-acts.ts';
import { timedTasksOf } from './timed-tasks.ts';
import type { HubTime } from '../watermark/hub-time.ts';
import type { Surroundings, WatchedStay } from './watched-stay.ts';

/** What the judgement of every stay goes by. */
export interface JudgingRules {
  readonly directory: Directory;
  readonly parameters: (date: string) => Parameters;
  readonly ids: Pick<IdMaker, 'delivery' | 'deviation' | 'task'>;
}

/** What a judgement changes of a stay. */
export interface StayChanges {
  readonly deviations: readonly DeviationRecord[];
  readonly reminders: readonly TaskRecord[];
  /** All deadlines from now on. */
  readonly deadlines: ReadonlyMap<string, Instant>;
}

/** Name of the deadline of a stay that is to be judged again for another reason than a deadline of its own. */
const AGAIN = 'again';
/** Name of the deadline at which a silent source is listened to again. */
const SILENCE = 'silence';

/**
 * Judges one stay (architecture 7). Pure: the same stay, surroundings and time of the hub give the same changes.
 *
 * An event taken in after the last known beat may lie in an outage that is not known yet, and its lateness would be
 * blamed on the ward: such a stay waits until the watermark, which never passes the beats, has passed that event.
 */
export function judgeStay(stay: WatchedStay, around: Surroundings, time: HubTime, rules: JudgingRules): StayChanges {
  const events = [...stay.events.values()].map((kept) => kept.event);
  if (events.length === 0) return emptied(stay, time, rules);
  const takenInLast = Math.max(...events.map((event) => event.intakeAt));
  if (takenInLast > time.knownUntil) {
    return { deviations: [], reminders: [], deadlines: new Map([[AGAIN, takenInLast]]) };
  }
  const history =
    historyAmong(stay.stayId, around, time.outages, rules) ??
    historyWith({ events, protection: around.protection }, time.outages, rules);
  const received = receivedActs(stay, history, rules.ids);
  const { watermark, outages, now } = time;
  const suspected = around.suspected || around.silentUntil !== undefined;
  const judged = judge(history, { watermark, parameters: rules.parameters, outages, received, suspected });
  const reminders = timedTasksOf(history.duties, stay.reminders, {
    stayId: stay.stayId,
    watermark,
    now,
    parameters: rules.parameters,
    cancelled: history.stay.state === 'cancelled',
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
  const named = judged.timers.map(({ at, key }) => ({ at, name: key && rules.ids.delivery(stay.stayId, key, 0) }));
  const unnamed = reminders.timers.map((at) => ({ at, name: undefined }));
  const silence =
    around.silentUntil !== undefined && judged.deviations.some((one) => one.suspected)
      ? [{ at: around.silentUntil, name: SILENCE }]
      : [];
  return { deviations, reminders: reminders.changed, deadlines: byName([...named, ...unnamed, ...silence]) };
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
  const tell = (id: string, continuation: Continuation): History =>
    historyWith({ events: [], ...byStay.get(id), continuation }, outages, rules);
  return continuedHistories(related, rules, tell, new Set([stayId])).get(stayId);
}

interface Basis {
  readonly events: readonly StayEvent[];
  readonly protection?: PersonProtection | undefined;
  readonly continuation?: Continuation;
}

function historyWith(
  { events, protection, continuation }: Basis,
  outages: readonly Outage[],
  rules: JudgingRules,
): History {
  return historyOf({
    events,
    directory: rules.directory,
    parameters: rules.parameters,
    judge: (event) => judgedTime(event, rules.parameters(localDate(event.intakeAt)), outages),
    ...(protection && { protection }),
    ...(continuation && { continuation }),
  });
}

/** A deadline that a receipt can meet bears the act's id; the others their instant, for one row says enough of it. */
function byName(timers: readonly { at: Instant; name: string | undefined }[]): Map<string, Instant> {
  return new Map(timers.map(({ at, name }) => [name ?? String(at), at]));
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
    idOf: ({ code, occasion }) => rules.ids.task(stayId, code, occasion),
  });
  return { deviations, reminders: changed, deadlines: new Map() };
}
