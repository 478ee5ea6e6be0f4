import { HOUR, MINUTE, offsetAt, type Instant, type StayEvent } from '#libs/domain';
import type { Tx } from '#libs/persistence';
import { statement } from '../query.ts';

/* The messages of each sender by hour; an hour is named by the instant at which it begins. */

/** Of each row: $1 partition, $2 sender, $3 hour, $4 messages to add. In one order for all: no deadlock. */
const ADD_TRAFFIC = statement(
  'add-traffic',
  `insert into traffic as t (sender, hour, part, messages)
   select sender, hour, part, messages
   from unnest($1::int[], $2::text[], $3::bigint[], $4::int[]) as more (part, sender, hour, messages) order by part
   on conflict (hour, sender, part) do update set messages = t.messages + excluded.messages`,
);

/** $1 an hour, $2 the same hour of earlier weeks, $3 the fewest messages that make a habit: who usually sends and did not. */
const SILENT_SENDERS = statement(
  'silent-senders',
  `select sender from (
     select sender, hour from traffic where hour = any($2::bigint[]) group by sender, hour having sum(messages) >= $3
   ) as usual group by sender having count(*) = cardinality($2::bigint[])
   except select sender from traffic where hour = $1`,
);

/** $1 an hour: what is older teaches nothing any more. */
const FORGET_TRAFFIC = statement('forget-traffic', `delete from traffic where hour < $1`);

const WEEK = 7 * 24 * HOUR;

/** Weeks that a habit takes to learn (architecture 7). */
const WEEKS = 4;

/**
 * How often a source may be called silent that is not: once a year, hour by hour. Messages that come by chance are none in an
 * hour with the probability exp(-rate), so that an hour is a habit when each of its weeks had as many as make that rarer.
 */
const FALSE_ALARMS_AN_HOUR = 1 / (365 * 24);
const MESSAGES = Math.ceil(-Math.log(FALSE_ALARMS_AN_HOUR));

/** The last whole hour before an instant, by its beginning. Stockholm's offsets are whole hours. */
export function lastWholeHour(at: Instant): Instant {
  return hourOf(at) - HOUR;
}

/** The hour that an instant lies in, by its beginning. */
export function hourOf(at: Instant): Instant {
  return Math.floor(at / HOUR) * HOUR;
}

/** The same hour of the local week in the weeks before: 08 on a Monday is that also when the clocks have changed. */
export function sameHourInEarlierWeeks(hour: Instant): Instant[] {
  return Array.from({ length: WEEKS }, (_, week) => {
    const then = hour - (week + 1) * WEEK;
    return then + (offsetAt(hour) - offsetAt(then)) * MINUTE;
  });
}

/** Who usually has messages in the hour that ended last, and had none (architecture 7). Without a habit nobody is silent. */
export interface SilentSenders {
  silentAt(tx: Pick<Tx, 'query'>, watermark: Instant): Promise<ReadonlySet<string>>;
}

/** An event that was taken in anew, and the partition of `events` it lies in, whose position is locked. */
export interface FreshEvent {
  readonly partition: number;
  readonly event: StayEvent;
}

/** Counts newly taken in events by partition, sender and hour. */
export async function countTraffic(tx: Tx, fresh: readonly FreshEvent[]): Promise<void> {
  if (fresh.length === 0) return;
  const rows = [
    ...Map.groupBy(fresh, ({ partition, event }) => `${partition}|${event.sender}|${hourOf(event.intakeAt)}`).values(),
  ];
  const first = rows.flatMap((same) => same.slice(0, 1));
  await tx.query(
    ADD_TRAFFIC([
      first.map(({ partition }) => partition),
      first.map(({ event }) => event.sender),
      first.map(({ event }) => hourOf(event.intakeAt)),
      rows.map((same) => same.length),
    ]),
  );
}

/** Asks the database once an hour: below the watermark nothing is added to an hour any more. */
export class SilenceReader implements SilentSenders {
  readonly #onChange: (silent: ReadonlySet<string>, hour: Instant) => void;
  #hour = -Infinity;
  #silent: ReadonlySet<string> = new Set();

  /** @param onChange hears of each hour who is silent: the silence itself is an alarm, whatever rests on the source */
  constructor(onChange: (silent: ReadonlySet<string>, hour: Instant) => void = () => undefined) {
    this.#onChange = onChange;
  }

  async silentAt(tx: Pick<Tx, 'query'>, watermark: Instant): Promise<ReadonlySet<string>> {
    if (watermark === -Infinity) return new Set();
    const hour = lastWholeHour(watermark);
    if (hour !== this.#hour) {
      const { rows } = await tx.query<{ sender: string }>(
        SILENT_SENDERS([hour, sameHourInEarlierWeeks(hour), MESSAGES]),
      );
      await tx.query(FORGET_TRAFFIC([hour - (WEEKS + 2) * 7 * 24 * HOUR]));
      this.#silent = new Set(rows.map((row) => row.sender));
      this.#hour = hour;
      this.#onChange(this.#silent, hour);
    }
    return this.#silent;
  }
}
