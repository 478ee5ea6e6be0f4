import type { Pool } from 'pg';
import type { County } from '#libs/county';
import type { CaseEvent, Instant, Parameters, PartyStatement, StayEvent } from '#libs/domain';
import {
  writeCaseEvent,
  writeEventBundle,
  writePartyEventBundle,
  writeReceipt,
  type DeviationRecord,
} from '#libs/fhir';
import { putPoison, type TransactionContext } from '#libs/hosting';
import { lockLane, Outbox, topicNames, type InRecord, type OutRecord } from '#libs/messaging';
import { createPool, inTransaction, migrate, type Tx } from '#libs/persistence';
import { rulesInForce, rootTrace, silentLog, type RuleParameters } from '#libs/platform';
import { createTestDatabase, type TestDatabase } from '../../../test/services/services.ts';
import { StayCache } from '#libs/stays';
import type { JudgingParts } from '../src/judging/judge-stays.ts';
import type { WatchedStay } from '../src/judging/watched-stay.ts';
import { publishClosedMonths } from '../src/feed/published-months.ts';
import { MIGRATIONS, SCHEMA } from '../src/migrations/index.ts';
import { Rejudging } from '../src/timekeeping/rejudging.ts';
import { SilenceReader } from '../src/senders/silence.ts';
import { HubTimeReader, type HubTimes } from '../src/watermark/hub-time.ts';
import { Timekeeper, type TimekeeperParts } from '../src/timekeeping/timekeeper.ts';
import { WatcherController } from '../src/watcher.controller.ts';
import { directory, ids, keyOf, keyOfStay, may, SOLNA, stayOf } from './ward.ts';

const RULES: RuleParameters = {
  trustedWindow: 900_000,
  outageAfter: 5000,
  outageGrace: 900_000,
  deviationGrace: 60_000,
  tek01: 3_600_000,
  reminderBefore: 4 * 3_600_000,
  butDays: 1,
  continuationLead: 2 * 3_600_000,
  closing: 24 * 3_600_000,
  newbornDays: 28,
  continuation: 24 * 3_600_000,
};

const wordId = (name: string): string => ids.event(ids.inbound('party', Buffer.from(name)), 0);

const IN_FORCE = rulesInForce(RULES);
const topics = topicNames('');

type WatchedTopic = 'events' | 'rejected' | 'uptime' | 'receipts';

interface SaidRecord {
  readonly topic: string;
  readonly id: string;
  readonly key: string;
  readonly value: Record<string, unknown>;
}

/** A row or month of the feed, and the duty to answer a deviation. */
function isOfCase({ topic, value }: SaidRecord): boolean {
  return topic === topics.deviationFeed || JSON.stringify(value['code'] ?? '').includes('ANSWER-DEVIATION');
}

/** The watcher on a real database, given its records by hand: no Kafka, and a clock that the test moves. */
export class Watch {
  readonly pool: Pool;
  readonly #drop: () => Promise<void>;
  readonly #controller: WatcherController;
  readonly #timeParts: TimekeeperParts;
  readonly #timekeeper: Timekeeper;
  #now: Instant = may('01');
  #published = 1;
  /** Rows that were read from PostgreSQL, and rules that were looked up, by whatever was applied. */
  readonly work = { rows: 0, rules: 0 };
  #silentSenders = new SilenceReader();
  readonly #cache = new StayCache<WatchedStay>(100_000_000);
  /** The county of the tests; another one may take its place. */
  county: { readonly version: string; readonly directory: County['directory'] } = { version: '1', directory };
  #hubTimes = new HubTimeReader(() => this.#now, RULES.outageAfter);

  private constructor(url: string, drop: () => Promise<void>) {
    this.#drop = drop;
    this.pool = createPool({ url, applicationName: 'watch-test', schema: SCHEMA });
    const judging: JudgingParts = {
      county: { snapshot: () => this.county },
      rules: { parameters: (date) => this.#rulesOn(date), ids },
      cache: this.#cache,
      recordParts: { topics, ids },
      silentSenders: { silentAt: (tx, at) => this.#silentSenders.silentAt(tx, at) },
    };
    const now = (): Instant => this.#now;
    // A test begins with nothing learned, so the reader is replaced with the rest.
    const hubTimes: HubTimes = { read: (tx) => this.#hubTimes.read(tx) };
    const onOutage = (): void => undefined;
    this.#controller = new WatcherController({ judging, hubTimes, limits: RULES, onOutage });
    this.#timeParts = {
      ...{ pool: this.pool, judging, hubTimes, now, log: silentLog, onSaid: () => undefined },
      watermark: { probe: () => Promise.resolve(undefined) },
    };
    this.#timekeeper = new Timekeeper(this.#timeParts);
  }

  /** @param database an empty one; one of the tests' services where none is given */
  static async begin(database?: Pick<TestDatabase, 'url' | 'drop'>): Promise<Watch> {
    const own = database ?? (await createTestDatabase('watcher'));
    const { url } = own;
    await migrate({ url, schema: SCHEMA, migrations: MIGRATIONS });
    return new Watch(url, () => own.drop());
  }

  async end(): Promise<void> {
    await this.pool.end();
    await this.#drop();
  }

  /** Forgets everything, as for another test. */
  async clear(): Promise<void> {
    const filled = ['person', 'stay', 'event', 'deviation', 'reminder', 'deadline', 'receipt', 'rejected', 'stay_span'];
    const ofCases = ['followed_stay', 'case_event', 'deviation_case', 'case_claim', 'feed_month'];
    const emptied = [...filled, ...ofCases, 'outage', 'poison', 'outbox', 'traffic'].map(
      (table) => `delete from ${table};`,
    );
    // Of tables this small a delete is ten times as fast as a truncate.
    await this.pool.query(`${emptied.join('')} update watermark set at = null; update beat set at = null`);
    this.#hubTimes = new HubTimeReader(() => this.#now, RULES.outageAfter);
    this.#silentSenders = new SilenceReader();
    // The versions of the rows begin anew.
    this.county = { version: `${++this.#published}`, directory };
    this.#now = may('01');
  }

  /** One batch of `events`; the clock stands at the last intake. */
  async events(...events: readonly StayEvent[]): Promise<void> {
    this.#now = Math.max(this.#now, ...events.map((event) => event.intakeAt));
    await this.#apply(
      'events',
      events.map((event) => this.#eventRecord(event)),
    );
  }

  /** What people say of deviations, in one batch of `events`. */
  async words(...events: readonly CaseEvent[]): Promise<void> {
    this.#now = Math.max(this.#now, ...events.map((event) => event.intakeAt));
    const records = events.map((event) => this.#record(topics.events, event.by, event.eventId, writeCaseEvent(event)));
    await this.#apply(
      'events',
      records.map((record) => ({ ...record, kind: 'case-event' })),
    );
  }

  /** Months that have closed are published. */
  async publish(): Promise<void> {
    await publishClosedMonths(this.pool, { topics, ids });
  }

  /** What a party says of the stay of visit `v1`. `id`: the name that the test knows the word by. */
  async answers(
    ...words: readonly { party: string; sent: string; says: PartyStatement; id?: string }[]
  ): Promise<void> {
    this.#now = Math.max(this.#now, ...words.map(({ sent }) => may(sent)));
    const records = words.map(({ party, sent, says, id = `${party} ${sent} ${says.kind}` }) => {
      const at = may(sent);
      const said = says.kind === 'undone' ? { ...says, eventId: wordId(says.eventId) } : says;
      const stamps = { ordinal: 0, revision: 1000, intakeAt: at, intakeStamp: at * 1000 };
      const event = { ...stamps, eventId: wordId(id), inboundId: wordId(id), stayId: stayOf('v1'), party, sentAt: at };
      const bundle = writePartyEventBundle({ ...event, says: said });
      return { ...this.#record(topics.events, 'reply', wordId(id), bundle), kind: 'party-event' };
    });
    await this.#apply('events', records);
  }

  /** The receipt of an act or withdrawal by its key. */
  async receipt(visit: string, key: string, at: string): Promise<void> {
    const stayId = stayOf(visit);
    const actId = ids.delivery(stayId, key, 0);
    const received = may(at);
    const receipt = writeReceipt({
      ...{ deliveryId: actId, actId, category: 'INS', status: 'completed', recipient: SOLNA, stayId },
      ...{ sent: received, received, withdraws: [] },
    });
    await this.#apply('receipts', [this.#record(topics.receipts, stayId, actId, receipt)]);
  }

  async rejected(visit: string, at: string, trigger?: string, codes: readonly string[] = []): Promise<void> {
    const id = ids.rejection(`${visit}${at}${trigger ?? ''}`, 0);
    const outcome = { issue: codes.map((code) => ({ details: { coding: [{ code }] } })) };
    const receivedAt = new Date(may(at)).toISOString();
    const value = { outcome, inbound: { id }, sender: 'KS', receivedAt, trigger };
    await this.#apply('rejected', [this.#record(topics.rejected, keyOf(visit), id, value)]);
  }

  /** Beats at these times, in one batch; `[at, steppedFrom]` for a step of the clock. */
  async beats(...beats: readonly (string | readonly [string, string])[]): Promise<void> {
    const records = beats.map((beat) => {
      const [at, from] = typeof beat === 'string' ? [beat] : beat;
      const value = {
        at: new Date(may(at)).toISOString(),
        ...(from !== undefined && { steppedFrom: new Date(may(from)).toISOString() }),
      };
      return this.#record(topics.uptime, 'replica', 'beat', value);
    });
    await this.#apply('uptime', records);
  }

  async garbage(topic: WatchedTopic): Promise<void> {
    const record = { ...this.#record(topics[topic], 'k', 'garbage', {}), value: Buffer.from('{not json') };
    await this.#apply(topic, [record]);
  }

  /** The watermark reaches an instant, and what is due is judged. `stepping`: see `Timekeeper.judgeAt`. */
  async judgeAt(at: string): Promise<number> {
    this.#now = Math.max(this.#now, may(at));
    return this.#countSaid(() => this.#timekeeper.judgeAt(may(at)));
  }

  /** The same, without counting what is said. */
  async sweepAt(at: string): Promise<void> {
    this.#now = Math.max(this.#now, may(at));
    await this.#timekeeper.judgeAt(may(at));
  }

  /** The same, by two replicas at once. */
  async judgeAtByTwo(at: string): Promise<number> {
    this.#now = Math.max(this.#now, may(at));
    const second = new Timekeeper(this.#timeParts);
    return this.#countSaid(() => Promise.all([this.#timekeeper.judgeAt(may(at)), second.judgeAt(may(at))]));
  }

  /** All stays are judged as after a change of rules. @returns the shares that were reached, as `onShare` is told them */
  async rejudgedAfterAChange(onShare: (share: number) => void = () => undefined): Promise<number[]> {
    const shares: number[] = [];
    const onProgress = (share: number): void => {
      shares.push(share);
      onShare(share);
    };
    const { pool, judging, hubTimes, onSaid } = this.#timeParts;
    const rejudging = new Rejudging({ pool, judging, hubTimes, onSaid, onProgress });
    await this.pool.query(`insert into rejudging values (1, 'before') on conflict (id) do update set rules = 'before'`);
    await rejudging.begin();
    while (await rejudging.goOn());
    await rejudging.begin();
    if (await rejudging.goOn()) throw new Error('a pass by the same rules');
    return shares;
  }

  nextDue(upTo: string): Promise<Instant | undefined> {
    return this.#timekeeper.nextDue(may(upTo));
  }

  /** All deviations as last said. */
  async deviations(): Promise<DeviationRecord[]> {
    const { rows } = await this.pool.query<{ body: string }>('select body from deviation order by code, id');
    return rows.map((row) => JSON.parse(row.body) as DeviationRecord);
  }

  /** Open ones: `INS-01 4`, with `suspected` or a reason. */
  async open(): Promise<string[]> {
    const open = (await this.deviations()).filter((one) => one.status !== 'cancelled');
    return open.map(({ deviation, status }) => {
      const more = [status === 'preliminary' ? 'suspected' : '', deviation.reason ?? ''].filter((text) => text !== '');
      return [deviation.code, deviation.severity, ...more].join(' ');
    });
  }

  /** Closed ones: `INS-01 came-late`. */
  async closed(): Promise<string[]> {
    const closed = (await this.deviations()).filter((one) => one.status === 'cancelled');
    return closed.map(({ deviation, closedReason }) => `${deviation.code} ${closedReason ?? ''}`);
  }

  /** What was said of deviations and duties, in order: topic and value. What follows of it in cases is another question. */
  async said(topic?: string): Promise<SaidRecord[]> {
    const all = await this.#outbox();
    return all.filter((row) => !isOfCase(row) && (topic === undefined || row.topic === topic));
  }

  /** What was said of cases on a topic, in order. */
  async saidOfCases(topic: string): Promise<SaidRecord[]> {
    const all = await this.#outbox();
    return all.filter((row) => isOfCase(row) && row.topic === topic);
  }

  async #outbox(): Promise<SaidRecord[]> {
    const { rows } = await this.pool.query<{ topic: string; id: string; key: string; value: string }>(
      'select topic, id, key, value from outbox order by seq',
    );
    return rows.map((row) => ({ ...row, value: JSON.parse(row.value) as Record<string, unknown> }));
  }

  /** How many records something says, cases apart. */
  async #countSaid(judge: () => Promise<unknown>): Promise<number> {
    const before = (await this.said()).length;
    await judge();
    return (await this.said()).length - before;
  }

  /** What applying something has cost, however long it took. */
  async workOf(apply: () => Promise<void>): Promise<{ rows: number; rules: number }> {
    const { rows, rules } = this.work;
    await apply();
    return { rows: this.work.rows - rows, rules: this.work.rules - rules };
  }

  #rulesOn(date: string): Parameters {
    this.work.rules++;
    return IN_FORCE(date);
  }

  #counting(tx: Tx): Tx {
    const query = tx.query.bind(tx) as (...args: unknown[]) => Promise<{ rows: unknown[] }>;
    const counting = async (...args: unknown[]): Promise<{ rows: unknown[] }> => {
      const answer = await query(...args);
      this.work.rows += answer.rows.length;
      return answer;
    };
    return { ...tx, query: counting } as unknown as Tx;
  }

  #eventRecord(event: StayEvent): InRecord {
    const bundle = writeEventBundle(event, { controlId: 'c' });
    return this.#record(topics.events, keyOfStay(event.stayId), event.eventId, bundle);
  }

  #record(topic: string, key: string, id: string, value: unknown): InRecord {
    const traceparent = rootTrace(id);
    const timestamp = this.#published++;
    const bytes = Buffer.from(JSON.stringify(value));
    return {
      ...{ topic, partition: 0, offset: BigInt(timestamp), key, id, kind: 'test', schemaVersion: 1, traceparent },
      ...{ timestamp, headers: {}, value: bytes },
    };
  }

  async #apply(topic: WatchedTopic, records: InRecord[]): Promise<void> {
    const afterCommit: (() => void)[] = [];
    await inTransaction(this.pool, async (plain) => {
      const tx = this.#counting(plain);
      const lane = await lockLane(tx, SCHEMA, topics[topic]);
      const said: OutRecord[] = [];
      const context: TransactionContext = {
        tx,
        say: (out) => said.push(...out),
        afterCommit: (run) => void afterCommit.push(run),
        setAside: (record, wrong) => putPoison(tx, record, wrong, this.#now),
      };
      await this.#controller[topic](records, context);
      await Outbox.append(tx, SCHEMA, lane, said);
    });
    for (const run of afterCommit) run();
  }
}
