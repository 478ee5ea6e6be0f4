import {
  GroupCommitProducer,
  OffsetReader,
  startStatelessConsumer,
  type GarbledRecord,
  type InRecord,
  type KafkaPort,
  type OutRecord,
  type StatelessConsumer,
  type StatelessConsumerOptions,
  type TopicNames,
} from '#libs/messaging';
import { errorFields, type Fault, type KafkaSettings, type Log, type Metrics } from '#libs/platform';
import { countBatches, IDLE_MS, type Reading } from '#libs/service';
import { faultOfRecord, handled, topicsOf, type TopicPattern } from './batch-pattern.ts';
import { HandlingStage } from './stage.ts';

/** What every stage without state is given by its main or by the hub. */
export interface StatelessParts {
  readonly configuration: { readonly kafka: Pick<KafkaSettings, 'topicPrefix' | 'sessionTimeoutMillis'> };
  readonly kafka: KafkaPort;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly topics: TopicNames;
}

export interface StatelessOptions {
  readonly name: string;
  /** The stage of `@BatchPattern(topic, stage)`. */
  readonly stage: symbol;
  /** Its consumer group, without the installation's prefix. */
  readonly group: string;
  /** What is published in the place of a record that could not be handled. */
  readonly rejection: (record: InRecord | GarbledRecord, wrong: Fault) => OutRecord;
}

/** All else waits for what it publishes, so not for long; but a fetch and a request for each message cost as much as all that is done with it. */
const GATHERING = { gatherMs: 10 };

interface Opened {
  readonly producer: GroupCommitProducer;
  readonly consumer: StatelessConsumer;
  joined: boolean;
}

/** What is done with the records that a stage without state reads. */
export type Consuming = Pick<StatelessConsumerOptions, 'handle' | 'onPoison' | 'onHandled' | 'gatherMs'>;

/**
 * A stage without state (architecture 2.7): its position is the offset that Kafka was told, moved only after what it
 * published is acknowledged. What it publishes twice has the same id.
 */
export abstract class StatelessTransport extends HandlingStage<Opened> {
  readonly group: string;
  readonly #parts: Pick<StatelessParts, 'configuration' | 'kafka' | 'log'>;

  /** @param parts.group its consumer group, without the installation's prefix */
  constructor(
    { name, stage, group }: Pick<StatelessOptions, 'name' | 'stage' | 'group'>,
    parts: Pick<StatelessParts, 'configuration' | 'kafka' | 'log'>,
  ) {
    super(name, stage, parts.log);
    this.group = `${parts.configuration.kafka.topicPrefix}${group}`;
    this.#parts = parts;
  }

  /** @param producer lives as long as the stage is open */
  protected abstract consuming(producer: GroupCommitProducer): Consuming;

  override isReady(): boolean {
    return this.isOpen() && this.opened().joined;
  }

  override readings(): readonly Reading[] {
    const offsets = new OffsetReader(this.#parts.kafka);
    const topics = (): readonly string[] => this.topicsToRead();
    return [{ stage: this.name, topics, positions: () => offsets.committedOffsets(this.group, topics()) }];
  }

  protected openParts(): Promise<Opened> {
    const { configuration, kafka, log } = this.#parts;
    const producer = new GroupCommitProducer({ kafka, log });
    const consumer = startStatelessConsumer({
      ...{ kafka, log, group: this.group, topics: this.topicsToRead() },
      ...{ sessionTimeoutMs: configuration.kafka.sessionTimeoutMillis, idleMs: IDLE_MS },
      ...this.consuming(producer),
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
}

/** One whose records go, batch by batch, to the handlers of Nest's controllers (`@BatchPattern`). */
export class StatelessStage extends StatelessTransport {
  readonly #parts: StatelessParts;
  readonly #options: StatelessOptions;

  constructor(parts: StatelessParts, options: StatelessOptions) {
    super(options, parts);
    this.#parts = parts;
    this.#options = options;
  }

  protected override topicsToRead(): readonly string[] {
    return this.#patterns().flatMap((pattern) => topicsOf(pattern, this.#parts.topics, []));
  }

  protected consuming(producer: GroupCommitProducer): Consuming {
    const publish = async (records: readonly OutRecord[]): Promise<void> => {
      await producer.sendAll(records);
    };
    return {
      ...GATHERING,
      handle: async (records) => {
        const handler = this.getHandlers().get(this.#patternOf(records[0]?.topic));
        if (!handler) throw new Error('a topic without a handler');
        await handled(handler, records, { publish });
      },
      onPoison: async (record, error) => {
        await producer.send(this.#setAside(record, error));
      },
      onHandled: countBatches(this.#parts.metrics, this.name),
    };
  }

  #patterns(): TopicPattern[] {
    return [...this.getHandlers().keys()] as TopicPattern[];
  }

  #patternOf(topic: string | undefined): string {
    return this.#patterns().find((pattern) => topicsOf(pattern, this.#parts.topics, []).includes(topic ?? '')) ?? '';
  }

  #setAside(record: InRecord | GarbledRecord, error: Error): OutRecord {
    const { log, metrics } = this.#parts;
    const wrong = faultOfRecord(record, error);
    const rejection = this.#options.rejection(record, wrong);
    metrics
      .counter('set_aside_total', 'Records that a stage set aside', ['stage', 'code'])
      .inc({ stage: this.name, code: wrong.code });
    const { topic, partition, offset } = record;
    const where = { stage: this.name, topic, partition, offset, code: wrong.code, rejection: rejection.id };
    log.error('record.set-aside', { ...where, ...errorFields(error) });
    return rejection;
  }
}
