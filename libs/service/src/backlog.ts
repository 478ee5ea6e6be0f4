import { OffsetReader, type Ends, type KafkaPort, type Positions } from '#libs/messaging';
import type { Metrics } from '#libs/platform';
import type { Reading } from './stage.ts';

/**
 * Counts what a stage does at a time: `bryggan_stage_batches_total` (transactions, or requests to Kafka) and
 * `bryggan_stage_records_total`. Their ratio is the mean batch, which has to grow with the load.
 */
export function countBatches(metrics: Metrics, stage: string): (records: number) => void {
  const batches = metrics.counter('stage_batches_total', 'Transactions or requests of a stage', ['stage']);
  const all = metrics.counter('stage_records_total', 'Records that a stage applied or sent', ['stage']);
  return (records) => {
    batches.inc({ stage });
    all.inc({ stage }, records);
  };
}

/**
 * Tells in `/metrics` how many records wait before each stage (`bryggan_stage_backlog`), counted when it is asked for: a
 * stage that is stopped or stands still shows there. Of what cannot be asked for now nothing is told.
 */
export function measureBacklog(metrics: Metrics, kafka: KafkaPort, readings: readonly Reading[]): void {
  const offsets = new OffsetReader(kafka);
  const gauge = metrics.gauge('stage_backlog', 'Records that a stage has not applied', ['stage'], async () => {
    gauge.reset();
    await Promise.all(
      [...Map.groupBy(readings, ({ stage }) => stage)].map(async ([stage, theirs]) => {
        const backlogs = await Promise.all(theirs.map((reading) => backlogOf(reading, offsets))).catch(() => undefined);
        if (backlogs !== undefined) gauge.set({ stage }, Number(backlogs.reduce((sum, one) => sum + one, 0n)));
      }),
    );
  });
}

async function backlogOf({ topics, positions }: Reading, offsets: OffsetReader): Promise<bigint> {
  // In this order: a position read first is never beyond the end.
  const applied = await positions();
  return recordsBetween(applied, await offsets.endOffsets(topics()));
}

/** In: positions, ends. Out: how many records lie between; a partition never consumed counts from its beginning. Pure. */
export function recordsBetween(positions: Positions, ends: Ends): bigint {
  let records = 0n;
  for (const [topic, partitions] of ends) {
    for (const [partition, { low, high }] of partitions.entries()) {
      const next = positions.get(topic)?.get(partition) ?? low;
      if (high > next) records += high - next;
    }
  }
  return records;
}
