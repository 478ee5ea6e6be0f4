import type { Tx } from '#libs/persistence';
import type { Pool } from 'pg';
import { type Ends, OffsetReader, type Positions } from './offsets.ts';
import type { Batch } from './consumer-session.ts';
import { type GarbledRecord, type InRecord, isGarbled, place, type Place } from './record.ts';
import type { KafkaPort } from './kafka.ts';

/** Where a partition stands: the first offset not applied, its lane of the outbox, the last seq seen of each lane of others. */
export interface Position {
  next: bigint;
  lane: number;
  seen: Record<string, number>;
  /** Who moved it last; null: nothing of this partition has been applied yet. */
  owner: string | null;
}

/** Whose positions: those of a group, kept in an app's schema. */
export interface PositionBook {
  schema: string;
  group: string;
}

/** A position's step, from where it was to where it shall be. */
export interface PositionMove extends Place {
  from: bigint;
  to: bigint;
  seen: Record<string, number>;
}

interface Row {
  topic: string;
  part: number;
  next: string;
  lane: number;
  seen: Record<string, number>;
  owner: string | null;
}

/**
 * Locks the positions of partitions until the end of the transaction, making them first if need be.
 * In: tx, whose, distinct places. Out: the positions, in the order of the places.
 */
export async function lockPositions(tx: Tx, book: PositionBook, places: readonly Place[]): Promise<Position[]> {
  let found = await selectLocked(tx, book, places);
  const missing = places.filter(({ topic, partition }) => !found.has(place(topic, partition)));
  if (missing.length > 0) {
    await makePositions(tx, book, missing);
    found = await selectLocked(tx, book, places);
  }
  return places.map(({ topic, partition }) => {
    const position = found.get(place(topic, partition));
    if (position === undefined) throw new Error('a position just made is not there');
    return position;
  });
}

async function selectLocked(
  tx: Tx,
  { schema, group }: PositionBook,
  places: readonly Place[],
): Promise<Map<string, Position>> {
  const { rows } = await tx.query<Row>({
    name: `positions-${schema}`,
    // In one order for all members: two that take over from each other cannot deadlock.
    text: `select p.topic, p.part, p.next, p.lane, p.seen, p.owner
      from unnest($2::text[], $3::int[]) as w (topic, part) join "${schema}".position p using (topic, part)
      where p.grp = $1 order by p.topic, p.part for update of p`,
    values: [group, places.map(({ topic }) => topic), places.map(({ partition }) => partition)],
  });
  return new Map(
    rows.map(({ topic, part, next, lane, seen, owner }) => [
      place(topic, part),
      { next: BigInt(next), lane, seen, owner },
    ]),
  );
}

/** Each with a lane of its own. Another member may make the same at the same time. */
async function makePositions(tx: Tx, { schema, group }: PositionBook, places: readonly Place[]): Promise<void> {
  const topics = places.map(({ topic }) => topic);
  const partitions = places.map(({ partition }) => partition);
  const lanes = places.map(({ topic, partition }) => `${group}|${topic}|${partition}`);
  await tx.query(
    `insert into "${schema}".lane (name) select name from unnest($1::text[]) as n (name)
      where not exists (select 1 from "${schema}".lane l where l.name = n.name) order by name on conflict do nothing`,
    [lanes],
  );
  await tx.query(
    `insert into "${schema}".position (grp, topic, part, lane)
      select $1, n.topic, n.part, l.id from unnest($2::text[], $3::int[], $4::text[]) as n (topic, part, name)
      join "${schema}".lane l on l.name = n.name order by n.topic, n.part on conflict do nothing`,
    [group, topics, partitions, lanes],
  );
}

/**
 * Moves positions by compare-and-set. In: tx, whose, the moves, who moves them.
 * Error: thrown when one is elsewhere; impossible under the row lock, but the proof does not rest on the lock.
 */
export async function movePositions(
  tx: Tx,
  { schema, group }: PositionBook,
  moves: readonly PositionMove[],
  owner: string,
): Promise<void> {
  if (moves.length === 0) return;
  const moved = await tx.query({
    name: `positions-move-${schema}`,
    text: `update "${schema}".position p set next = m.target, owner = $2, seen = m.seen
      from unnest($3::text[], $4::int[], $5::bigint[], $6::bigint[], $7::jsonb[]) as m (topic, part, origin, target, seen)
      where p.grp = $1 and p.topic = m.topic and p.part = m.part and p.next = m.origin`,
    values: [
      group,
      owner,
      moves.map(({ topic }) => topic),
      moves.map(({ partition }) => partition),
      moves.map(({ from }) => String(from)),
      moves.map(({ to }) => String(to)),
      moves.map(({ seen }) => JSON.stringify(seen)),
    ],
  });
  if (moved.rowCount !== moves.length) throw new Error('a position moved under the lock');
}

interface PositionRow {
  topic: string;
  part: number;
  next: string;
}

/** In: the app's pool, schema and group. Out: the stored positions of all its replicas. Errors: the database's. */
export async function storedPositions(pool: Pool, schema: string, group: string): Promise<Positions> {
  const { rows } = await pool.query<PositionRow>(`select topic, part, next from "${schema}".position where grp = $1`, [
    group,
  ]);
  const positions: Positions = new Map();
  for (const { topic, part, next } of rows) {
    const partitions = positions.get(topic) ?? new Map<number, bigint>();
    positions.set(topic, partitions.set(part, BigInt(next)));
  }
  return positions;
}

/** In: a lane's name. Out: its number, made if need be; not locked. */
export async function ensureLane(tx: Tx, schema: string, name: string): Promise<number> {
  await tx.query(
    `insert into "${schema}".lane (name) select $1 where not exists (select 1 from "${schema}".lane where name = $1) on conflict do nothing`,
    [name],
  );
  const { rows } = await tx.query<{ id: number }>(`select id from "${schema}".lane where name = $1`, [name]);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('a lane just made is not there');
  return id;
}

/**
 * How a batch stands to the stored position (architecture 2.6):
 * take = it begins at or overlaps it; seek = wholly below, or a gap or a short log seen for the first time; begin = a gap before a partition
 * of which nothing was ever applied (retention took its beginning); lost = the gap is there again: records are gone before they
 * were applied; shrunk = the log ends below the position, also after a seek: it was truncated or made anew.
 */
export type Judgement = 'take' | 'seek' | 'begin' | 'lost' | 'shrunk';

/** In: position, batch, whether a seek to this very position has been tried. Out: the judgement. Pure. */
export function judge(
  position: Pick<Position, 'next' | 'owner'>,
  batch: Pick<Batch, 'first' | 'last' | 'end'>,
  sought: boolean,
): Judgement {
  // A member that was frozen judges a batch by the end that the log had when it was fetched: only one fetched after a seek shows the end of now.
  if (batch.end < position.next) return sought ? 'shrunk' : 'seek';
  if (batch.last < position.next) return 'seek';
  if (batch.first <= position.next) return 'take';
  if (!sought) return 'seek';
  return position.owner === null ? 'begin' : 'lost';
}

/**
 * Drops what a stopped relay sent again: within a lane seq only grows, so one not above the last seen is a late copy (architecture 2.7).
 * In: records in their order, the last seq seen per lane. Out: the rest, and the new last seqs. Pure.
 */
export function dropSeen(
  records: readonly (InRecord | GarbledRecord)[],
  seen: Readonly<Record<string, number>>,
): { fresh: (InRecord | GarbledRecord)[]; seen: Record<string, number> } {
  const last = { ...seen };
  const fresh = records.filter((record) => {
    if (isGarbled(record) || record.lane === undefined || record.seq === undefined) return true;
    if (record.seq <= (last[record.lane] ?? 0)) return false;
    last[record.lane] = record.seq;
    return true;
  });
  return { fresh, seen: last };
}

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
