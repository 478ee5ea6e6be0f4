import { definePlainMigration } from './migration.ts';
import type { PlainMigration } from './migration.ts';
import { checkedName } from './pool.ts';

/**
 * poison: where a record lies that could not be applied, and why; its partition has moved on (architecture 2.9).
 * The apps had such tables of their own before, with other names for two columns.
 */
const poison = `
do $$ begin
  if exists (
    select from information_schema.columns
    where table_schema = current_schema() and table_name = 'poison' and column_name = 'log_offset'
  ) then alter table poison rename column log_offset to at_offset; end if;
  if exists (
    select from information_schema.columns
    where table_schema = current_schema() and table_name = 'poison' and column_name = 'error'
  ) then alter table poison rename column error to error_code; end if;
end $$;
create table if not exists poison (
  topic text not null,
  part int not null,
  at_offset bigint not null,
  error_code text not null,
  at bigint not null,
  primary key (topic, part, at_offset)
);
`;

/**
 * What lies in an outbox lives for milliseconds. Rows of up to 8 kB are kept whole, in their page: pressing a value together, and cutting
 * what is still above 2 kB into a table beside this one, costs more than the room is worth. Nothing is learned from the values of a queue,
 * so nobody analyses it.
 */
const roomForOutbox = (schema: string): string => `
alter table ${schema}.outbox set (
  toast_tuple_target = 8160, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 2147483647
);
`;

/**
 * The tables every stateful app has in its own schema (architecture 2.6, 2.7). They are numbered 0000 and from 9000, around the app's own.
 * In: the schema. Out: its migrations.
 *
 * lane: whose row is locked by whoever writes to that lane of the outbox, so that seq grows in the order of commit.
 * position: what of each partition has been applied (`next` = first offset not applied), and the last seq seen per lane of others.
 * outbox: what is to be published; a row with a stuck_reason can never be sent and waits for a person.
 */
export function messagingTables(schema: string): PlainMigration[] {
  const s = `"${checkedName(schema)}"`;
  return [
    definePlainMigration(
      '0000-messaging',
      `
create table ${s}.lane (
  id int generated always as identity primary key,
  name text not null unique
);
create table ${s}.position (
  grp text not null,
  topic text not null,
  part int not null,
  next bigint not null default 0,
  lane int not null references ${s}.lane (id),
  owner text,
  seen jsonb not null default '{}',
  primary key (grp, topic, part)
) with (fillfactor = 50);
create table ${s}.outbox (
  lane int not null,
  seq bigserial,
  id text not null,
  topic text not null,
  key text not null,
  kind text not null,
  schema_version int not null,
  traceparent text not null,
  value text not null,
  stuck_reason text,
  primary key (lane, seq)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_threshold = -1);
`,
    ),
    definePlainMigration('9000-poison', poison),
    definePlainMigration('9001-room-for-outbox', roomForOutbox(s)),
  ];
}
