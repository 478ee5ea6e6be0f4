/** The names of contract 2, under the installation's prefix. */
export interface TopicNames {
  readonly inbound: string;
  readonly uptime: string;
  readonly events: string;
  readonly rejected: string;
  readonly receipts: string;
  readonly tasks: string;
  readonly deviations: string;
  readonly deviationFeed: string;
  deliveries(party: string): string;
  receiptsOf(sender: string): string;
  repliesOf(party: string): string;
  deviationsOf(party: string): string;
  /** The party or sender a topic of one party is for; undefined for the rest. */
  partyOf(topic: string): string | undefined;
}

/** In: a party's or agreement's id. Out: whether it may be part of a topic name (contract 2; Kafka allows 249 characters in all). */
export function isTopicPart(id: string): boolean {
  return /^[A-Za-z0-9-]{1,100}$/.test(id);
}

const perParty = /^(?:deliveries|deviations|replies|receipts)\.([A-Za-z0-9-]+)$/;

/**
 * In: the prefix of every topic (contract 1), usually empty. Out: the names.
 * Errors: RangeError for a prefix or id that no topic may have; the county was checked when it was read, so that is a bug.
 */
export function topicNames(prefix = ''): TopicNames {
  if (!/^[A-Za-z0-9._-]{0,60}$/.test(prefix)) throw new RangeError('not a usable topic prefix');
  const of = (kind: string) => (id: string) => {
    if (!isTopicPart(id)) throw new RangeError(`an id that cannot be part of a topic name, for ${kind}`);
    return `${prefix}${kind}.${id}`;
  };
  return {
    inbound: `${prefix}inbound`,
    uptime: `${prefix}uptime`,
    events: `${prefix}events`,
    rejected: `${prefix}rejected`,
    receipts: `${prefix}receipts`,
    tasks: `${prefix}tasks`,
    deviations: `${prefix}deviations`,
    deviationFeed: `${prefix}deviation-feed`,
    deliveries: of('deliveries'),
    receiptsOf: of('receipts'),
    repliesOf: of('replies'),
    deviationsOf: of('deviations'),
    partyOf: (topic) => (topic.startsWith(prefix) ? perParty.exec(topic.slice(prefix.length))?.[1] : undefined),
  };
}
