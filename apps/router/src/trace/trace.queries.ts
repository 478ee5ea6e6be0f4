import type { Pool } from 'pg';

const WRITE_ACCESS = `
insert into trace_access (at, caller, stay_id, reason) values ($1, $2, $3, $4)`;

export interface TraceAccess {
  /** Hub's clock, ms. */
  readonly at: number;
  readonly caller: string;
  readonly stayId: string;
  readonly reason: string;
}

/** Notes who looks at a trace and why, before it is shown (rules 12.5). */
export async function noteAccess(pool: Pool, access: TraceAccess): Promise<void> {
  await pool.query(WRITE_ACCESS, [access.at, access.caller, access.stayId, access.reason]);
}
