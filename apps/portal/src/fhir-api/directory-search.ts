import type { StoredRow } from '../view/row.ts';
import { meets } from './condition.ts';
import type { Search } from './search.ts';

/** The organisations that a search finds: of the public directory, and the few that only the caller's own messages name. */
export const directoryMatches = (all: readonly StoredRow[], { conditions }: Search): StoredRow[] =>
  all.filter((row) => conditions.every((condition) => meets(row, condition)));

/**
 * A page of them. Same order and same cursor as a page from the database (search-sql.ts), in memory, since there are some
 * hundred.
 * @returns one row more than asked for, when there is one
 */
export function directoryPage(rows: readonly StoredRow[], search: Search): StoredRow[] {
  const { after, count, sort } = search;
  const sign = sort.descending ? -1 : 1;
  const compare = (a: { updatedAt: number; id: string }, b: { updatedAt: number; id: string }) =>
    sign * (a.updatedAt - b.updatedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return rows
    .filter((row) => after === undefined || compare(row, { updatedAt: after.key, id: after.id }) > 0)
    .sort(compare)
    .slice(0, count + 1);
}
