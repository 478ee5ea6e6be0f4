import { IDLE_MS, StageTransport, type Reading } from '#libs/hosting';
import type { County } from '#libs/county';
import { readReplyForm } from '#libs/forms';
import {
  GroupCommitProducer,
  OffsetReader,
  startStatelessConsumer,
  type GarbledRecord,
  type InRecord,
  type KafkaPort,
  type OutRecord,
  type StatelessConsumer,
  type TopicNames,
} from '#libs/messaging';
import { rootTrace, type Clock, type Configuration, type IdMaker, type Log, type Metrics } from '#libs/platform';
import { IntakeStamp } from '../intake-stamp.ts';

export interface ReplyTopicsParts {
  readonly configuration: Pick<Configuration, 'kafka'>;
  readonly clock: Clock;
  readonly county: Pick<County, 'partyIds'>;
  readonly ids: IdMaker;
  readonly kafka: KafkaPort;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly topics: TopicNames;
}

/** Nobody handles batches of this stage: a record is carried over as it is. */
const REPLY_TOPICS = Symbol('reply topics');
/** The consumer group, without the topic prefix. */
const GROUP = 'ingress-replies';
/** What is longer than a reply can be is cut: it is none, and `inbound` with its headers has room for it all the same. */
const MOST_BYTES = 131_072;

interface Opened {
  readonly producer: GroupCommitProducer;
  readonly consumer: StatelessConsumer;
  joined: boolean;
}

/**
 * One more way in (contract 2): what a party writes on `replies.<party>` is put on `inbound`, the bytes as they are. Whose
 * topic it lies on says who wrote it: the broker lets nobody else write there. The position moves when `inbound` has the
 * record; killed before that, it is carried over again with the same id. A party's client knows none of our headers, so that
 * a record without them is as good as one that has them; what cannot be read at all is rejected by the translator, where
 * the party finds it.
 */
export class ReplyTopics extends StageTransport<Opened> {
  readonly group: string;
  readonly #parts: ReplyTopicsParts;
  readonly #stamp = new IntakeStamp();
  readonly #carried;
  #inFlight = 0;
  #released: PromiseWithResolvers<undefined> | undefined;
  #carriedOver: PromiseWithResolvers<undefined> | undefined;

  constructor(parts: ReplyTopicsParts) {
    super('reply-topics', REPLY_TOPICS, parts.log);
    this.#parts = parts;
    this.group = `${parts.configuration.kafka.topicPrefix}${GROUP}`;
    const help = 'Replies that parties wrote on their own topics';
    this.#carried = parts.metrics.counter('ingress_topic_replies_total', help, ['party']);
  }

  override isReady(): boolean {
    return this.isOpen() && this.opened().joined;
  }

  override readings(): readonly Reading[] {
    const offsets = new OffsetReader(this.#parts.kafka);
    const topics = (): readonly string[] => this.topicsToRead();
    return [{ stage: this.name, topics, positions: () => offsets.committedOffsets(this.group, topics()) }];
  }

  /** While the hub's clock is moved nothing is carried over; resolves when what has begun is. */
  async hold(): Promise<void> {
    this.#released ??= Promise.withResolvers();
    if (this.#inFlight === 0) return;
    this.#carriedOver ??= Promise.withResolvers();
    await this.#carriedOver.promise;
  }

  /** Goes on. */
  release(): void {
    this.#released?.resolve(undefined);
    this.#released = undefined;
  }

  protected override topicsToRead(): readonly string[] {
    const { county, topics } = this.#parts;
    return county.partyIds().map((party) => topics.repliesOf(party));
  }

  protected openParts(): Promise<Opened> {
    const { configuration, kafka, log } = this.#parts;
    const producer = new GroupCommitProducer({ kafka, log });
    const carry = (records: readonly (InRecord | GarbledRecord)[]) => this.#carry(records, producer);
    const consumer = startStatelessConsumer({
      ...{ kafka, log, group: this.group, topics: this.topicsToRead() },
      ...{ sessionTimeoutMs: configuration.kafka.sessionTimeoutMillis, idleMs: IDLE_MS },
      handle: carry,
      onPoison: (record) => carry([record]),
    });
    const opened: Opened = { producer, consumer, joined: false };
    void consumer.ready.then(() => {
      opened.joined = true;
      if (this.isOpen()) log.info('stage.ready', { stage: this.name, group: this.group });
    });
    return Promise.resolve(opened);
  }

  protected async closeParts({ consumer, producer }: Opened): Promise<void> {
    await consumer.stop();
    await producer.stop();
  }

  async #carry(records: readonly (InRecord | GarbledRecord)[], producer: GroupCommitProducer): Promise<void> {
    while (this.#released !== undefined) await this.#released.promise;
    this.#inFlight += 1;
    try {
      await producer.sendAll(records.map((record) => this.#inbound(record)));
      for (const { topic } of records) this.#carried.inc({ party: this.#partyOf(topic) });
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) {
        this.#carriedOver?.resolve(undefined);
        this.#carriedOver = undefined;
      }
    }
  }

  #partyOf(topic: string): string {
    return this.#parts.topics.partyOf(topic) ?? '';
  }

  #inbound({ topic, value: written }: InRecord | GarbledRecord): OutRecord {
    const { clock, ids, topics } = this.#parts;
    const value = written.subarray(0, MOST_BYTES);
    const party = this.#partyOf(topic);
    const id = ids.inbound(party, value);
    const read = readReplyForm(value);
    return {
      topic: topics.inbound,
      key: ids.spreadKeyOfReference(read.ok ? read.value.stay : party),
      ...{ id, kind: 'reply', schemaVersion: 1, traceparent: rootTrace(id), value },
      extra: {
        sender: party,
        'content-type': 'application/json',
        'intake-stamp': String(this.#stamp.next()),
        ...(clock.driven && { intake: new Date(clock.now()).toISOString() }),
      },
    };
  }
}
