import { statement } from '../query.ts';

/* What the watcher keeps of stays besides their events, read and written set by set under the locks of the stays. */

/** $1 stay ids. */
export const REMINDERS_OF_STAYS = statement(
  'reminders-of-stays',
  `select stay_id, body from reminder where stay_id = any($1)`,
);
/** $1 stay ids. */
export const DEADLINES_OF_STAYS = statement(
  'deadlines-of-stays',
  `select stay_id, name, at::float8 as at from deadline where stay_id = any($1)`,
);
/** $1 stay ids: of what was told of them, and of the stays that are joined to them. */
export const RECEIPTS_OF_STAYS = statement(
  'receipts-of-stays',
  `select stay_id, act_id as name, received_at::float8 as at from receipt where stay_id = any($1)
   union all
   select s.joined_into::text, r.act_id, r.received_at::float8 from stay s join receipt r on r.stay_id = s.stay_id
   where s.joined_into = any($1::uuid[])`,
);

/**
 * $1 stay ids: those with a message of their key in `rejected` that no later accepted one of the same trigger, and no
 * mended reading of the same message, has resolved (architecture 7). What the router could not apply and the watcher could
 * is resolved by that: `inbound_id` is then the event's.
 */
export const SUSPECTED_STAYS = statement(
  'suspected-stays',
  `select s.stay_id from stay s join rejected r on r.spread_key = s.spread_key
   where s.stay_id = any($1) and not exists (
     select 1 from event e where e.stay_id = s.stay_id
       and (r.inbound_id in (e.inbound_id, e.event_id)
         or (r.trigger is null or e.body::json ->> 'trigger' = r.trigger) and (e.intake_at, e.published_at) >= (r.at, r.published_at)))`,
);

/** Of each reminder: $1 id, $2 stay, $3 the record. */
export const PUT_REMINDERS = statement(
  'put-reminders',
  `insert into reminder (id, stay_id, body) select * from unnest($1::text[], $2::text[], $3::text[])
   on conflict (id) do update set body = excluded.body`,
);
/** Of each deadline: $1 stay, $2 name, $3 instant. */
export const PUT_DEADLINES = statement(
  'put-deadlines',
  `insert into deadline (stay_id, name, at) select * from unnest($1::text[], $2::text[], $3::bigint[])
   on conflict (stay_id, name) do update set at = excluded.at`,
);
/** Of each deadline: $1 stay, $2 name, $3 the instant that was read: one that was moved meanwhile stands. */
export const REMOVE_DEADLINES = statement(
  'remove-deadlines',
  `delete from deadline d using unnest($1::text[], $2::text[], $3::bigint[]) as ended (stay_id, name, at)
   where d.stay_id = ended.stay_id and d.name = ended.name and d.at = ended.at`,
);
