import { isGarbled, OffsetReader, scanPartition, topicNames, type InRecord } from '#libs/messaging';
import { isFault, readStrictJson, silentLog, type Configuration } from '#libs/platform';
import { lookGroup } from '../../apps/portal/src/pages/operator/inbound-content.ts';
import { connectToHub } from '../../apps/translator/src/hub-kafka.ts';

/**
 * Everything that a hub ever said of deviations, version by version, as it lies on its topic `deviations`: what a search shows is
 * only how each stands now. A version that was sent again is there once.
 * @param settings the hub's own
 * @returns the DetectedIssues, in the order of each deviation's versions
 * @throws MessagingError when its Kafka is away
 */
export async function saidOfDeviations(settings: Pick<Configuration, 'kafka' | 'stateDir'>): Promise<unknown[]> {
  const kafka = connectToHub(settings, 'bryggan-simulate', silentLog);
  const offsets = new OffsetReader(kafka);
  const topics = topicNames(settings.kafka.topicPrefix);
  const topic = topics.deviations;
  const said = new Map<string, InRecord>();
  try {
    const ends = (await offsets.endOffsets([topic])).get(topic) ?? [];
    for (const [partition, { low, high }] of ends.entries()) {
      if (low === high) continue;
      await scanPartition({
        // The embedded Kafka lets the hub's login join groups of such names alone.
        ...{ kafka, group: lookGroup(topics.inbound), topic, partition, until: high },
        handle: (records) => {
          for (const record of records) if (!isGarbled(record) && !said.has(record.id)) said.set(record.id, record);
          return Promise.resolve();
        },
      });
    }
  } finally {
    await offsets.stop();
    await kafka.close();
  }
  return [...said.values()].flatMap(({ value }) => {
    const read = readStrictJson(value, { depth: 32 });
    return isFault(read) ? [] : [read.value];
  });
}
