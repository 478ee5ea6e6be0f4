import { topicNames, type TopicNames } from '#libs/messaging';
import { HUB_SCHEMA } from './hub-view/schema.ts';
import { PARTY_SCHEMA } from './party-view/schema.ts';
import type { PortalParts } from './portal-parts.ts';

/** A consumer group of the portal: what it reads, and where its positions lie. For settle and for lag. */
export interface PortalGroup {
  readonly group: string;
  readonly schema: string;
  readonly topics: readonly string[];
  /** Topics of one kind share transactions. */
  readonly kind: (topic: string) => string;
}

/** The portal's groups: one per view, so that what a party reads and what is made from `events` share no table. */
export function portalGroups({ configuration, county }: Pick<PortalParts, 'configuration' | 'county'>): {
  readonly names: TopicNames;
  readonly party: PortalGroup;
  readonly hub: PortalGroup;
} {
  const prefix = configuration.kafka.topicPrefix;
  const names = topicNames(prefix);
  const parties = county.partyIds();
  const isDelivery = new Set(parties.map((party) => names.deliveries(party)));
  return {
    names,
    party: {
      group: `${prefix}portal-party`,
      schema: PARTY_SCHEMA,
      topics: [
        ...parties.map((party) => names.deliveries(party)),
        ...parties.map((party) => names.deviationsOf(party)),
      ],
      kind: (topic) => (isDelivery.has(topic) ? 'deliveries' : 'deviations'),
    },
    hub: {
      group: `${prefix}portal-hub`,
      schema: HUB_SCHEMA,
      topics: [names.events, names.receipts, names.tasks, names.deviations],
      kind: (topic) => topic,
    },
  };
}
