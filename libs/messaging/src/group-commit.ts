import type { Producer } from 'kafkajs';
import { isUnknownTopic, protocolType, type KafkaPort } from './kafka.ts';
import type { Log } from './log.ts';
import { MessagingError, asError } from './messaging-error.ts';
import { PartitionBook, type SendableRecord } from './partition-book.ts';
import {
  CommitUnit,
  partsWithin,
  takeFitting,
  plainProducer,
  sendUnits,
  type PlacedRecord,
  type RecordAck,
} from './produce-request.ts';
import { BackOff, pause, within } from './waiting.ts';

export interface GroupCommitOptions {
  kafka: KafkaPort;
  log: Log;
  /** How long a record may wait for its acknowledgement, ms of the machine's clock. */
  deadlineMs?: number;
  /** Below the topics' max.message.bytes, with room for the batch's own header. */
  maxBytesPerPartition?: number;
  maxRecordsPerSend?: number;
  /** Told the records of each request that was acknowledged. */
  onSent?(records: number): void;
}

/**
 * Many senders share one produce request. States of the sender: idle; sending (one request in flight, what comes waits);
 * mending (the request failed: a new producer, the same units again in the same order).
 *
 * idle -> sending: something waits. sending -> sending: acknowledged, more waits. sending -> idle: nothing waits.
 * sending -> mending: failed or out of time. mending -> sending: after a short pause.
 * A unit leaves in one of three ways: acknowledged, refused for good, or its deadline passes (`unavailable`: perhaps stored).
 * One request in flight, because kafkajs's retries reorder when there are several.
 */
export class GroupCommitProducer {
  readonly #kafka: KafkaPort;
  readonly #log: Log;
  readonly #book: PartitionBook;
  readonly #deadlineMs: number;
  readonly #maxBytes: number;
  readonly #maxRecords: number;
  readonly #onSent: (records: number) => void;
  readonly #waiting: CommitUnit[] = [];
  #flying: CommitUnit[] = [];
  #producer: Producer | undefined;
  #running: Promise<void> | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #stopped = false;
  #pendingRecords = 0;
  #pendingBytes = 0;
  #failures = 0;
  readonly #backOff = new BackOff(100, 1000);

  constructor(options: GroupCommitOptions) {
    this.#kafka = options.kafka;
    this.#log = options.log;
    this.#book = new PartitionBook(options.kafka);
    this.#deadlineMs = options.deadlineMs ?? 5000;
    this.#maxBytes = options.maxBytesPerPartition ?? 900_000;
    this.#maxRecords = options.maxRecordsPerSend ?? 1000;
    this.#onSent = (records) => options.onSent?.(records);
  }

  /** What is not yet acknowledged: for back-pressure. */
  get pending(): { records: number; bytes: number } {
    return { records: this.#pendingRecords, bytes: this.#pendingBytes };
  }

  /**
   * In: a record. Out: where it lies, once all in-sync replicas have it.
   * Errors: MessagingError `unavailable` (perhaps stored), `too-large`, `refused` (not stored).
   */
  async send(record: SendableRecord): Promise<RecordAck> {
    const [ack] = await this.sendTogether([record]);
    if (ack === undefined) throw new MessagingError('unavailable', 'no acknowledgement came');
    return ack;
  }

  /** As `send`, for a bounded list that goes out in one request, in order: all are acknowledged or none counts as such. */
  async sendTogether(records: readonly SendableRecord[]): Promise<RecordAck[]> {
    const deadline = Date.now() + this.#deadlineMs;
    const placed = this.#book.place(records) ?? (await this.#book.placeSlowly(records, deadline));
    return placed.length === 0 ? [] : this.#enqueue(placed, deadline);
  }

  /** As `send`, for a list of any length: in order, in parts that are bounded, each only after the one before was acknowledged. */
  async sendAll(records: readonly SendableRecord[]): Promise<RecordAck[]> {
    const placed = this.#book.place(records) ?? (await this.#book.placeSlowly(records, Date.now() + this.#deadlineMs));
    const acks: RecordAck[] = [];
    for (const part of partsWithin(placed, this.#maxBytes, this.#maxRecords)) {
      acks.push(...(await this.#enqueue(part, Date.now() + this.#deadlineMs)));
    }
    return acks;
  }

  /** Sends or rejects what waits, then closes; at most 5 s. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const running = this.#running;
    if (running !== undefined && !(await within(2000, running))) this.#rejectAll();
    const producer = this.#producer;
    this.#producer = undefined;
    if (producer !== undefined) await within(1000, producer.disconnect());
  }

  #enqueue(placed: readonly PlacedRecord[], deadline: number): Promise<RecordAck[]> {
    if (this.#stopped) return Promise.reject(new MessagingError('unavailable', 'stopped'));
    const unit = new CommitUnit(placed, deadline);
    this.#waiting.push(unit);
    this.#pendingRecords += placed.length;
    this.#pendingBytes += unit.bytes;
    const settle = (): void => {
      this.#pendingRecords -= placed.length;
      this.#pendingBytes -= unit.bytes;
    };
    unit.acks.then(settle, settle);
    this.#expiry ??= setInterval(() => this.#expire(), Math.min(100, this.#deadlineMs));
    this.#running ??= this.#run();
    return unit.acks;
  }

  async #run(): Promise<void> {
    // What is sent in this turn of the event loop shares the first request.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const units = takeFitting(this.#waiting, this.#maxBytes, this.#maxRecords);
      if (units.length > 0) await this.#fly(units);
    }
    clearInterval(this.#expiry);
    this.#expiry = undefined;
    this.#running = undefined;
  }

  async #fly(units: CommitUnit[]): Promise<void> {
    this.#flying = units;
    try {
      const acks = await this.#attempt(units);
      this.#failures = 0;
      this.#backOff.reset();
      units.forEach((unit, at) => unit.done(acks[at] ?? []));
      this.#onSent(units.reduce((sum, { placed }) => sum + placed.length, 0));
    } catch (error) {
      await this.#mend(units, error);
    } finally {
      this.#flying = [];
    }
  }

  /** One request, given up when its youngest unit's deadline has passed: then nobody waits for it any more. */
  async #attempt(units: readonly CommitUnit[]): Promise<RecordAck[][]> {
    const left = Math.max(...units.map(({ deadline }) => deadline)) - Date.now();
    const work = this.#connected().then((producer) => sendUnits(producer, units));
    if (!(await within(Math.max(left, 1), work))) {
      this.#abandon(work);
      throw new MessagingError('unavailable', 'no acknowledgement in time');
    }
    return work;
  }

  async #connected(): Promise<Producer> {
    if (this.#producer !== undefined) return this.#producer;
    const producer = plainProducer(this.#kafka);
    this.#producer = producer;
    await producer.connect();
    return producer;
  }

  /** A producer after a failure is not used again; one that still works on a request is closed when that ends, for kafkajs would reconnect. */
  #abandon(work: Promise<unknown>): void {
    const producer = this.#producer;
    this.#producer = undefined;
    const close = (): void => void producer?.disconnect().catch(() => undefined);
    work.then(close, close);
  }

  async #mend(units: readonly CommitUnit[], error: unknown): Promise<void> {
    const type = protocolType(error);
    const refusal = refusalOf(error, type);
    if (refusal !== undefined) {
      this.#separate(units, refusal);
      return;
    }
    this.#log.warn('producer.failed', {
      records: units.length,
      failures: ++this.#failures,
      reason: type ?? asError(error).name,
    });
    this.#abandon(Promise.resolve());
    this.#waiting.unshift(...units.filter((unit) => !unit.settled));
    this.#expire();
    if (this.#waiting.length > 0) await pause(this.#backOff.next());
  }

  /** One partition's batch above the broker's limit fails the whole request: one by one then, in the same order, so that one fails alone. */
  #separate(units: readonly CommitUnit[], failure: MessagingError): void {
    const [only] = units;
    if (only !== undefined && units.length === 1) {
      only.failed(failure);
      return;
    }
    for (const unit of units) unit.alone = true;
    this.#waiting.unshift(...units.filter((unit) => !unit.settled));
  }

  #expire(): void {
    const now = Date.now();
    for (const unit of [...this.#flying, ...this.#waiting]) {
      if (!unit.settled && unit.deadline <= now)
        unit.failed(new MessagingError('unavailable', 'not acknowledged in time'));
    }
  }

  #rejectAll(): void {
    for (const unit of [...this.#flying, ...this.#waiting.splice(0)]) {
      if (!unit.settled) unit.failed(new MessagingError('unavailable', 'stopped'));
    }
  }
}

/** Errors that come again however often one asks. */
function refusalOf(error: unknown, type = ''): MessagingError | undefined {
  if (/^(MESSAGE|RECORD_LIST)_TOO_LARGE$/.test(type))
    return new MessagingError('too-large', "above the topic's limit", error);
  if (isUnknownTopic(error) || /AUTHORIZATION_FAILED|INVALID_RECORD|INVALID_TIMESTAMP|POLICY_VIOLATION/.test(type)) {
    return new MessagingError('refused', `Kafka refused: ${type}`, error);
  }
  return undefined;
}
