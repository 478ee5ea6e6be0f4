import { topicDefinitions, type TopicDefinition } from '#libs/messaging';
import type { DispatcherParts } from './dispatcher-parts.ts';

type Parts = Pick<DispatcherParts, 'configuration' | 'county' | 'topics'>;

/** The topics that the dispatcher reads: one per party that the county has at the start (contract 2). */
export function deliveryTopics({ county, topics }: Pick<Parts, 'county' | 'topics'>): string[] {
  return county.partyIds().map((party) => topics.deliveries(party));
}

/** Every topic that the dispatcher reads or writes. */
export function dispatcherTopics(parts: Parts): TopicDefinition[] {
  const { configuration, county, topics } = parts;
  const { embedded, kafka, retention } = configuration;
  const senders = county.senderIds();
  const all = topicDefinitions(topics, {
    parties: county.partyIds(),
    senders,
    embedded,
    replicationFactor: kafka.replication.factor,
    minInsyncReplicas: kafka.replication.minInsync,
    maxMessageBytes: kafka.maxMessageBytes,
    inboundRetentionDays: retention.inboundDays,
  });
  const mine = new Set([...deliveryTopics(parts), topics.receipts, ...senders.map((one) => topics.receiptsOf(one))]);
  return all.filter(({ name }) => mine.has(name));
}
