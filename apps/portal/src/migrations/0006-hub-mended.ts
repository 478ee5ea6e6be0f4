import { definePlainMigration } from '#libs/persistence';

/** A message that was refused and has been read since, by a mended agreement or translator: nobody has to mend it any more. */
export const HUB_MENDED = definePlainMigration(
  '0006-hub-mended',
  'alter table rejection add column mended boolean not null default false;',
);
