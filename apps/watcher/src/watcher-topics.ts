import { topicDefinitions, type TopicDefinition } from '#libs/messaging';
import type { WatcherParts } from './watcher-parts.ts';

/**
 * Every topic that the watcher reads or writes. The organisations of the agreements are parties here: they own their wards'
 * deviations (contract 1), whether or not anything is ever delivered to them.
 */
export function watcherTopics({
  configuration,
  county,
  topics,
}: Pick<WatcherParts, 'configuration' | 'county' | 'topics'>): TopicDefinition[] {
  const { embedded, kafka, retention } = configuration;
  const organisations = county.agreements().map((agreement) => agreement.organisation);
  const parties = [...new Set([...county.partyIds(), ...organisations])];
  const all = topicDefinitions(topics, {
    parties,
    senders: county.senderIds(),
    embedded,
    replicationFactor: kafka.replication.factor,
    minInsyncReplicas: kafka.replication.minInsync,
    maxMessageBytes: kafka.maxMessageBytes,
    inboundRetentionDays: retention.inboundDays,
  });
  const { inbound, uptime, events, rejected, receipts, tasks, deviations } = topics;
  const shared = [inbound, uptime, events, rejected, receipts, tasks, deviations];
  const mine = new Set([...shared, ...parties.map((party) => topics.deviationsOf(party))]);
  return all.filter(({ name }) => mine.has(name));
}
