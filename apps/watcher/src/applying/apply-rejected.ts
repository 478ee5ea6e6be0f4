import type { Instant } from '#libs/domain';
import type { BatchContext, InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { judgeStays, judgingNow, sayBecause, type JudgingParts } from '../judging/judge-stays.ts';
import { readValue } from '../read-value.ts';
import type { HubTimes } from '../watermark/hub-time.ts';
import { keepStays, lockKnownStays } from '../judging/watched-stay.ts';
import { PUT_REJECTED, STAYS_OF_KEYS } from '../watermark/time.queries.ts';

interface Rejection {
  readonly id: string;
  readonly key: string;
  readonly inboundId: string;
  readonly trigger: string | undefined;
  readonly at: Instant;
  readonly publishedAt: Instant;
  readonly sender: string | undefined;
  /** Of its faults, each once. */
  readonly codes: readonly string[];
}

/**
 * Applies a batch of `rejected`: what is absent of a stay may lie there, so its absences are suspected only, until a later
 * message of that key with the same trigger has been accepted (architecture 7). Answers the unreadable records.
 */
export async function applyRejected(
  tx: Tx,
  records: readonly InRecord[],
  context: BatchContext,
  judging: JudgingParts,
  hubTimes: HubTimes,
): Promise<InRecord[]> {
  const read = records.map((record) => ({ record, rejection: rejectionOf(record) }));
  const rejections = read.flatMap(({ rejection }) => rejection ?? []);
  if (rejections.length > 0) {
    await writeRejections(tx, rejections);
    const keys = [...new Set(rejections.map((one) => one.key))];
    const { rows } = await tx.query<{ stay_id: string }>(STAYS_OF_KEYS([keys]));
    const now = judgingNow(judging);
    const stays = await lockKnownStays(
      tx,
      rows.map((row) => row.stay_id),
      now.kept,
    );
    const time = await hubTimes.read(tx);
    sayBecause(context, await judgeStays(tx, stays, time, now), new Map(), records);
    context.afterCommit(() => keepStays(stays, now.kept));
  }
  return read.flatMap(({ record, rejection }) => (rejection ? [] : [record]));
}

/** The translator's form of a rejected record: where on `inbound` it lies, when it was taken in, and its trigger if known. */
function rejectionOf(record: InRecord): Rejection | undefined {
  const value = readValue(record);
  if (typeof value !== 'object' || value === null || !('inbound' in value) || !('receivedAt' in value))
    return undefined;
  const { inbound, receivedAt } = value;
  const inboundId = typeof inbound === 'object' && inbound !== null && 'id' in inbound ? inbound.id : undefined;
  const at = typeof receivedAt === 'string' ? Date.parse(receivedAt) : Number.NaN;
  if (typeof inboundId !== 'string' || Number.isNaN(at)) return undefined;
  const trigger = 'trigger' in value && typeof value.trigger === 'string' ? value.trigger : undefined;
  const sender = 'sender' in value && typeof value.sender === 'string' ? value.sender : undefined;
  const codes = 'outcome' in value ? codesOf(value.outcome) : [];
  return {
    ...{ id: record.id, key: record.key, inboundId, trigger, at, sender, codes },
    publishedAt: record.timestamp,
  };
}

/** The codes of an OperationOutcome that is ours. */
function codesOf(outcome: unknown): string[] {
  const codes = JSON.stringify(outcome).match(/"BRY-\d{4}"/g) ?? [];
  return [...new Set(codes.map((code) => code.slice(1, -1)))];
}

async function writeRejections(tx: Tx, rejections: readonly Rejection[]): Promise<void> {
  await tx.query(
    PUT_REJECTED([
      rejections.map((one) => one.id),
      rejections.map((one) => one.key),
      rejections.map((one) => one.inboundId),
      rejections.map((one) => one.trigger ?? null),
      rejections.map((one) => one.at),
      rejections.map((one) => one.publishedAt),
      rejections.map((one) => one.sender ?? null),
      rejections.map((one) => one.codes.join(' ')),
    ]),
  );
}
