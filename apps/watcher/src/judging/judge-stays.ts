import type { County } from '#libs/county';
import { HUB, isForPatternsOnly, makesCase } from '#libs/domain';
import { type DeviationRecord, type TaskRecord, writeDeviation, writeTask } from '#libs/fhir';
import { type BatchContext, type InRecord, isTopicPart, type OutRecord, type TopicNames } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { childTrace, type IdMaker } from '#libs/platform';
import { GivingWay, type KeptStays, type StayCache } from '#libs/stays';
import type { SilentSenders } from '../senders/silence.ts';
import type { HubTime } from '../watermark/hub-time.ts';
import { followStays } from '../life/apply-to-cases.ts';
import { PUT_DEVIATIONS } from '../deviations/deviation.queries.ts';
import { judgeStay } from './judge-stay.ts';
import { PUT_DEADLINES, PUT_REMINDERS, REMOVE_DEADLINES } from './judging.queries.ts';
import { surroundingsOf, type JudgingRules, type StayChanges, type WatchedStay } from './watched-stay.ts';

/** What judgements go by, what their records are made with, and the stays that are kept in memory. */
export interface JudgingParts {
  readonly county: { snapshot(): Pick<County, 'version' | 'directory'> };
  readonly rules: Omit<JudgingRules, 'directory'>;
  readonly recordParts: RecordParts;
  readonly silentSenders: SilentSenders;
  readonly cache: StayCache<WatchedStay>;
}

/** What one transaction judges by: one county from the first stay taken out of memory to the last put back. */
export interface Judging extends Pick<JudgingParts, 'recordParts' | 'silentSenders'> {
  readonly rules: JudgingRules;
  readonly kept: KeptStays<WatchedStay>;
}

/** What a transaction that begins now judges by. */
export function judgingNow({ county, rules, recordParts, silentSenders, cache }: JudgingParts): Judging {
  const { version, directory } = county.snapshot();
  return { rules: { ...rules, directory }, recordParts, silentSenders, kept: cache.under(version) };
}

/**
 * Judges stays that are locked, writes what changed and answers what is to be said of it, keyed by stay, to
 * be appended to outbox lanes of the same transaction. `traceOf`: the trace that led here, if a message did.
 */
export async function judgeStays(
  tx: Tx,
  stays: readonly WatchedStay[],
  time: HubTime,
  { rules, recordParts, silentSenders }: Judging,
  traceOf: (stayId: string) => string | undefined = () => undefined,
): Promise<OutRecord[]> {
  if (stays.length === 0) return [];
  const around = await surroundingsOf(tx, stays, silentSenders, time.watermark);
  const givingWay = new GivingWay(tx);
  const judged: Judged[] = [];
  for (const stay of stays) {
    const surroundings = around(stay);
    const { related, protection } = surroundings;
    if (related.length === 0) await givingWay.through(stay.reading(rules, time.outages, protection));
    judged.push({ stay, changes: judgeStay(stay, surroundings, time, rules) });
    await givingWay.next();
  }
  await writeChanges(tx, judged);
  const followed = await followStays(
    tx,
    judged.map(({ stay, changes }) => ({
      ...{ stayId: stay.stayId, profile: changes.profile, isProfileNews: stay.isCountedAnew(changes) },
      span: changes.span,
      hasChanged: changes.deviations.some(({ deviation }) => makesCase(deviation.code)),
    })),
    { ...recordParts, now: time.now, watermark: time.watermark },
  );
  for (const { stay, changes } of judged) stay.change(changes);
  const said = judged.flatMap(({ stay, changes }) => {
    const trace = traceOf(stay.stayId);
    return [
      ...changes.deviations.flatMap((one) => deviationRecords(one, recordParts, trace)),
      ...changes.reminders.flatMap((one) => reminderRecords(one, recordParts, trace)),
    ];
  });
  return [...said, ...followed];
}

/**
 * Says what was judged because of records: each on the lane of the record that its stay had, and what only another stay
 * reached on that of the first. Deviations and Tasks carry versions, so that two lanes may overtake each other.
 */
export function sayBecause(
  context: BatchContext,
  said: readonly OutRecord[],
  causes: ReadonlyMap<string | undefined, InRecord>,
  records: readonly InRecord[],
): void {
  for (const record of said) {
    const cause = causes.get(record.key) ?? records[0];
    if (cause) context.say([record], cause);
  }
}

interface Judged {
  readonly stay: WatchedStay;
  readonly changes: StayChanges;
}

/** Sent together: none needs another's answer. */
async function writeChanges(tx: Tx, judged: readonly Judged[]): Promise<void> {
  const deviations = judged.flatMap(({ changes }) => changes.deviations);
  const reminders = judged.flatMap(({ changes }) => changes.reminders);
  await Promise.all([
    deviations.length > 0 && tx.query(PUT_DEVIATIONS(deviationColumns(deviations))),
    reminders.length > 0 && tx.query(PUT_REMINDERS(reminderColumns(reminders))),
    ...deadlineWrites(tx, judged),
  ]);
}

function deviationColumns(deviations: readonly DeviationRecord[]): unknown[] {
  return [
    deviations.map((one) => one.id),
    deviations.map((one) => one.stayId),
    deviations.map((one) => one.deviation.code),
    deviations.map((one) => one.status),
    deviations.map((one) => one.deviation.due),
    deviations.map((one) => JSON.stringify(one)),
  ];
}

function reminderColumns(reminders: readonly TaskRecord[]): unknown[] {
  return [
    reminders.map((one) => one.id),
    reminders.map((one) => one.stayId),
    reminders.map((one) => JSON.stringify(one)),
  ];
}

/** Only what differs is written: most messages leave most deadlines as they were. */
function deadlineWrites(tx: Tx, judged: readonly Judged[]): Promise<unknown>[] {
  const ended = judged.flatMap(({ stay, changes }) =>
    [...stay.deadlines]
      .filter(([name]) => !changes.deadlines.has(name))
      .map(([name, at]) => ({ stayId: stay.stayId, name, at })),
  );
  const put = judged.flatMap(({ stay, changes }) =>
    [...changes.deadlines]
      .filter(([name, at]) => stay.deadlines.get(name) !== at)
      .map(([name, at]) => ({ stayId: stay.stayId, name, at })),
  );
  return [
    ...(ended.length > 0 ? [tx.query(REMOVE_DEADLINES(columns(ended)))] : []),
    ...(put.length > 0 ? [tx.query(PUT_DEADLINES(columns(put)))] : []),
  ];
}

function columns(rows: readonly { stayId: string; name: string; at: number }[]): unknown[] {
  return [rows.map((row) => row.stayId), rows.map((row) => row.name), rows.map((row) => row.at)];
}

/** Where the watcher speaks, and by which ids. */
export interface RecordParts {
  readonly topics: Pick<TopicNames, 'deviations' | 'deviationsOf' | 'deviationFeed' | 'tasks'>;
  readonly ids: Pick<IdMaker, 'other' | 'task'>;
}

const SCHEMA_VERSION = 1;

/**
 * The records of a deviation: for the operator, and for the party that it is attributed to and nobody else (rules
 * 12.5). Every version is a record of its own: readers drop a record whose id they have seen (contract 2).
 */
function deviationRecords(
  deviation: DeviationRecord,
  recordParts: RecordParts,
  traceparent: string | undefined,
): OutRecord[] {
  const { party, code } = deviation.deviation;
  const { topics } = recordParts;
  const isPutToIt = party !== HUB && isTopicPart(party) && !isForPatternsOnly(code);
  const own = isPutToIt ? [topics.deviationsOf(party)] : [];
  const value = JSON.stringify(writeDeviation(deviation));
  return [topics.deviations, ...own].map((topic) => ({
    topic,
    key: deviation.stayId,
    id: recordParts.ids.other('deviation-version', deviation.id, String(deviation.version ?? 1)),
    kind: 'deviation',
    schemaVersion: SCHEMA_VERSION,
    traceparent: childTrace(traceparent),
    value,
  }));
}

/** The records of a reminder: on `tasks`, and a warning also with the deviations of the one who can still act. */
function reminderRecords(task: TaskRecord, recordParts: RecordParts, traceparent: string | undefined): OutRecord[] {
  const { topics } = recordParts;
  const { code, owner } = task.duty;
  const own = code === 'WARNING' && owner !== HUB && isTopicPart(owner) ? [topics.deviationsOf(owner)] : [];
  return [topics.tasks, ...own].map((topic) => ({
    topic,
    key: task.stayId,
    id: recordParts.ids.other('task-version', task.id, String(task.version ?? 1)),
    kind: 'task',
    schemaVersion: SCHEMA_VERSION,
    traceparent: childTrace(traceparent),
    value: JSON.stringify(writeTask(task)),
  }));
}
