import type { Tx } from '#libs/persistence';

/** Where a partition stands: the first offset not applied, its lane of the outbox, the last seq seen of each lane of others. */
export interface Position {
  next: bigint;
  lane: number;
  seen: Record<string, number>;
  /** Never moved: nothing of this partition has been applied yet. */
  fresh: boolean;
}

export interface PositionKey {
  schema: string;
  group: string;
  topic: string;
  partition: number;
}

interface Row {
  next: string;
  lane: number;
  seen: Record<string, number>;
  owner: string | null;
}

/** Locks the partition's position until the end of the transaction, making it first if need be. In: tx, key. Out: the position. */
export async function lockPosition(tx: Tx, key: PositionKey): Promise<Position> {
  const found = await selectLocked(tx, key);
  if (found !== undefined) return found;
  const { schema, group, topic, partition } = key;
  const lane = await ensureLane(tx, schema, `${group}|${topic}|${partition}`);
  await tx.query(
    `insert into "${schema}".position (grp, topic, part, lane) values ($1, $2, $3, $4) on conflict do nothing`,
    [group, topic, partition, lane],
  );
  const made = await selectLocked(tx, key);
  if (made === undefined) throw new Error('a position just made is not there');
  return made;
}

async function selectLocked(tx: Tx, { schema, group, topic, partition }: PositionKey): Promise<Position | undefined> {
  const { rows } = await tx.query<Row>({
    name: `position-${schema}`,
    text: `select next, lane, seen, owner from "${schema}".position where grp = $1 and topic = $2 and part = $3 for update`,
    values: [group, topic, partition],
  });
  const row = rows[0];
  if (row === undefined) return undefined;
  return { next: BigInt(row.next), lane: row.lane, seen: row.seen, fresh: row.owner === null };
}

/**
 * Moves the position by compare-and-set. In: where it was and what it shall be.
 * Error: thrown when it is elsewhere; impossible under the row lock, but the proof does not rest on the lock.
 */
export async function movePosition(
  tx: Tx,
  key: PositionKey,
  from: bigint,
  to: bigint,
  seen: Record<string, number>,
  owner: string,
): Promise<void> {
  const moved = await tx.query({
    name: `position-move-${key.schema}`,
    text: `update "${key.schema}".position set next = $5, owner = $6, seen = $7 where grp = $1 and topic = $2 and part = $3 and next = $4`,
    values: [key.group, key.topic, key.partition, String(from), String(to), owner, JSON.stringify(seen)],
  });
  if (moved.rowCount !== 1) throw new Error('the position moved under the lock');
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
