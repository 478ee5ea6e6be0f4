import type { County } from '#libs/county';
import { GroupCommitProducer, type KafkaPort, type TopicNames } from '#libs/messaging';
import { type Clock, type Configuration, CountedLog, type IdMaker, type Log, type Metrics } from '#libs/platform';
import { Answers } from '../answers.ts';
import { ingressMetrics } from '../ingress-metrics.ts';
import { IntakeStamp } from '../intake-stamp.ts';
import { Reception, type Receipt } from '../reception.ts';

export interface Hl7v2IntakeParts {
  readonly configuration: { readonly mllp: Pick<Configuration['mllp'], 'maxFrameBytes'> };
  readonly clock: Clock;
  readonly county: Pick<County, 'agreementOf'>;
  readonly ids: IdMaker;
  readonly kafka: KafkaPort;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly topics: Pick<TopicNames, 'inbound'>;
}

const STORE_DEADLINE_MILLIS = 5000;
const COUNTED_LINE_MILLIS = 60_000;

/**
 * Takes messages in that come by HTTP as MLLP does: the same look at the header, the same record on `inbound` under the same
 * id, acknowledged only when it is stored. It needs no register: that a message comes twice its id says. While the hub's clock
 * is moved (`hold`) requests wait; a stop answers what is begun.
 */
export class Hl7v2Intake {
  /** The largest message, in bytes. */
  readonly largest: number;
  readonly #producer: GroupCommitProducer;
  readonly #reception: Reception;
  readonly #counted: CountedLog;
  readonly #taking = new Set<Promise<Receipt>>();
  #released: PromiseWithResolvers<undefined> | undefined;

  constructor({ configuration, clock, county, ids, kafka, log, metrics, topics }: Hl7v2IntakeParts) {
    this.largest = configuration.mllp.maxFrameBytes;
    this.#producer = new GroupCommitProducer({ kafka, log, deadlineMs: STORE_DEADLINE_MILLIS });
    this.#counted = new CountedLog(log, COUNTED_LINE_MILLIS);
    this.#reception = new Reception({
      ...{ clock, county, ids, log, counted: this.#counted, producer: this.#producer, topic: topics.inbound },
      ...{ answers: new Answers(clock), intakeStamp: new IntakeStamp(), metrics: ingressMetrics(metrics) },
    });
  }

  /**
   * What became of a message of this caller; its answer is in the original mode. Never rejects.
   * @param writtenBy who wrote it in the caller's name, where the caller did not
   */
  async take(body: Buffer, caller: string, writtenBy?: string): Promise<Receipt> {
    while (this.#released !== undefined) await this.#released.promise;
    const came = { origin: { kind: 'caller', name: caller } as const, ...(writtenBy !== undefined && { writtenBy }) };
    const taken = this.#reception.receive({ kind: 'frame', body }, came);
    this.#taking.add(taken);
    return taken.finally(() => this.#taking.delete(taken));
  }

  /** Takes nothing in any more; resolves when all that was begun is answered. */
  async hold(): Promise<void> {
    this.#released ??= Promise.withResolvers();
    await Promise.all(this.#taking);
  }

  /** Goes on. */
  release(): void {
    this.#released?.resolve(undefined);
    this.#released = undefined;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#taking);
    await this.#producer.stop();
    this.#counted.stop();
  }
}
