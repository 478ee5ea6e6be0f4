import { statement } from '../query.ts';

/* Cases and what people said of them, read and written set by set. Locks: stays first, then cases, each in the order of ids. */

/**
 * Of each stay, which is locked: $1 id, $2 month, $3 organisation, $4 profile. One that is counted as before is not touched: a
 * conflict that updates nothing would lock its row, which is a write. @returns those that changed
 */
export const FOLLOW_STAYS = statement(
  'follow-stays',
  `insert into followed_stay as f (stay_id, month, organisation, profile)
   select n.* from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as n (stay_id, month, organisation, profile)
   where (select k.profile from followed_stay k where k.stay_id = n.stay_id) is distinct from n.profile
   on conflict (stay_id) do update
     set month = excluded.month, organisation = excluded.organisation, profile = excluded.profile
     where f.profile is distinct from excluded.profile
   returning stay_id`,
);

/** $1 stay ids. */
export const PROFILES = statement('profiles', `select stay_id, profile from followed_stay where stay_id = any($1)`);

/** $1 stay ids: the reports that wait for a stay of one of their persons. */
export const WAITING_REPORTS = statement(
  'waiting-reports',
  `select distinct c.event_id, c.case_id, c.waiting_person, c.body
   from event e join case_event c on c.waiting_person = e.patient_id where e.stay_id = any($1)`,
);

/** $1 a person, $2 an organisation or null: the stays of that person there. */
export const STAYS_OF_PERSON = statement(
  'stays-of-person',
  `select distinct f.stay_id, f.profile from event e join followed_stay f on f.stay_id = e.stay_id
   where e.patient_id = $1 and ($2::text is null or f.organisation = $2)`,
);

/** Of each word of a person: $1 event id, $2 case, $3 the person that it waits for, $4 the event. */
export const PUT_CASE_EVENTS = statement(
  'put-case-events',
  `insert into case_event (event_id, case_id, waiting_person, body)
   select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])
   on conflict (event_id) do update
     set case_id = excluded.case_id, waiting_person = excluded.waiting_person, body = excluded.body`,
);

/** Of each case: $1 id, $2 id in the feed, $3 stay, $4 failure. One that an act came before is found its stay. */
export const BEGIN_CASES = statement(
  'begin-cases',
  `insert into deviation_case as d (id, feed_id, stay_id, failure)
   select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) order by 1
   on conflict (id) do update
     set stay_id = coalesce(d.stay_id, excluded.stay_id), failure = coalesce(nullif(excluded.failure, ''), d.failure)
     where d.stay_id is null and excluded.stay_id is not null`,
);

/** $1 ids: cases, locked. */
export const LOCK_CASES = statement(
  'lock-cases',
  `select id, feed_id, stay_id, failure, version, body, feed_row from deviation_case where id = any($1) order by id for update`,
);

/** $1 stay ids: the cases that there are of them. */
export const CASES_OF_STAYS = statement(
  'cases-of-stays',
  `select id, feed_id, stay_id, failure from deviation_case where stay_id = any($1)`,
);

/** $1 case ids. */
export const EVENTS_OF_CASES = statement(
  'events-of-cases',
  `select case_id, body from case_event where case_id = any($1)`,
);

/**
 * Of each case: $1 id, $2 version, $3 changed, $4 state, $5 open, $6 code, $7 month, $8 party, $9 reporters as JSON, $10
 * whether anything stands, $11 the case, $12 its row in the feed.
 */
export const PUT_CASES = statement(
  'put-cases',
  `update deviation_case d set version = p.version, changed_at = p.changed_at, state = p.state, is_open = p.is_open,
     code = p.code, month = p.month, party = p.party, standing = p.standing, body = p.body, feed_row = p.feed_row,
     reporters = array(select json_array_elements_text(p.reporters::json))
   from unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::bool[], $6::text[], $7::text[], $8::text[], $9::text[],
     $10::bool[], $11::text[], $12::text[])
     as p (id, version, changed_at, state, is_open, code, month, party, reporters, standing, body, feed_row)
   where d.id = p.id`,
);
