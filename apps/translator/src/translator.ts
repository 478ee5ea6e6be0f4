import {
  GroupCommitProducer,
  isGarbled,
  startStatelessConsumer,
  type GarbledRecord,
  type InRecord,
  type KafkaPort,
  type OutRecord,
  type StatelessConsumer,
  type TopicNames,
} from '#libs/messaging';
import {
  errorFields,
  fault,
  type County,
  type FaultName,
  type IdMaker,
  type KafkaSettings,
  type Log,
  type Metrics,
} from '#libs/platform';
import { intakeOf, recordOf, rejectedRecord, type Intake } from './records.ts';
import { translate, type Translation } from './translate.ts';

export interface TranslatorStageParts {
  readonly configuration: { readonly kafka: Pick<KafkaSettings, 'topicPrefix' | 'sessionTimeoutMillis'> };
  readonly county: Pick<County, 'agreement'>;
  readonly ids: IdMaker;
  readonly kafka: KafkaPort;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly topics: Pick<TopicNames, 'inbound' | 'events' | 'rejected'>;
}

/** The consumer group, without the topic prefix: the watermark reads its committed offsets (architecture 7). */
export const TRANSLATOR_GROUP = 'translator';

interface Running {
  readonly producer: GroupCommitProducer;
  readonly consumer: StatelessConsumer;
  joined: boolean;
}

/**
 * `inbound` -> `events` and `rejected`. It has no state: what it publishes is acknowledged before its offset moves
 * (architecture 2.7), and what it publishes twice has the same id. One message in gives one record out, always.
 */
export class Translator {
  readonly name = 'translator';
  readonly #parts: TranslatorStageParts;
  readonly #events;
  readonly #findings;
  readonly #rejected;
  #running: Running | undefined;

  constructor(parts: TranslatorStageParts) {
    this.#parts = parts;
    this.#events = parts.metrics.counter('translator_events_total', 'Messages that became events', [
      'sender',
      'trigger',
    ]);
    this.#findings = parts.metrics.counter(
      'translator_findings_total',
      'What was not right in messages that were taken',
      ['sender', 'grade', 'code'],
    );
    this.#rejected = parts.metrics.counter('translator_rejected_total', 'Faults of rejected messages', ['code']);
  }

  /** Name of its consumer group. */
  get group(): string {
    return `${this.#parts.configuration.kafka.topicPrefix}${TRANSLATOR_GROUP}`;
  }

  /** True when it has joined its group, so that it reads. */
  isOpen(): boolean {
    return this.#running?.joined === true;
  }

  /** Begins to read; while Kafka is away it keeps trying. */
  start(): Promise<void> {
    this.#running ??= this.#open();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.consumer.stop();
    await running?.producer.stop();
  }

  #open(): Running {
    const { configuration, kafka, log, topics } = this.#parts;
    const producer = new GroupCommitProducer({ kafka, log });
    const consumer = startStatelessConsumer({
      kafka,
      log,
      group: this.group,
      topics: [topics.inbound],
      sessionTimeoutMs: configuration.kafka.sessionTimeoutMillis,
      handle: async (records) => {
        await producer.sendAll(records.map((record) => this.#translate(record)));
      },
      onPoison: async (record, error) => {
        await producer.send(this.#poison(record, error));
      },
    });
    const running = { producer, consumer, joined: false };
    void consumer.ready.then(() => (running.joined = true));
    return running;
  }

  #translate(inbound: InRecord): OutRecord {
    const { ids, topics } = this.#parts;
    const intake = intakeOf(inbound);
    const translation = this.#translated(inbound, intake);
    this.#count(translation);
    return recordOf(translation, inbound, intake.intakeAt, topics, ids);
  }

  #count(translation: Translation): void {
    if (translation.kind === 'rejection') {
      for (const { code } of translation.faults) this.#rejected.inc({ code });
      return;
    }
    const { sender, trigger, findings } = translation.event;
    this.#events.inc({ sender, trigger });
    for (const { grade, code } of findings) this.#findings.inc({ sender, grade, code });
  }

  /** A bug of ours in one message is a rejection like any other: it stops nobody, and a replay mends it (architecture 2.9). */
  #translated(inbound: InRecord, intake: Intake): Translation {
    const sender = inbound.headers['sender'];
    if (inbound.kind !== 'hl7v2' || sender === undefined) return rejection('undecodable-record');
    try {
      return translate({ inboundId: inbound.id, sender, bytes: inbound.value, ...intake }, this.#parts);
    } catch (error) {
      this.#parts.log
        .withTrace(inbound.traceparent)
        .error('translator.failed', { id: inbound.id, ...errorFields(error) });
      return rejection('translation-bug');
    }
  }

  #poison(record: InRecord | GarbledRecord, error: Error): OutRecord {
    const { ids, log, topics } = this.#parts;
    const { partition } = record;
    log.error('translator.poison', { partition, offset: record.offset, ...errorFields(error) });
    const faults = [fault(isGarbled(record) ? 'undecodable-record' : 'poison-record')];
    for (const { code } of faults) this.#rejected.inc({ code });
    return rejectedRecord(faults, record, intakeOf(record), topics.rejected, ids);
  }
}

function rejection(name: FaultName): Translation {
  return { kind: 'rejection', faults: [fault(name)], trigger: undefined };
}
