import { definePlainMigration } from '#libs/persistence';

/**
 * Nearly every answer says nothing but that a message is kept, and differs from the next in a few short texts: `own`, in JSON, with
 * `template`, which stands once for all of them. Templates are never changed: an answer stays what it was, however a later
 * version writes its own. Answers of before, and others than these, are kept as `body`. The columns refer to each other without a
 * constraint, as names do (0004).
 */
export const answerTemplates = definePlainMigration(
  '0005-answer-templates',
  `
create table answer_template (
  id uuid primary key,
  pieces text not null
);
alter table answered_request
  alter column body drop not null,
  add column own text,
  add column template uuid;
`,
);
