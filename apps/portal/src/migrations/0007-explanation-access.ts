import { definePlainMigration } from '#libs/persistence';

/** Which operator looked at the whole of an explanation, when and why (rules 12.5). Kept, and never read by the hub itself. */
const EXPLANATION_ACCESS = `
create table explanation_access (
  at bigint not null,
  caller text not null,
  stay_id text not null,
  reason text not null
);
create index explanation_access_by_stay on explanation_access (stay_id);`;

export const HUB_EXPLANATION_ACCESS = definePlainMigration('0007-explanation-access', EXPLANATION_ACCESS);
