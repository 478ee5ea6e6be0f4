import type { Pool } from 'pg';
import type { Metrics } from '#libs/platform';
import { HUB_SCHEMA } from './schema.ts';

/** How many of a code are open. */
export interface OpenCount {
  readonly code: string;
  readonly count: number;
}

/** Each is half of the condition of the index `resource_open_by_code`: another wording would read all that was ever closed. */
const OPEN = {
  tasks: `type = 'Task' and status = 'requested'`,
  deviations: `type = 'DetectedIssue' and status = 'final'`,
} as const;
type OpenKind = keyof typeof OPEN;
export type OpenCounts = Readonly<Record<OpenKind, readonly OpenCount[]>>;

/** What is open of a kind by code, of all parties. @throws the database's errors */
export async function readOpenCounts(pool: Pool, kind: OpenKind): Promise<OpenCount[]> {
  const { rows } = await pool.query<OpenCount>(
    `select code, count(*)::int as count from ${HUB_SCHEMA}.resource
     where ${OPEN[kind]} and code is not null group by code order by code`,
  );
  return rows;
}

/** Puts them on `/metrics`, counted when it is read; while they cannot be read (no pool), nothing is told of them. */
export function measureOpenCounts(metrics: Metrics, pool: () => Pool | undefined): void {
  const measure = (kind: OpenKind) =>
    async function (this: ReturnType<typeof Metrics.prototype.gauge<'code'>>): Promise<void> {
      const from = pool();
      const counts = from === undefined ? [] : await readOpenCounts(from, kind).catch(() => []);
      this.reset();
      for (const { code, count } of counts) this.set({ code }, count);
    };
  metrics.gauge('open_deviations', 'Deviations that are open', ['code'], measure('deviations'));
  metrics.gauge('open_tasks', 'Tasks that wait for somebody', ['code'], measure('tasks'));
}
