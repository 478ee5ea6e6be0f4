import { statement } from './query.ts';

/* The messages of each sender by hour; an hour is named by the instant at which it begins. */

/** Of each row: $1 partition, $2 sender, $3 hour, $4 messages to add. In one order for all: no deadlock. */
export const ADD_TRAFFIC = statement(
  'add-traffic',
  `insert into traffic as t (sender, hour, part, messages)
   select sender, hour, part, messages
   from unnest($1::int[], $2::text[], $3::bigint[], $4::int[]) as more (part, sender, hour, messages) order by part
   on conflict (hour, sender, part) do update set messages = t.messages + excluded.messages`,
);

/** $1 an hour, $2 the same hour of earlier weeks, $3 the fewest messages that make a habit: who usually sends and did not. */
export const SILENT_SENDERS = statement(
  'silent-senders',
  `select sender from (
     select sender, hour from traffic where hour = any($2::bigint[]) group by sender, hour having sum(messages) >= $3
   ) as usual group by sender having count(*) = cardinality($2::bigint[])
   except select sender from traffic where hour = $1`,
);

/** $1 an hour: what is older teaches nothing any more. */
export const FORGET_TRAFFIC = statement('forget-traffic', `delete from traffic where hour < $1`);
