import { StatelessTransport, type Consuming } from '#libs/hosting';
import type { County } from '#libs/county';
import { readReplyForm } from '#libs/forms';
import {
  type GarbledRecord,
  type GroupCommitProducer,
  type InRecord,
  type KafkaPort,
  type OutRecord,
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
/** What is longer than a reply can be is cut: it is none, and `inbound` with its headers has room for it all the same. */
const MOST_BYTES = 131_072;

/**
 * One more way in (contract 2): what a party writes on `replies.<party>` is put on `inbound`, the bytes as they are. Whose
 * topic it lies on says who wrote it: the broker lets nobody else write there. The position moves when `inbound` has the
 * record; killed before that, it is carried over again with the same id. A party's client knows none of our headers, so that
 * a record without them is as good as one that has them; what cannot be read at all is rejected by the translator, where
 * the party finds it.
 */
export class ReplyTopics extends StatelessTransport {
  readonly #parts: ReplyTopicsParts;
  readonly #stamp = new IntakeStamp();
  readonly #carried;
  #inFlight = 0;
  #released: PromiseWithResolvers<undefined> | undefined;
  #carriedOver: PromiseWithResolvers<undefined> | undefined;

  constructor(parts: ReplyTopicsParts) {
    super({ name: 'reply-topics', stage: REPLY_TOPICS, group: 'ingress-replies' }, parts);
    this.#parts = parts;
    const help = 'Replies that parties wrote on their own topics';
    this.#carried = parts.metrics.counter('ingress_topic_replies_total', help, ['party']);
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

  protected consuming(producer: GroupCommitProducer): Consuming {
    const carry = (records: readonly (InRecord | GarbledRecord)[]): Promise<void> => this.#carry(records, producer);
    return { handle: carry, onPoison: (record) => carry([record]) };
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
