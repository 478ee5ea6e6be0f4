import type { KafkaPort } from '../kafka.ts';
import { decodeRecord, isGarbled, type InRecord } from '../record.ts';

/** In: port, topic. Out: every record that is on it now, partition by partition in order. */
export async function readAll(kafka: KafkaPort, topic: string): Promise<InRecord[]> {
  const ends = await kafka.admin((admin) => admin.fetchTopicOffsets(topic));
  const missing = new Map(
    ends.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, BigInt(high)]),
  );
  const records: InRecord[] = [];
  if (missing.size === 0) return records;
  const consumer = kafka.client.consumer({ groupId: `${topic}-reading-${Math.random()}`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  try {
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          autoCommit: false,
          eachBatch: ({ batch }) => {
            for (const message of batch.messages) {
              const record = decodeRecord(topic, batch.partition, message);
              if (!isGarbled(record)) records.push(record);
            }
            if (BigInt(batch.lastOffset()) + 1n >= (missing.get(batch.partition) ?? 0n))
              missing.delete(batch.partition);
            if (missing.size === 0) resolve();
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return records.sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
}
