import type { ConsumerConfig } from 'kafkajs';

/** Times in ms of the machine's clock. */
export interface ConsumerTiming {
  /** After so long without a sign a member's partitions go to others. */
  sessionTimeoutMs?: number;
  heartbeatMs?: number;
  rebalanceTimeoutMs?: number;
  /** The broker holds every fetch so long, or until there is much: fewer and larger batches, for who is in no hurry. */
  gatherMs?: number;
  maxBytesPerPartition?: number;
  partitionsAtOnce?: number;
}

/** Bytes worth a transaction of their own. */
const MUCH = 262_144;

/** Of a partition in a fetch. A record that is larger comes all the same; more of them at once is memory, and hardly speed. */
const MOST_BYTES = 262_144;

/** In: group and times. Out: kafkajs's configuration with our defaults (parts.md: session 3 s, heartbeat 0.5 s, rebalance 5 s). */
export function consumerConfig(group: string, timing: ConsumerTiming): ConsumerConfig {
  const perPartition = timing.maxBytesPerPartition ?? MOST_BYTES;
  return {
    groupId: group,
    sessionTimeout: timing.sessionTimeoutMs ?? 3000,
    heartbeatInterval: timing.heartbeatMs ?? 500,
    rebalanceTimeout: timing.rebalanceTimeoutMs ?? 5000,
    // Also how long the broker may hold a fetch that finds nothing; a resumed partition waits for it.
    maxWaitTimeInMs: timing.gatherMs ?? 100,
    minBytes: timing.gatherMs === undefined ? 1 : MUCH,
    maxBytesPerPartition: perPartition,
    maxBytes: 8 * perPartition,
    allowAutoTopicCreation: false,
    // kafkajs never restarts by itself: after a topic was deleted its own restart crashes for ever. We take a new client.
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 5, restartOnFailure: () => Promise.resolve(false) },
  };
}
