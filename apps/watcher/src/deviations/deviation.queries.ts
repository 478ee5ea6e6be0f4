import { statement } from '../query.ts';

/** $1 stay ids. */
export const DEVIATIONS_OF_STAYS = statement(
  'deviations-of-stays',
  `select stay_id, body from deviation where stay_id = any($1)`,
);

/** Of each deviation: $1 id, $2 stay, $3 code, $4 status, $5 due, $6 the record. */
export const PUT_DEVIATIONS = statement(
  'put-deviations',
  `insert into deviation (id, stay_id, code, status, due, body)
   select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[])
   on conflict (id) do update set status = excluded.status, due = excluded.due, body = excluded.body`,
);
