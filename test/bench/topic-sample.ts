import kafkajs from 'kafkajs';
import type { TopicNames } from '#libs/messaging';

/** What the hub was seen to do per message; the raw line does the same number of things of the same size. */
export interface LineShape {
  readonly eventBytes: number;
  readonly deliveriesPerMessage: number;
  readonly deliveryBytes: number;
  readonly receiptBytes: number;
  /** Records of `stays`: a message that changes nothing of its stay has none. */
  readonly staysPerMessage: number;
  readonly stayBytes: number;
  /** A record that the hub made, to fill the raw line's with: PostgreSQL compresses what it keeps, and one letter repeated costs it nothing. */
  readonly text: string;
}

/** What lies on the hub's topics: records and their mean size. */
export interface TopicSample {
  readonly shape: LineShape;
  /** Records on topics that a line without absences and errors does not write to. */
  readonly others: Readonly<Record<string, number>>;
}

/**
 * Reads what the hub made of some messages. In: its topics, its parties, and the number of messages it was sent.
 * Everything is on the topics by then.
 */
export async function sampleTopics(
  brokers: string[],
  topics: TopicNames,
  parties: readonly string[],
): Promise<TopicSample> {
  const kafka = new kafkajs.Kafka({ brokers, clientId: 'bench-sample', logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const deliveries = parties.map((party) => topics.deliveries(party));
  const others = [topics.rejected, topics.tasks, topics.deviations];
  const count = async (topic: string): Promise<number> => {
    const ends = await admin.fetchTopicOffsets(topic);
    return ends.reduce((sum, { high }) => sum + Number(high), 0);
  };
  const counts = new Map<string, number>();
  for (const topic of [topics.inbound, topics.events, topics.stays, topics.receipts, ...deliveries, ...others]) {
    counts.set(topic, await count(topic));
  }
  await admin.disconnect();
  const told = deliveries.filter((topic) => (counts.get(topic) ?? 0) > 0);
  const values = await firstValues(kafka, [topics.events, topics.stays, topics.receipts, ...told], topics.inbound);
  const notices = deliveries.reduce((sum, topic) => sum + (counts.get(topic) ?? 0), 0);
  const perMessage = (records: number): number => records / Math.max(1, counts.get(topics.inbound) ?? 0);
  const mean = (names: readonly string[]): number => {
    const of = names.flatMap((name) => values.get(name) ?? []);
    return Math.round(of.reduce((sum, { length }) => sum + length, 0) / Math.max(1, of.length));
  };
  return {
    shape: {
      eventBytes: mean([topics.events]),
      deliveryBytes: mean(told),
      receiptBytes: mean([topics.receipts]),
      stayBytes: mean([topics.stays]),
      deliveriesPerMessage: perMessage(notices),
      staysPerMessage: perMessage(counts.get(topics.stays) ?? 0),
      text: values.get(topics.events)?.[0]?.toString() ?? '',
    },
    others: Object.fromEntries(others.map((topic) => [topic, counts.get(topic) ?? 0])),
  };
}

const ENOUGH = 500;

/** The first records of each topic, until nothing more comes. */
async function firstValues(kafka: kafkajs.Kafka, names: string[], prefix: string): Promise<Map<string, Buffer[]>> {
  const values = new Map<string, Buffer[]>();
  const consumer = kafka.consumer({ groupId: `${prefix}-bench-sample`, maxWaitTimeInMs: 100 });
  let enough: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (enough = resolve));
  await consumer.connect();
  await consumer.subscribe({ topics: names, fromBeginning: true });
  let quiet = setTimeout(enough, 15_000);
  await consumer.run({
    autoCommit: false,
    eachMessage: ({ topic, message }) => {
      const known = values.get(topic) ?? [];
      if (known.length < ENOUGH) known.push(message.value ?? Buffer.alloc(0));
      values.set(topic, known);
      clearTimeout(quiet);
      quiet = setTimeout(enough, 1500);
      return Promise.resolve();
    },
  });
  await done;
  clearTimeout(quiet);
  await consumer.disconnect();
  return values;
}
