import { definePlainMigration } from '#libs/persistence';

/**
 * A case begins as a row without a body, which is locked and then filled: no list shows it before, so the indexes of the lists
 * hear of it once instead of twice. Both columns of a list's order go one way, as its question does.
 */
export const CASES_WITH_BODIES = definePlainMigration(
  '0016-cases-with-bodies',
  `
drop index deviation_case_changed;
drop index deviation_case_party;
drop index deviation_case_reporters;
create index deviation_case_changed on deviation_case (changed_at, id) where body is not null;
create index deviation_case_party on deviation_case (party, changed_at, id) where body is not null;
create index deviation_case_reporters on deviation_case using gin (reporters) where body is not null;
`,
);
