import { connectKafka, ensureTopics, silentLog, topicDefinitions, topicNames, type TopicNames } from '#libs/messaging';
import { loadCounty, type County } from '#libs/county';
import type { BenchOptions } from './options.ts';
import type { OwnServices } from './own-services.ts';
import { WardMessages } from './ward-messages.ts';

/** What every measurement is made with. */
export interface World {
  readonly services: OwnServices;
  readonly county: County;
  readonly options: BenchOptions;
  /** A line of progress, for whoever waits. */
  readonly say: (line: string) => void;
}

export const theCounty = (): County => loadCounty('deploy/county');

let streams = 0;

/**
 * One stream of messages per connection; no two of a run share a stay.
 * @param concerning false: stays without a need, of which nobody is told
 */
export function sourcesFor(county: County, connections: number, concerning = true): WardMessages[] {
  return Array.from(
    { length: connections },
    () => new WardMessages(county, `B${++streams}`, streams * 977, concerning),
  );
}

/** Makes the hub's topics under another prefix: with the very same settings, `inbound` flushed at every message too. */
export async function makeTopics({ services, county }: World, prefix: string): Promise<TopicNames> {
  const names = topicNames(prefix);
  const kafka = connectKafka({ brokers: services.brokers, clientId: 'bench', log: silentLog });
  const parties = county.partyIds();
  await ensureTopics(kafka, topicDefinitions(names, { parties, senders: county.senderIds(), embedded: true }));
  await kafka.close();
  return names;
}
