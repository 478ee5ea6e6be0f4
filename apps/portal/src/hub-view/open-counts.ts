import type { Pool } from 'pg';
import type { Metrics } from '#libs/platform';
import { HUB_SCHEMA } from './schema.ts';

/** How many of a code are open. */
export interface OpenCount {
  readonly code: string;
  readonly count: number;
}

type CodeGauge = ReturnType<typeof Metrics.prototype.gauge<'code'>>;

export interface OpenCounts {
  readonly tasks: readonly OpenCount[];
  readonly deviations: readonly OpenCount[];
}

/** The condition is the one of the index `resource_open_by_code`: another wording would read all that was ever closed. */
const OPEN = `
select type, code, count(*)::int as count from ${HUB_SCHEMA}.resource
where (type, status) in (('Task', 'requested'), ('DetectedIssue', 'final')) and code is not null
group by type, code order by type, code`;

/** Open Tasks and deviations by code, of all parties. @throws the database's errors */
export async function readOpenCounts(pool: Pool): Promise<OpenCounts> {
  const { rows } = await pool.query<OpenCount & { type: string }>(OPEN);
  const ofType = (wanted: string): OpenCount[] =>
    rows.filter(({ type }) => type === wanted).map(({ code, count }) => ({ code, count }));
  return { tasks: ofType('Task'), deviations: ofType('DetectedIssue') };
}

/** Puts them on `/metrics`, counted when it is read; while they cannot be read, nothing is told of them. */
export function measureOpenCounts(metrics: Metrics, read: () => Promise<OpenCounts | undefined>): void {
  const measure = (of: keyof OpenCounts) =>
    async function (this: CodeGauge): Promise<void> {
      const counts = await read().catch(() => undefined);
      this.reset();
      for (const { code, count } of counts?.[of] ?? []) this.set({ code }, count);
    };
  metrics.gauge('open_deviations', 'Deviations that are open', ['code'], measure('deviations'));
  metrics.gauge('open_tasks', 'Tasks that wait for somebody', ['code'], measure('tasks'));
}
