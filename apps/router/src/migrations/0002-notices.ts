import { definePlainMigration } from '#libs/persistence';

/**
 * notice: one row per delivery that told something (the withdrawals stand in the rows that they withdraw).
 * task: each Task as last given.
 */
export const notices = definePlainMigration(
  '0002-notices',
  `
create table notice (
  id uuid primary key,
  stay_id uuid not null,
  ordinal int not null,
  act_id uuid not null,
  act_key text not null,
  kind text not null,
  recipient text not null,
  slot text not null,
  stated_by uuid not null,
  generation int not null,
  status text not null check (status in ('told', 'withdrawn')),
  content_hash text not null,
  told_at bigint not null,
  follows uuid,
  withdrawn_by uuid,
  withdrawn_at bigint,
  act json not null,
  check ((status = 'withdrawn') = (withdrawn_by is not null)),
  check ((withdrawn_at is null) = (withdrawn_by is null))
);
create unique index notice_of_stay on notice (stay_id, ordinal);

create table task (
  id uuid primary key,
  stay_id uuid not null,
  status text not null check (status in ('requested', 'completed', 'cancelled')),
  version int not null,
  last_modified bigint not null,
  duty json not null
);
create index task_of_stay on task (stay_id);
`,
);
