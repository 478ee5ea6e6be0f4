import { definePlainMigration } from '#libs/persistence';

/**
 * What parties have answered, and how each answer went on. A refused one is not kept: it is told on `rejected`. The answer
 * stands as the event that said it; only a reading of a higher revision replaces it.
 */
export const answers = definePlainMigration(
  '0009-answers',
  `
create table answer (
  event_id uuid primary key,
  stay_id uuid not null,
  party text not null,
  revision bigint not null,
  passage text not null check (passage in ('free', 'on-ground', 'withheld')),
  body json not null
);
create index answer_of_stay on answer (stay_id);
`,
);
