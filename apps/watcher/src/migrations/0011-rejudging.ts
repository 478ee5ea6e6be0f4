import { definePlainMigration } from '#libs/persistence';

/** By which rules the stays were judged, and how far a pass through all of them has come that new rules have begun. */
export const REJUDGING = definePlainMigration(
  '0011-rejudging',
  `
create table rejudging (
  id int primary key check (id = 1),
  rules text not null,
  after_stay text
);
`,
);
