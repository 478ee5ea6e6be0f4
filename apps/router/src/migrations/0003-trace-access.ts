import { definePlainMigration } from '#libs/persistence';

/** Who looked at the full trace of a stay, and why (rules 12.5). */
export const traceAccess = definePlainMigration(
  '0003-trace-access',
  `
create table trace_access (
  id bigint generated always as identity primary key,
  at bigint not null,
  caller text not null,
  stay_id uuid not null,
  reason text not null
);
create index trace_access_of_stay on trace_access (stay_id, at);
`,
);
