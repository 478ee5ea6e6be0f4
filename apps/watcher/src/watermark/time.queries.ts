import { statement } from '../query.ts';

/* Deadlines that have come, the watermark, the beats and the outages, and the receipts that meet deadlines. */

/** $1 watermark, $2 instant and $3 stay of the last row seen, $4 how many: rows in the order in which they became due. */
export const DUE = statement(
  'due',
  `select stay_id, at::float8 as at from deadline where at <= $1 and (at, stay_id) > ($2, $3) order by at, stay_id limit $4`,
);
/** $1 an instant. The earliest deadline at or before it. */
export const NEXT_DUE = statement('next-due', `select min(at)::float8 as at from deadline where at <= $1`);
/** How many stays wait for the beats to be known. */
export const WAITING = statement('waiting', `select 1 from deadline where name = 'again' limit 1`);

/** $1 number of the last outage known: the watermark, the last beat and the outages after it. */
export const HUB_TIME = statement(
  'hub-time',
  `select w.at::float8 as watermark, b.at::float8 as beat, o.n::int as n, o.from_at::float8 as from_at, o.to_at::float8 as to_at
   from watermark w cross join beat b left join outage o on o.n > $1 order by o.n`,
);

/** $1 an instant; never back. */
export const RAISE_WATERMARK = statement(
  'raise-watermark',
  `update watermark set at = $1 where id = 1 and (at is null or at < $1)`,
);

export const LOCK_BEAT = statement('lock-beat', `select at::float8 as at from beat where id = 1 for update`);
/** $1 an instant. */
export const SET_BEAT = statement('set-beat', `update beat set at = $1 where id = 1`);
/** $1 begins, $2 ends. */
export const PUT_OUTAGES = statement(
  'put-outages',
  `insert into outage (from_at, to_at) select * from unnest($1::bigint[], $2::bigint[]) on conflict (from_at) do nothing`,
);
/**
 * $1 begin and $2 end of an outage, $3 the grace after it: the stays of what was taken in then, which may have been late
 * because of it, and of what was due then and was not said, or is to be unsaid. Deadlines still to come are moved when they come.
 */
export const STAYS_OF_OUTAGE = statement(
  'stays-of-outage',
  `select stay_id from event where intake_at between $1::bigint and $2::bigint + $3::bigint
   union
   select stay_id from deviation where status <> 'cancelled' and due between $1::bigint and $2::bigint`,
);
/** $1 stays, $2 the begin of an outage: they are judged again. */
export const AGAIN_FOR_OUTAGE = statement(
  'again-for-outage',
  `insert into deadline (stay_id, name, at) select stay_id, 'again', $2::bigint from unnest($1::text[]) as stay_id
   on conflict (stay_id, name) do update set at = least(deadline.at, excluded.at)`,
);

/** Of each receipt: $1 act, $2 stay, $3 instant. The earliest of an act stands. */
export const PUT_RECEIPTS = statement(
  'put-receipts',
  `insert into receipt as r (act_id, stay_id, received_at) select * from unnest($1::text[], $2::text[], $3::bigint[])
   on conflict (act_id) do update set received_at = excluded.received_at where r.received_at > excluded.received_at`,
);
/** $1 stays, $2 acts: the deadlines that these receipts meet, or come too late for. */
export const MEET_DEADLINES = statement(
  'meet-deadlines',
  `delete from deadline d using unnest($1::text[], $2::text[]) as met (stay_id, name)
   where d.stay_id = met.stay_id and d.name = met.name returning d.name, d.at::float8 as at`,
);

/** Of each record: $1 id, $2 key, $3 inbound id, $4 trigger, $5 instant, $6 published, $7 sender, $8 codes as one text. */
export const PUT_REJECTED = statement(
  'put-rejected',
  `insert into rejected (id, spread_key, inbound_id, trigger, at, published_at, sender, codes)
   select id, spread_key, inbound_id, trigger, at, published_at, sender, string_to_array(codes, ' ')
   from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[])
     as r (id, spread_key, inbound_id, trigger, at, published_at, sender, codes)
   on conflict (id) do nothing`,
);
/** $1 keys. */
export const STAYS_OF_KEYS = statement('stays-of-keys', `select stay_id from stay where spread_key = any($1)`);
