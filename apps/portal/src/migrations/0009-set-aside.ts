import { definePlainMigration } from '#libs/persistence';

/**
 * No message, but an event of one that has been read: the router could not apply it (architecture 2.9). The place of its row
 * is one on `events`; rows from before are messages, as far as anybody can tell.
 */
export const HUB_SET_ASIDE = definePlainMigration(
  '0009-set-aside',
  'alter table rejection add column set_aside boolean not null default false;',
);
