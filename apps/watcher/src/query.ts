import type { QueryConfig } from 'pg';

/** A statement by name: prepared once per connection, and found by that name in the database's own statistics. */
export type Statement = (values: unknown[]) => QueryConfig;

export function statement(name: string, text: string): Statement {
  return (values) => ({ name: `watcher-${name}`, text, values });
}
