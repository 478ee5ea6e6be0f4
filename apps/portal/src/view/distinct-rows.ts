import type { NewRow } from './row.ts';

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
