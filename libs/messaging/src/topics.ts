/** The names of contract 2, under the installation's prefix. */
export interface TopicNames {
  readonly inbound: string;
  readonly uptime: string;
  readonly answers: string;
  readonly events: string;
  readonly stays: string;
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
    answers: `${prefix}answers`,
    events: `${prefix}events`,
    stays: `${prefix}stays`,
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

/** How a topic has to be on the broker. */
export interface TopicDefinition {
  name: string;
  partitions: number;
  replicationFactor: number;
  configs: Record<string, string>;
}

export interface TopicOptions {
  /** Parties that get deliveries, deviations and replies. */
  parties: readonly string[];
  /** Ids of sender agreements. */
  senders: readonly string[];
  /** One broker of our own: it then writes every message of `inbound` to disk before it acknowledges (architecture 2.1). */
  embedded: boolean;
  /** 1 when embedded, else 3. */
  replicationFactor?: number;
  /** 1 when embedded, else 2. */
  minInsyncReplicas?: number;
  maxMessageBytes?: number;
  inboundRetentionDays?: number;
}

// The number of partitions never changes; a new number is a new topic (architecture 2.3, contract 2).
const spread = 6;
const long = 400;

/** In: names and the county's parties and senders. Out: every topic of contract 2. */
export function topicDefinitions(names: TopicNames, options: TopicOptions): TopicDefinition[] {
  const define = (
    name: string,
    partitions: number,
    days: number,
    configs: Record<string, string> = {},
  ): TopicDefinition => ({
    name,
    partitions,
    replicationFactor: options.replicationFactor ?? (options.embedded ? 1 : 3),
    configs: { ...common(options, days), ...configs },
  });
  return [
    define(names.inbound, spread, options.inboundRetentionDays ?? long, inboundConfigs(options)),
    define(names.uptime, 1, long),
    // What is given is forgotten; what nobody fetches in a week is due no more.
    define(names.answers, 1, 7, { 'cleanup.policy': 'compact,delete' }),
    ...[names.events, names.rejected, names.receipts, names.tasks, names.deviations].map((name) =>
      define(name, spread, long),
    ),
    define(names.stays, spread, long, COMPACTED),
    define(names.deviationFeed, 1, long),
    ...options.parties.flatMap((party) => [
      define(names.deliveries(party), 1, 30),
      define(names.deviationsOf(party), 1, 30),
      define(names.repliesOf(party), 1, 7),
    ]),
    ...options.senders.map((sender) => define(names.receiptsOf(sender), 1, 30)),
  ];
}

// Of each stay the last word is kept, however old: who begins afresh reads how every stay looks.
const COMPACTED = { 'cleanup.policy': 'compact', 'retention.ms': '-1' };

function common(options: TopicOptions, days: number): Record<string, string> {
  return {
    'cleanup.policy': 'delete',
    'retention.ms': String(days * 86_400_000),
    'min.insync.replicas': String(options.minInsyncReplicas ?? (options.embedded ? 1 : 2)),
    'unclean.leader.election.enable': 'false',
    'max.message.bytes': String(options.maxMessageBytes ?? 1_048_576),
  };
}

/** The append time of `inbound` is when the hub took the message in (architecture 7). */
function inboundConfigs(options: TopicOptions): Record<string, string> {
  return { 'message.timestamp.type': 'LogAppendTime', ...(options.embedded ? { 'flush.messages': '1' } : {}) };
}
