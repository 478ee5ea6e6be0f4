import type { Pool } from 'pg';
import type { KafkaPort } from './kafka.ts';
import { OffsetReader, type Ends, type Positions } from './offsets.ts';
import { storedPositions, type PositionBook } from './position.ts';
import { type Place } from './record.ts';

/** Where the partitions that a member was given are to be read from. */
export interface StartPositions {
  /** Those that Kafka's hint would have begun elsewhere than PostgreSQL says. */
  readonly seeks: readonly (Place & { readonly offset: bigint })[];
  /** How many records Kafka's hint calls applied of which PostgreSQL knows nothing: it was put back from an older copy. */
  readonly forgotten: bigint;
  /** Stored positions beyond the end of the log: it was truncated, or the topic made anew. Nobody can mend that but a person. */
  readonly beyond: readonly (Place & { readonly next: bigint; readonly end: bigint })[];
}

/**
 * PostgreSQL is what a consumer starts from (architecture 2.6). Where nothing more is written to a partition no batch would ever
 * come to be compared with the stored position, so it is looked up at each start.
 * In: Kafka and PostgreSQL, whose positions, the partitions given. Out: where to read from. Errors: those of both; ask again then.
 */
export async function findStartPositions(
  { kafka, pool }: { readonly kafka: KafkaPort; readonly pool: Pool },
  { schema, group }: PositionBook,
  assigned: readonly Place[],
): Promise<StartPositions> {
  const topics = [...new Set(assigned.map(({ topic }) => topic))];
  const offsets = new OffsetReader(kafka);
  const hints = await offsets.committedOffsets(group, topics);
  // In this order: a position read before the end of its log is never beyond it, unless the log was cut.
  const stored = await storedPositions(pool, schema, group);
  return compareStarts(assigned, stored, hints, await offsets.endOffsets(topics));
}

/** In: partitions, positions in PostgreSQL, those that Kafka was told, the logs' ends. Out: see `StartPositions`. Pure. */
export function compareStarts(
  assigned: readonly Place[],
  stored: Positions,
  hints: Positions,
  ends: Ends,
): StartPositions {
  const seeks: (Place & { offset: bigint })[] = [];
  const beyond: (Place & { next: bigint; end: bigint })[] = [];
  let forgotten = 0n;
  for (const { topic, partition } of assigned) {
    const { low, high } = ends.get(topic)?.[partition] ?? { low: 0n, high: 0n };
    const next = stored.get(topic)?.get(partition);
    const hint = hints.get(topic)?.get(partition);
    const from = next ?? low;
    if (next !== undefined && next > high) beyond.push({ topic, partition, next, end: high });
    else if (from !== (hint ?? low)) seeks.push({ topic, partition, offset: from });
    if (hint !== undefined && hint > from) forgotten += hint - from;
  }
  return { seeks, forgotten, beyond };
}
