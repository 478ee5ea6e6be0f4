import { definePlainMigration } from '#libs/persistence';

/** stay.lock_version: moved by every transaction that locks the stay. Who finds it as they left it knows that nobody had the stay since. */
export const stayVersion = definePlainMigration(
  '0005-stay-version',
  'alter table stay add column lock_version bigint not null default 0',
);
