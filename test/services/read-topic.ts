import { startStatelessConsumer, silentLog, type InRecord, type KafkaPort } from '#libs/messaging';

/** The records of a topic, partition by partition in order, as soon as there are so many; fails after 30 s. */
export async function readTopic(kafka: KafkaPort, topic: string, count: number): Promise<InRecord[]> {
  const records: InRecord[] = [];
  const complete = Promise.withResolvers<undefined>();
  const consumer = startStatelessConsumer({
    kafka,
    group: `${topic}-test-${Math.random().toString(36).slice(2)}`,
    topics: [topic],
    log: silentLog,
    handle: (batch) => {
      records.push(...batch);
      if (records.length >= count) complete.resolve(undefined);
      return Promise.resolve();
    },
    onPoison: (_, error) => {
      complete.reject(error);
      return Promise.resolve();
    },
  });
  const late = setTimeout(
    () => complete.reject(new Error(`${records.length} of ${count} records on ${topic}`)),
    30_000,
  );
  try {
    await complete.promise;
  } finally {
    clearTimeout(late);
    await consumer.stop();
  }
  return records;
}
