import type { DeviationRecord, TaskRecord } from '#libs/fhir';
import type { BatchContext, InRecord, OutRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import type { SilentSenders } from '../timekeeping/silence.ts';
import type { HubTime } from '../watermark/hub-time.ts';
import { judgeStay, type JudgingRules, type StayChanges } from './judge-stay.ts';
import { deviationRecords, reminderRecord, type RecordParts } from './records.ts';
import { PUT_DEADLINES, PUT_DEVIATIONS, PUT_REMINDERS, REMOVE_DEADLINES } from './judging.queries.ts';
import { surroundingsOf, type WatchedStay } from './watched-stay.ts';

/** What a judgement goes by, and what its records are made with. */
export interface JudgingParts {
  readonly rules: JudgingRules;
  readonly recordParts: RecordParts;
  readonly silentSenders: SilentSenders;
}

/**
 * Judges stays that are locked, writes what changed and answers what is to be said of it, keyed by stay, to
 * be appended to outbox lanes of the same transaction. `traceOf`: the trace that led here, if a message did.
 */
export async function judgeStays(
  tx: Tx,
  stays: readonly WatchedStay[],
  time: HubTime,
  { rules, recordParts, silentSenders }: JudgingParts,
  traceOf: (stayId: string) => string | undefined = () => undefined,
): Promise<OutRecord[]> {
  if (stays.length === 0) return [];
  const around = await surroundingsOf(tx, stays, silentSenders, time.watermark);
  const judged = stays.map((stay) => ({ stay, changes: judgeStay(stay, around(stay), time, rules) }));
  await writeChanges(tx, judged);
  return judged.flatMap(({ stay, changes }) => {
    const trace = traceOf(stay.stayId);
    return [
      ...changes.deviations.flatMap((one) => deviationRecords(one, recordParts, trace)),
      ...changes.reminders.map((one) => reminderRecord(one, recordParts, trace)),
    ];
  });
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
