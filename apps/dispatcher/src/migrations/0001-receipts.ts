import { definePlainMigration } from '#libs/persistence';

/**
 * receipt: a notice that its recipient has, once, by delivery id: what makes a second record of it a duplicate.
 * poison: a record that could not be read, for a person to look at.
 */
export const receipts = definePlainMigration(
  '0001-receipts',
  `
create table receipt (
  delivery_id uuid primary key,
  stay_id uuid not null,
  party text not null,
  received_at bigint not null
);

create table poison (
  topic text not null,
  part int not null,
  log_offset bigint not null,
  error_code text not null,
  at bigint not null,
  primary key (topic, part, log_offset)
);
`,
);
