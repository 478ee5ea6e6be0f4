import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';
import { protocolType, type KafkaPort } from './kafka.ts';
import { MessagingError, asError } from './messaging-error.ts';
import { pause } from './waiting.ts';
import type { TopicDefinition } from './topics.ts';

// Node finds only some of kafkajs's names by itself.
const { ConfigResourceTypes } = kafkajs;

/**
 * Creates the topics that are missing and leaves the others as they are; may be run at every start and by several at once.
 * In: port, definitions. Out: the names created.
 * Errors: MessagingError `topic-partitions` when one has another number of partitions (architecture 2.3); `unavailable`.
 */
export async function ensureTopics(
  kafka: KafkaPort,
  definitions: readonly TopicDefinition[],
): Promise<{ created: string[] }> {
  return reachable(() =>
    kafka.admin(async (admin) => {
      const there = await partitionCounts(admin);
      const wrong = definitions.filter(({ name, partitions }) => (there.get(name) ?? partitions) !== partitions);
      if (wrong.length > 0)
        throw new MessagingError('topic-partitions', wrong.map((topic) => mismatch(topic, there)).join('; '));
      const missing = definitions.filter(({ name }) => !there.has(name));
      const present = definitions.filter(({ name }) => there.has(name));
      if (missing.length > 0) await create(admin, missing);
      if (missing.length > 0 && !(await areLed(admin, missing, 60_000)))
        throw new MessagingError('unavailable', 'new topics have no leaders yet');
      // Another app may have made the rest a moment ago. One that has lost its leader is no reason not to start.
      await areLed(admin, present, 5_000);
      return { created: missing.map(({ name }) => name) };
    }),
  );
}

async function create(admin: Admin, missing: readonly TopicDefinition[]): Promise<void> {
  try {
    await admin.createTopics({
      waitForLeaders: false,
      timeout: 30_000,
      topics: missing.map(({ name, partitions, replicationFactor, configs }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor,
        configEntries: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
      })),
    });
  } catch (error) {
    // Another replica may create them at the same time; what counts is that they are there.
    const there = await partitionCounts(admin);
    if (!missing.every(({ name }) => there.has(name))) throw error;
  }
}

/** The broker answers before the partitions have leaders; a first produce would only find out by retrying. In: ms to wait at most. */
async function areLed(admin: Admin, wanted: readonly TopicDefinition[], withinMs: number): Promise<boolean> {
  // Asked for none, the broker tells of all.
  if (wanted.length === 0) return true;
  const names = wanted.map(({ name }) => name);
  const end = performance.now() + withinMs;
  while (performance.now() < end) {
    const { topics } = await admin.fetchTopicMetadata({ topics: names }).catch(() => ({ topics: [] }));
    const led = topics.filter(
      ({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0),
    );
    if (led.length === wanted.length && (await areServed(admin, wanted))) return true;
    await pause(100);
  }
  return false;
}

/** A broker named as leader may not have heard of it yet. */
function areServed(admin: Admin, wanted: readonly TopicDefinition[]): Promise<boolean> {
  return Promise.all(wanted.map(({ name }) => admin.fetchTopicOffsets(name))).then(
    () => true,
    () => false,
  );
}

async function partitionCounts(admin: Admin): Promise<Map<string, number>> {
  const { topics } = await admin.fetchTopicMetadata();
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
}

const mismatch = ({ name, partitions }: TopicDefinition, there: ReadonlyMap<string, number>): string =>
  `topic ${name} has ${there.get(name) ?? 0} partitions and must have ${partitions}`;

/**
 * Production only: an acknowledgement is worth something only when more than one machine has the bytes (architecture 2.1).
 * In: port, topic names. Errors: MessagingError `not-durable` naming what is wrong; `unavailable`.
 */
export async function assertDurable(kafka: KafkaPort, topics: readonly string[]): Promise<void> {
  await reachable(() =>
    kafka.admin(async (admin) => {
      const { topics: metadata } = await admin.fetchTopicMetadata({ topics: [...topics] });
      const faults = metadata.flatMap(({ name, partitions }) =>
        partitions.some(({ replicas }) => replicas.length < 3) ? [`${name} has fewer than 3 replicas`] : [],
      );
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: topics.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
      });
      for (const { resourceName, configEntries } of resources) {
        faults.push(
          ...configFaults(resourceName, new Map(configEntries.map((entry) => [entry.configName, entry.configValue]))),
        );
      }
      if (faults.length > 0) throw new MessagingError('not-durable', faults.join('; '));
    }),
  );
}

function configFaults(topic: string, configs: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  if (Number(configs.get('min.insync.replicas') ?? 0) < 2) faults.push(`${topic} has min.insync.replicas below 2`);
  if (configs.get('unclean.leader.election.enable') !== 'false') faults.push(`${topic} allows unclean leader election`);
  return faults;
}

async function reachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MessagingError) throw error;
    throw new MessagingError('unavailable', `Kafka: ${protocolType(error) ?? asError(error).name}`, error);
  }
}
