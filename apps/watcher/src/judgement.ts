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
import type { IdMaker } from '#libs/platform';
import { changedDeviations } from './deviation-diff.ts';
import { receivedActs } from './received-acts.ts';
import { timedTasksOf } from './timed-tasks.ts';
import type { StayFile, Surroundings, Verdict } from './stay-file.ts';

/** What the judgement of every stay goes by. */
export interface Law {
  readonly directory: Directory;
  readonly parameters: (date: string) => Parameters;
  readonly ids: Pick<IdMaker, 'delivery' | 'deviation' | 'task'>;
}

/** Where the hub stands in time. */
export interface Standing {
  readonly watermark: Instant;
  /** The hub's clock. */
  readonly now: Instant;
  readonly outages: readonly Outage[];
  /** Outages are known up to here: the last beat and as long as a silence may be. */
  readonly knownUntil: Instant;
}

/** Name of the deadline of a stay that is to be judged again for another reason than a deadline of its own. */
export const AGAIN = 'again';
/** Name of the deadline at which a silent source is listened to again. */
const SILENCE = 'silence';

/**
 * Judges one stay from its file (architecture 7). Pure: the same file, surroundings and standing give the same verdict.
 *
 * An event taken in after the last known beat may lie in an outage that is not known yet, and its lateness would be
 * blamed on the ward: such a stay waits until the watermark, which never passes the beats, has passed that event.
 */
export function judgeStay(file: StayFile, around: Surroundings, standing: Standing, law: Law): Verdict {
  const events = [...file.events.values()].map((kept) => kept.event);
  if (events.length === 0) return emptied(file, standing, law);
  const takenInLast = Math.max(...events.map((event) => event.intakeAt));
  if (takenInLast > standing.knownUntil) {
    return { deviations: [], reminders: [], deadlines: new Map([[AGAIN, takenInLast]]) };
  }
  const history =
    historyAmong(file.stayId, around, standing.outages, law) ??
    historyWith({ events, protection: around.protection }, standing.outages, law);
  const received = receivedActs(file, history, law.ids);
  const { watermark, outages, now } = standing;
  const suspected = around.suspected || around.silentUntil !== undefined;
  const judged = judge(history, { watermark, parameters: law.parameters, outages, received, suspected });
  const reminders = timedTasksOf(history.duties, file.reminders, {
    stayId: file.stayId,
    watermark,
    now,
    parameters: law.parameters,
    cancelled: history.stay.state === 'cancelled',
    idOf: ({ code, occasion }) => law.ids.task(file.stayId, code, occasion),
  });
  const deviations = changedDeviations(judged.deviations, file.deviations, {
    stayId: file.stayId,
    now,
    // The label follows everything said of a protected person, also before this stay has an event of its own after it.
    protection: history.stay.protection ?? around.protection?.label,
    idOf: ({ code, occasion }) => law.ids.deviation(file.stayId, code, occasion),
    reasonFor: (closed) => closingReason(closed, history, judged.deviations),
  });
  const named = judged.timers.map(({ at, key }) => ({ at, name: key && law.ids.delivery(file.stayId, key, 0) }));
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
  { kin }: Surroundings,
  outages: readonly Outage[],
  law: Law,
): History | undefined {
  if (kin.length === 0) return undefined;
  const byStay = new Map(kin.map((one) => [one.stayId, one]));
  const tell = (id: string, continuation: Continuation): History =>
    historyWith({ events: [], ...byStay.get(id), continuation }, outages, law);
  return continuedHistories(kin, law, tell, new Set([stayId])).get(stayId);
}

interface Basis {
  readonly events: readonly StayEvent[];
  readonly protection?: PersonProtection | undefined;
  readonly continuation?: Continuation;
}

function historyWith({ events, protection, continuation }: Basis, outages: readonly Outage[], law: Law): History {
  return historyOf({
    events,
    directory: law.directory,
    parameters: law.parameters,
    judge: (event) => judgedTime(event, law.parameters(localDate(event.intakeAt)), outages),
    ...(protection && { protection }),
    ...(continuation && { continuation }),
  });
}

/** A deadline that a receipt can meet bears the act's id; the others their instant, for one row says enough of it. */
function byName(timers: readonly { at: Instant; name: string | undefined }[]): Map<string, Instant> {
  return new Map(timers.map(({ at, name }) => [name ?? String(at), at]));
}

/** A mended translation moved all events to other stays: what was said of this one is disproved (architecture 2.5). */
function emptied(file: StayFile, { now, watermark }: Standing, law: Law): Verdict {
  const { stayId } = file;
  const deviations = changedDeviations([], file.deviations, {
    stayId,
    now,
    idOf: ({ code, occasion }) => law.ids.deviation(stayId, code, occasion),
    reasonFor: () => 'withdrawn',
  });
  const { changed } = timedTasksOf([], file.reminders, {
    stayId,
    watermark,
    now,
    parameters: law.parameters,
    cancelled: true,
    idOf: ({ code, occasion }) => law.ids.task(stayId, code, occasion),
  });
  return { deviations, reminders: changed, deadlines: new Map() };
}
