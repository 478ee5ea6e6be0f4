import { textArray, type Tx } from '#libs/persistence';
import type { NewRow } from './row.ts';

/**
 * Writes rows into a view. A row that is there is replaced and counted on, unless what comes is older by its writer's
 * own version or says nothing new: then version and time of update stay, so that a replay changes nothing.
 */
const upsert = (schema: string, key: string) => `
insert into ${schema}.resource as r (audience, type, id, version, source_version, updated_at, protection,
  status, code, actor, encounter, subject, moment, name, body)
select audience, type, id, version, source_version, updated_at, protection,
  status, code, actor, encounter, subject, moment, name, body
from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::bigint[], $7::text[],
  $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::bigint[], $14::text[], $15::text[])
  as n (audience, type, id, version, source_version, updated_at, protection,
    status, code, actor, encounter, subject, moment, name, body)
order by type, id
on conflict (${key}) do update set
  audience = coalesce(excluded.audience, r.audience), version = r.version + excluded.version,
  source_version = excluded.source_version, updated_at = excluded.updated_at,
  protection = coalesce(excluded.protection, r.protection),
  status = excluded.status, code = excluded.code, actor = excluded.actor, encounter = excluded.encounter,
  subject = excluded.subject, moment = excluded.moment, name = excluded.name, body = excluded.body
where (excluded.source_version is null or r.source_version is null or excluded.source_version > r.source_version)
  and (r.body, r.status, r.protection)
    is distinct from (excluded.body, excluded.status, coalesce(excluded.protection, r.protection))`;

/** In: the schema, the columns of its key, rows with distinct keys. One statement, in the order of the key: no deadlocks. */
export async function writeRows(tx: Tx, schema: string, key: string, rows: readonly NewRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    name: `rows-${schema}`,
    text: upsert(schema, key),
    values: [
      rows.map((row) => row.audience),
      rows.map((row) => row.type),
      rows.map((row) => row.id),
      rows.map((row) => row.versions),
      rows.map((row) => row.sourceVersion),
      rows.map((row) => row.updatedAt),
      rows.map((row) => row.protection),
      rows.map((row) => row.status),
      rows.map((row) => row.code),
      rows.map((row) => row.actor),
      rows.map((row) => row.encounter),
      rows.map((row) => row.subject),
      rows.map((row) => row.moment),
      rows.map((row) => row.name),
      textArray(rows.map((row) => row.body)),
    ],
  });
}

const withdraw = (schema: string) => `
update ${schema}.resource set status = 'entered-in-error', version = version + 1, updated_at = $2
where type = 'Communication' and id = any($1) and status <> 'entered-in-error'`;

/** Marks notices as withdrawn, once each, whoever's view they stand in. In: the schema, their ids, and the hub's time, ms. */
export async function withdrawCommunications(
  tx: Tx,
  schema: string,
  ids: readonly string[],
  at: number,
): Promise<void> {
  if (ids.length === 0) return;
  await tx.query({ name: `withdraw-${schema}`, text: withdraw(schema), values: [ids, at] });
}

/**
 * One row per key, since one statement cannot write a row twice. The later of two counts, with the versions of both; by
 * its writer's version where it has one. In: rows in the order they came.
 */
export function distinctRows(rows: readonly NewRow[]): NewRow[] {
  const latest = new Map<string, NewRow>();
  for (const row of rows) {
    const key = `${row.type}/${row.id}`;
    const before = latest.get(key);
    latest.set(key, before === undefined ? row : later(before, row));
  }
  return [...latest.values()];
}

function later(before: NewRow, row: NewRow): NewRow {
  if ((row.sourceVersion ?? Infinity) <= (before.sourceVersion ?? -Infinity)) return before;
  if (row.body === before.body && row.protection === before.protection) return { ...row, versions: before.versions };
  return { ...row, versions: before.versions + row.versions, protection: row.protection ?? before.protection };
}
