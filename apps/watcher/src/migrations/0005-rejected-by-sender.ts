import { definePlainMigration } from '#libs/persistence';

/** Whose a rejected message was and by which codes, for the report on senders; of older rows nobody knows it any more. */
export const REJECTED_BY_SENDER = definePlainMigration(
  '0005-rejected-by-sender',
  `
alter table rejected add column sender text, add column codes text[] not null default '{}';
create index rejected_at on rejected (at);
`,
);
