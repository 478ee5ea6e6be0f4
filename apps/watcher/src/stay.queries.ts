import { statement } from './query.ts';

/*
 * The stays: locked, read and written set by set. An insert whose conflict updates nothing locks the row all the same,
 * in the order of the select, and writes no new version of it.
 */

/** $1 patient ids. Answers the persons that are new, and those with a transfer as seen under the lock. */
export const LOCK_PERSONS = statement(
  'lock-persons',
  `insert into person as p (patient_id) select id from unnest($1::text[]) as id order by id
   on conflict (patient_id) do update set patient_id = excluded.patient_id where p.transferred
   returning patient_id, transferred`,
);

/** $1 patient ids, locked: some stay of theirs has a transfer. */
export const MARK_TRANSFERRED = statement(
  'mark-transferred',
  `update person set transferred = true where patient_id = any($1) and not transferred`,
);

/** $1 stay ids. Answers the ids that were new: nothing is kept of them yet. */
export const LOCK_STAYS = statement(
  'lock-stays',
  `insert into stay as s (stay_id) select id from unnest($1::text[]) as id order by id
   on conflict (stay_id) do update set stay_id = excluded.stay_id where false
   returning stay_id`,
);

/** $1 inbound ids: where events of theirs are kept, before anything is locked. */
export const PLACES_OF_INBOUND = statement(
  'places-of-inbound',
  `select stay_id, patient_id, protection is not null as protected from event where inbound_id = any($1)`,
);

/** $1 patient ids: every stay of these persons. */
export const STAYS_OF_PERSONS = statement(
  'stays-of-persons',
  `select stay_id, patient_id from stay_person where patient_id = any($1)`,
);

/** $1 stay ids. */
export const EVENTS_OF_STAYS = statement(
  'events-of-stays',
  `select stay_id, body, published_at::float8 as published_at from event where stay_id = any($1)`,
);
/** $1 stay ids. */
export const DEVIATIONS_OF_STAYS = statement(
  'deviations-of-stays',
  `select stay_id, body from deviation where stay_id = any($1)`,
);
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
/** $1 stay ids. */
export const RECEIPTS_OF_STAYS = statement(
  'receipts-of-stays',
  `select stay_id, act_id as name, received_at::float8 as at from receipt where stay_id = any($1)`,
);

/** $1 patient ids: the claims that they are protected; and a row without a claim for each that has a transfer. */
export const PROTECTION_CLAIMS = statement(
  'protection-claims',
  `select patient_id, event_id, protection, intake_at::float8 as intake_at from event
   where patient_id = any($1) and protection is not null
   union all
   select patient_id, null, null, null from person where patient_id = any($1) and transferred`,
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
         or (r.trigger is null or e.trigger = r.trigger) and (e.intake_at, e.published_at) >= (r.at, r.published_at)))`,
);

/** Of each event: $1 event, $2 stay, $3 inbound and $4 patient id, $5 protection, $6 trigger, $7 intake, $8 published, $9 body. */
export const PUT_EVENTS = statement(
  'put-events',
  `insert into event (event_id, stay_id, inbound_id, patient_id, protection, trigger, intake_at, published_at, body)
   select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::text[])
   on conflict (event_id) do update set stay_id = excluded.stay_id, inbound_id = excluded.inbound_id,
     patient_id = excluded.patient_id, protection = excluded.protection, trigger = excluded.trigger,
     intake_at = excluded.intake_at, published_at = excluded.published_at, body = excluded.body`,
);
/** $1 event ids. */
export const REMOVE_EVENTS = statement('remove-events', `delete from event where event_id = any($1)`);
/** $1 patient and $2 stay ids. */
export const JOIN_PERSONS = statement(
  'join-persons',
  `insert into stay_person (patient_id, stay_id) select * from unnest($1::text[], $2::text[]) on conflict do nothing`,
);
/** $1 stay ids, $2 the keys that they came under. */
export const SET_KEYS = statement(
  'set-keys',
  `update stay s set spread_key = k.spread_key from unnest($1::text[], $2::text[]) as k (stay_id, spread_key)
   where s.stay_id = k.stay_id and s.spread_key is distinct from k.spread_key`,
);

/** Of each deviation: $1 id, $2 stay, $3 code, $4 status, $5 due, $6 the record. */
export const PUT_DEVIATIONS = statement(
  'put-deviations',
  `insert into deviation (id, stay_id, code, status, due, body)
   select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[])
   on conflict (id) do update set status = excluded.status, due = excluded.due, body = excluded.body`,
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
  `delete from deadline d using unnest($1::text[], $2::text[], $3::bigint[]) as gone (stay_id, name, at)
   where d.stay_id = gone.stay_id and d.name = gone.name and d.at = gone.at`,
);
