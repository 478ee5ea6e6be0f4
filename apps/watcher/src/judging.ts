import type { DeviationRecord, TaskRecord } from '#libs/fhir';
import type { BatchContext, InRecord, OutRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { judgeStay, type Law, type Standing } from './judgement.ts';
import type { Silences } from './silence.ts';
import { deviationRecords, reminderRecord, type Voice } from './spoken.ts';
import { surroundingsOf } from './stay-book.ts';
import type { StayFile, Verdict } from './stay-file.ts';
import { PUT_DEADLINES, PUT_DEVIATIONS, PUT_REMINDERS, REMOVE_DEADLINES } from './stay.queries.ts';

/** What a judgement goes by and speaks with. */
export interface Court {
  readonly law: Law;
  readonly voice: Voice;
  readonly silences: Silences;
}

/**
 * Judges stays whose files are open and locked, writes what changed and answers what is to be said of it, keyed by stay, to
 * be appended to outbox lanes of the same transaction. `traceOf`: the trace that led here, if a message did.
 */
export async function judgeFiles(
  tx: Tx,
  files: readonly StayFile[],
  standing: Standing,
  { law, voice, silences }: Court,
  traceOf: (stayId: string) => string | undefined = () => undefined,
): Promise<OutRecord[]> {
  if (files.length === 0) return [];
  const around = await surroundingsOf(tx, files, silences, standing.watermark);
  const judged = files.map((file) => ({ file, verdict: judgeStay(file, around(file), standing, law) }));
  await writeVerdicts(tx, judged);
  return judged.flatMap(({ file, verdict }) => {
    const trace = traceOf(file.stayId);
    return [
      ...verdict.deviations.flatMap((one) => deviationRecords(one, voice, trace)),
      ...verdict.reminders.map((one) => reminderRecord(one, voice, trace)),
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
  readonly file: StayFile;
  readonly verdict: Verdict;
}

/** Sent together: none needs another's answer. */
async function writeVerdicts(tx: Tx, judged: readonly Judged[]): Promise<void> {
  const deviations = judged.flatMap(({ verdict }) => verdict.deviations);
  const reminders = judged.flatMap(({ verdict }) => verdict.reminders);
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
  const gone = judged.flatMap(({ file, verdict }) =>
    [...file.deadlines]
      .filter(([name]) => !verdict.deadlines.has(name))
      .map(([name, at]) => ({ stayId: file.stayId, name, at })),
  );
  const put = judged.flatMap(({ file, verdict }) =>
    [...verdict.deadlines]
      .filter(([name, at]) => file.deadlines.get(name) !== at)
      .map(([name, at]) => ({ stayId: file.stayId, name, at })),
  );
  return [
    ...(gone.length > 0 ? [tx.query(REMOVE_DEADLINES(columns(gone)))] : []),
    ...(put.length > 0 ? [tx.query(PUT_DEADLINES(columns(put)))] : []),
  ];
}

function columns(rows: readonly { stayId: string; name: string; at: number }[]): unknown[] {
  return [rows.map((row) => row.stayId), rows.map((row) => row.name), rows.map((row) => row.at)];
}
