import {
  type Ends,
  type OffsetReader,
  type Positions,
  reached,
  storedPositions,
  type TopicNames,
} from '#libs/messaging';
import type { StatefulConsumer } from '#libs/hosting';
import { fault, type Fault } from '#libs/platform';
import type { Pool } from 'pg';

/**
 * Answers when everything that was acknowledged before the call has been applied everywhere (contract 3).
 *
 * Messages only flow forward (architecture 2), so going along the line once is enough: at each step the ends of the topics
 * are read after all that writes to them has caught up, and the step is done when all that reads them has reached those ends.
 * What waits for a recipient or a person is left out: it lies in no topic.
 */
export interface SettleStep {
  /** Named in the answer when it does not catch up. */
  readonly stage: string;
  /** Those of the parties are others when the county has changed. */
  readonly topics: () => readonly string[];
  readonly positions: () => Promise<Positions>;
  /** True when what this stage says has left its outbox. */
  readonly allSaid?: () => Promise<boolean>;
  /** Stands still while nothing is written to the topics; then the step is as it was when it was last settled. */
  readonly mark?: () => Promise<string>;
}

export interface SettleOptions {
  readonly steps: readonly SettleStep[];
  readonly endOffsets: (topics: readonly string[]) => Promise<Ends>;
  /** Machine's clock: waiting is no matter of the domain. */
  readonly deadlineMillis: number;
  /** Between the first two looks; each further wait is longer by half, up to four times this. */
  readonly pollMillis: number;
}

/** Follows lines, and remembers at which mark a step was last seen settled. */
export class Settling {
  readonly #options: SettleOptions;
  readonly #settledAt = new Map<SettleStep, string>();

  constructor(options: SettleOptions) {
    this.#options = options;
  }

  /** Follows the line once. @returns the fault `settle-timed-out` with the stage that did not catch up, else nothing. */
  async settle(): Promise<Fault | undefined> {
    const giveUpAt = performance.now() + this.#options.deadlineMillis;
    for (const step of this.#options.steps) {
      if (!(await this.#caughtUp(step, giveUpAt))) return fault('settle-timed-out', step.stage);
    }
    return undefined;
  }

  async #caughtUp(step: SettleStep, giveUpAt: number): Promise<boolean> {
    let ends: Ends | undefined;
    const { pollMillis } = this.#options;
    for (let wait = pollMillis; ; wait = Math.min(1.5 * wait, 4 * pollMillis)) {
      // Kafka or PostgreSQL away is no end: both come back, or the deadline does.
      try {
        // Read before the ends: what is written after it makes another mark, and is asked for the next time.
        const mark = await step.mark?.();
        if (mark !== undefined && this.#settledAt.get(step) === mark && (await allSaid(step))) return true;
        ends ??= await this.#options.endOffsets(step.topics());
        if (reached(await step.positions(), ends) && (await allSaid(step))) {
          if (mark !== undefined) this.#settledAt.set(step, mark);
          return true;
        }
      } catch {
        ends = undefined;
      }
      if (performance.now() > giveUpAt) return false;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

async function allSaid(step: SettleStep): Promise<boolean> {
  return (await step.allSaid?.()) ?? true;
}

export interface LineOptions {
  readonly topics: TopicNames;
  readonly parties: () => readonly string[];
  readonly pool: Pool;
  readonly offsets: OffsetReader;
  readonly translatorGroup: string;
  readonly router: StatefulConsumer;
  readonly dispatcher: StatefulConsumer;
  readonly watcher: StatefulConsumer;
  /** What the watcher has to do besides, while it runs: judge what is due. */
  readonly judged: () => Promise<boolean>;
  readonly partyView: StatefulConsumer;
  readonly hubView: StatefulConsumer;
}

/**
 * What the apps of an outbox have ever said: it stands still while they say nothing, and the many topics of the parties,
 * which they alone write, need not be asked for their ends again. A transaction under way has drawn its numbers already and
 * is not yet seen: with one open the mark is like no other.
 */
async function mark(pool: Pool, writers: readonly StatefulConsumer[]): Promise<string> {
  const sequences = writers.map(({ schema }) => `(select last_value from ${schema}.outbox_seq_seq)::text`);
  const { rows } = await pool.query<{ mark: string }>(
    `select ${sequences.join(" || '/' || ")} || case when exists (
       select from pg_stat_activity where backend_xid is not null and application_name like any($1)
     ) then clock_timestamp()::text else '' end as mark`,
    [writers.map(({ name }) => `bryggan-${name}%`)],
  );
  return rows[0]?.mark ?? '';
}

/**
 * The way of a message (architecture 2) as `settle` follows it: a topic is looked at only after all that writes to it has
 * caught up and said all, so each step needs to be looked at once.
 */
export function lineOf(options: LineOptions): SettleStep[] {
  const { topics, offsets, translatorGroup, router, dispatcher, watcher, partyView, hubView } = options;
  const read = (
    consumer: StatefulConsumer,
    names: () => readonly string[],
    ...writers: StatefulConsumer[]
  ): SettleStep => ({
    stage: consumer.name,
    topics: names,
    positions: () => stored(options.pool, consumer),
    ...(consumer.speaks && {
      allSaid: async () =>
        (consumer !== watcher || (await options.judged())) && (await hasSpoken(options.pool, consumer)),
    }),
    ...(writers.length > 0 && { mark: () => mark(options.pool, writers) }),
  });
  const deliveries = () => options.parties().map((party) => topics.deliveries(party));
  const deviationsOf = () => options.parties().map((party) => topics.deviationsOf(party));
  return [
    {
      stage: 'translator',
      topics: () => [topics.inbound],
      positions: () => offsets.committedOffsets(translatorGroup, [topics.inbound]),
    },
    read(router, () => [topics.events]),
    read(dispatcher, deliveries, router),
    read(watcher, () => [topics.events, topics.rejected, topics.uptime, topics.receipts]),
    read(partyView, deliveries, router),
    read(partyView, deviationsOf, watcher),
    read(hubView, () => [topics.stays, topics.receipts, topics.tasks, topics.deviations, topics.rejected]),
  ];
}

function stored(pool: Pool, { schema, group }: StatefulConsumer): Promise<Positions> {
  return storedPositions(pool, schema, group);
}

/** A row that was set aside as never sendable is a person's business, and waited for by nobody. */
async function hasSpoken(pool: Pool, { schema }: StatefulConsumer): Promise<boolean> {
  const { rows } = await pool.query<{ waits: boolean }>(
    `select exists (select from ${schema}.outbox where stuck_reason is null) as waits`,
  );
  return rows[0]?.waits === false;
}
