import type { Pool } from 'pg';
import { HOUR, type Instant } from '#libs/domain';
import { TransactionalStage, type OpenParts, type StatefulConsumer, type TransactionalParts } from '#libs/hosting';
import { type Beside } from '#libs/service';
import { OffsetReader, storedPositions } from '#libs/messaging';
import type { County } from '#libs/county';
import { errorFields, rulesInForce, type Configuration, type IdMaker, type Metrics } from '#libs/platform';
import { StayCache } from '#libs/stays';
import type { JudgingParts } from './judging/judge-stays.ts';
import { MIGRATIONS, SCHEMA } from './migrations/index.ts';
import { lastClosed, publishClosedMonths } from './feed/published-months.ts';
import { measureSenders, sendersReport, type SendersReport } from './senders/sender-report.ts';
import { Rejudging } from './timekeeping/rejudging.ts';
import { SilenceReader } from './senders/silence.ts';
import { HubTimeReader } from './watermark/hub-time.ts';
import { Timekeeper } from './timekeeping/timekeeper.ts';
import { WAITING } from './watermark/time.queries.ts';
import { WATCHER, type Watching } from './watcher.controller.ts';
import { Watermark } from './watermark/watermark.ts';

/** Ms of the machine's clock: months close slowly. */
const PUBLISH_EVERY = 60_000;

/** How the watcher reads. */
export const WATCHER_CONSUMER = {
  ...{ name: 'watcher', group: 'watcher', schema: SCHEMA, speaks: true },
} as const satisfies StatefulConsumer;

/** What the watcher is given: by its main, or by the hub. */
export interface WatcherParts extends TransactionalParts {
  readonly configuration: Pick<
    Configuration,
    'database' | 'embedded' | 'kafka' | 'replica' | 'retention' | 'rules' | 'stays'
  >;
  readonly county: County;
  readonly ids: IdMaker;
}

/** What works while the stage is open, made anew each time. */
interface Open {
  readonly hubTimes: HubTimeReader;
  readonly timekeeper: Timekeeper;
  /** Publishes the months that have closed. */
  readonly publish: () => Promise<void>;
}

/**
 * The watcher (architecture 1, 7) as a stage; what it does with records is in `watcher.controller.ts`. Beside its consumer
 * works the timekeeper, which raises the watermark and judges what is due.
 */
export class WatcherStage extends TransactionalStage {
  readonly #parts: WatcherParts;
  readonly #judging: JudgingParts;
  readonly #said;
  readonly #watermark;
  readonly #silent;
  readonly #rejudged;
  #open: Open | undefined;
  /** The latest month that had closed when the clock was last moved by hand. */
  #closed: string | undefined;

  constructor(parts: WatcherParts) {
    const { county, configuration, ids, metrics, topics } = parts;
    const said = saidCounter(metrics);
    const records = metrics.counter('watcher_records_total', 'Records that the watcher applied', ['outcome']);
    super(parts, {
      ...{ ...WATCHER_CONSUMER, stage: WATCHER, migrations: MIGRATIONS },
      ...{ transactionsAtOnce: 4, unhurried: true, connections: 4 },
      onApplied: (applied) => {
        for (const each of applied) {
          records.inc({ outcome: 'applied' }, each.applied);
          said.inc({ outcome: 'by-message' }, each.appended);
        }
      },
    });
    this.#parts = parts;
    this.#said = said;
    this.#rejudged = metrics.gauge('watcher_rejudged_share', 'Share of the stays that were judged by new rules');
    this.#silent = metrics.gauge('watcher_silent_senders', 'Senders that are silent against their habit', ['sender']);
    this.#watermark = metrics.gauge('watcher_watermark_seconds', 'The watermark, in seconds since 1970');
    measureSenders(metrics, () => this.senders(parts.clock.now() - 24 * HOUR));
    this.#judging = {
      county,
      rules: { parameters: rulesInForce(configuration.rules), ids },
      recordParts: { topics, ids },
      silentSenders: new SilenceReader((silent, hour) => this.#hearOf(silent, hour)),
      cache: new StayCache(configuration.stays.bytesInMemory),
    };
  }

  /** What the controller applies records with. */
  watching(): Watching {
    const { configuration, metrics } = this.#parts;
    const { outageAfter, outageGrace } = configuration.rules;
    const outages = metrics.counter('watcher_outages_total', 'Outages of the hub that were seen');
    return {
      judging: this.#judging,
      hubTimes: { read: (tx) => this.#opened().hubTimes.read(tx) },
      limits: { outageAfter, outageGrace },
      onOutage: () => {
        outages.inc();
        this.#open?.timekeeper.wake();
      },
    };
  }

  /**
   * True when everything that can be judged by now has been, and is said. What lies after the last beat cannot be: an
   * outage may be going on. @throws when it is not open, or the database is away
   */
  override async allSaid(): Promise<boolean> {
    const pool = this.pool();
    const { hubTimes, timekeeper } = this.#opened();
    const { knownUntil } = await hubTimes.read(pool);
    const judgeable = Math.min(this.#parts.clock.now(), knownUntil - this.#outageLimit() + this.#pastBeat());
    const { rowCount } = await pool.query(WAITING([]));
    if ((await timekeeper.nextDue(judgeable)) === undefined && rowCount === 0) return super.allSaid();
    timekeeper.wake();
    return false;
  }

  /** What each sender has sent since an instant, and how well; undefined while the stage is not open. */
  async senders(since: Instant): Promise<SendersReport | undefined> {
    if (!this.isOpen()) return undefined;
    return sendersReport(this.pool(), { since, until: this.#parts.clock.now() }, this.#judging.rules.parameters);
  }

  /** See `Timekeeper.judgeAt`: for the hub's clock operation. @throws when it is not open, or the database is away */
  async judgeAt(instant: Instant): Promise<{ sent: number }> {
    const { timekeeper, publish } = this.#opened();
    const judged = await timekeeper.judgeAt(instant);
    // A clock that is moved by hand passes the end of a month within a request: who asks then finds it published.
    if (lastClosed(instant) !== this.#closed) await publish();
    this.#closed = lastClosed(instant);
    return judged;
  }

  /** See `Timekeeper.nextDue`. @throws as `judgeAt` */
  nextDue(upTo: Instant): Promise<Instant | undefined> {
    return this.#opened().timekeeper.nextDue(upTo);
  }

  async #publish({ kick, pool }: Pick<OpenParts, 'kick' | 'pool'>): Promise<void> {
    const { ids, topics } = this.#parts;
    const lane = await publishClosedMonths(pool, { ids, topics });
    if (lane !== undefined) kick(lane);
  }

  protected override openBeside({ pool, kick }: OpenParts): Beside {
    const { clock, log } = this.#parts;
    const publishing = setInterval(() => {
      this.#publish({ pool, kick }).catch((error: unknown) => log.debug('watermark-stands', errorFields(error)));
    }, PUBLISH_EVERY);
    const hubTimes = new HubTimeReader(() => clock.now(), this.#outageLimit());
    const timekeeper = this.#timekeeper(pool, kick, hubTimes);
    this.#open = { hubTimes, timekeeper, publish: () => this.#publish({ pool, kick }) };
    timekeeper.start();
    return {
      stop: async () => {
        clearInterval(publishing);
        this.#open = undefined;
        await timekeeper.stop();
      },
    };
  }

  #timekeeper(pool: Pool, kick: (lane: number) => void, hubTimes: HubTimeReader): Timekeeper {
    const { clock, configuration, kafka, log, topics } = this.#parts;
    const watermark = new Watermark({
      now: () => clock.now(),
      offsets: new OffsetReader(kafka),
      positions: () => storedPositions(pool, SCHEMA, this.group),
      lastBeat: async () => {
        const { knownUntil } = await hubTimes.read(pool);
        return knownUntil === Infinity ? undefined : knownUntil - this.#outageLimit();
      },
      topics,
      translatorGroup: `${configuration.kafka.topicPrefix}translator`,
      pastBeat: this.#pastBeat(),
    });
    return new Timekeeper({
      ...{ pool, hubTimes, watermark, log, judging: this.#judging, now: () => clock.now() },
      rejudging: this.#rejudging(pool, kick, hubTimes),
      onSaid: (lane, records) => {
        this.#said.inc({ outcome: 'in-time' }, records);
        kick(lane);
      },
      onRaised: (instant) => {
        this.#watermark.set(instant / 1000);
        // Also when nothing is due: who is silent has nothing judged.
        const unheard = (error: unknown): void => log.debug('silence-unread', errorFields(error));
        this.#judging.silentSenders.silentAt(pool, instant).catch(unheard);
      },
    });
  }

  /** The silence of a source is an alarm of its own, and the absences that rest on it are suspected meanwhile (architecture 7). */
  #hearOf(silent: ReadonlySet<string>, hour: Instant): void {
    this.#silent.reset();
    for (const sender of silent) {
      this.#silent.set({ sender }, 1);
      this.#parts.log.warn('source-silent', { sender, hour: new Date(hour).toISOString() });
    }
  }

  #rejudging(pool: Pool, kick: (lane: number) => void, hubTimes: HubTimeReader): Rejudging {
    return new Rejudging({
      ...{ pool, judging: this.#judging, hubTimes },
      onSaid: (lane, records) => {
        this.#said.inc({ outcome: 'by-new-rules' }, records);
        kick(lane);
      },
      onProgress: (share) => this.#rejudged.set(share),
    });
  }

  #opened(): Open {
    if (!this.#open) throw new Error('the watcher is not open');
    return this.#open;
  }

  #outageLimit(): number {
    return this.#parts.configuration.rules.outageAfter;
  }

  /**
   * How far past the last beat W may go: as long as a silence is none, and no further than the grace before an absence is
   * said, so that every deadline that is said lies before the last beat.
   */
  #pastBeat(): number {
    const { outageAfter, deviationGrace } = this.#parts.configuration.rules;
    return Math.min(outageAfter, deviationGrace);
  }
}

function saidCounter(metrics: Metrics) {
  return metrics.counter('watcher_said_total', 'Records that the watcher put into its outbox', ['outcome']);
}
