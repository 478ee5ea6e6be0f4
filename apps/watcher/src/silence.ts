import { HOUR, type Instant, type StayEvent } from '#libs/domain';
import type { Tx } from '#libs/persistence';
import { hourOf, lastWholeHour, MESSAGES, sameHourInEarlierWeeks, WEEKS } from './habit.ts';
import { ADD_TRAFFIC, FORGET_TRAFFIC, SILENT_SENDERS } from './traffic.queries.ts';

/** Who usually has messages in the hour that ended last, and had none (architecture 7). Without a habit nobody is silent. */
export interface Silences {
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
export class SilenceReader implements Silences {
  #hour = -Infinity;
  #silent: ReadonlySet<string> = new Set();

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
    }
    return this.#silent;
  }
}
