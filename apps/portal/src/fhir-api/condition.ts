import type { Instant } from '#libs/domain';
import type { StoredRow } from '../view/row.ts';
import type { SearchColumn } from './search-parameters.ts';

/** From the first instant up to, not including, the last; an open end is absent. */
export interface Interval {
  readonly from?: Instant;
  readonly to?: Instant;
}

/** What a search asks of a row. All conditions hold together; the values of one are alternatives. */
export type Condition =
  | { readonly column: SearchColumn; readonly oneOf: readonly string[] }
  /** The row has any value there. */
  | { readonly column: SearchColumn; readonly present: true }
  | { readonly column: 'moment' | 'updatedAt'; readonly within: readonly Interval[] }
  | { readonly column: 'name'; readonly words: readonly string[] };

/** True when a row meets a condition; search-sql.ts says the same in SQL. */
export function meets(row: StoredRow, condition: Condition): boolean {
  const value = row[condition.column];
  if (value === undefined) return false;
  if ('present' in condition) return true;
  if ('oneOf' in condition) return condition.oneOf.includes(String(value));
  if ('words' in condition) return condition.words.some((words) => String(value).includes(words));
  return condition.within.some(({ from = -Infinity, to = Infinity }) => Number(value) >= from && Number(value) < to);
}
