import { definePlainMigration } from '#libs/persistence';

/**
 * What people have decided here: who, what, why and when, for the audit. The decision itself takes its way over `inbound` like
 * everything else that is said of a stay. A claim is had by one: of two who answer the same Task the second is told so.
 */
export const operatorDecisions = definePlainMigration(
  '0010-operator-decisions',
  `
create table operator_decision (
  decision uuid primary key,
  at bigint not null,
  caller text not null,
  stay_id uuid not null,
  claim text not null unique,
  body json not null
);
create index operator_decision_of_stay on operator_decision (stay_id);
`,
);
