import { topicDefinitions, type TopicDefinition, type TopicNames } from '#libs/messaging';
import type { RouterParts } from './router-parts.ts';

/** Every topic that the router reads or writes: all parties of the county have theirs before anything is told. */
export function routerTopics({
  configuration,
  county,
  topics,
}: Pick<RouterParts, 'configuration' | 'county' | 'topics'>): TopicDefinition[] {
  const { embedded, kafka, retention } = configuration;
  const all = topicDefinitions(topics, {
    parties: county.partyIds(),
    senders: county.senderIds(),
    embedded,
    replicationFactor: kafka.replication.factor,
    minInsyncReplicas: kafka.replication.minInsync,
    maxMessageBytes: kafka.maxMessageBytes,
    inboundRetentionDays: retention.inboundDays,
  });
  const mine = new Set(ownTopics(topics, county.partyIds()));
  return all.filter(({ name }) => mine.has(name));
}

function ownTopics(topics: TopicNames, parties: readonly string[]): string[] {
  return [topics.events, topics.rejected, topics.tasks, ...parties.map((party) => topics.deliveries(party))];
}
