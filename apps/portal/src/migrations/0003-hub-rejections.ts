import { definePlainMigration } from '#libs/persistence';

/** Messages that could not be translated or applied: what is wrong with each, and nothing of what it said. */
const REJECTIONS = `
create table rejection (
  id text primary key,
  sender text,
  control_id text,
  trigger text,
  at bigint not null,
  faults text not null
);
create index rejection_by_sender on rejection (sender, at, id);
create index rejection_by_time on rejection (at, id);`;

export const HUB_REJECTIONS = definePlainMigration('0003-hub-rejections', REJECTIONS);
