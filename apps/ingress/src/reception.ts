import { localDate } from '#libs/domain';
import { readHeader } from '#libs/hl7v2';
import { MessagingError, type GroupCommitProducer } from '#libs/messaging';
import {
  entryOf,
  errorFields,
  fault,
  type Clock,
  type County,
  type Fault,
  type IdMaker,
  type Log,
} from '#libs/platform';
import { Answers } from './answers.ts';
import { examine, type Verdict } from './door.ts';
import { inboundRecord } from './inbound-record.ts';
import type { IngressMetrics } from './ingress-metrics.ts';
import type { Frame } from './mllp-connection.ts';

export interface ReceptionParts {
  readonly clock: Clock;
  readonly county: Pick<County, 'agreement'>;
  readonly ids: IdMaker;
  readonly log: Log;
  readonly metrics: IngressMetrics;
  readonly producer: Pick<GroupCommitProducer, 'send'>;
  /** Name of the topic `inbound`. */
  readonly topic: string;
}

/** Takes frames in: looks at the header, stores the bytes, and only then says so (architecture 2.1). */
export class Reception {
  readonly #parts: ReceptionParts;
  readonly #answers: Answers;
  #storageAway = false;

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
    this.#answers = new Answers(parts.clock);
  }

  /** The answer to a frame, unframed; undefined when the sender wants none. Never rejects. */
  async receive(received: Frame): Promise<Buffer | undefined> {
    if (received.kind === 'too-large') return this.#refuseTooLarge(received.head);
    const { clock, county } = this.#parts;
    const verdict = examine(received.body, county, localDate(clock.now()));
    if (verdict.kind === 'refused') return this.#refuse(verdict.header, verdict.fault);
    const failure = await this.#store(received.body, verdict);
    return failure ? this.#refuse(verdict.header, failure) : this.#answers.to(verdict.header);
  }

  async #store(bytes: Buffer, verdict: Extract<Verdict, { kind: 'taken' }>): Promise<Fault | undefined> {
    const { clock, ids, metrics, producer, topic } = this.#parts;
    const { agreement, header } = verdict;
    const from = performance.now();
    try {
      await producer.send(inboundRecord({ bytes, agreement, controlId: header.controlId }, topic, clock, ids));
    } catch (error) {
      return this.#failureOf(error);
    }
    metrics.seconds.observe((performance.now() - from) / 1000);
    metrics.stored.inc({ sender: agreement.id });
    if (this.#storageAway) this.#parts.log.info('ingress.storage-back');
    this.#storageAway = false;
    return undefined;
  }

  /** Perhaps stored, so "send again": never AR, which would end it. Only what can never be stored is refused for good. */
  #failureOf(error: unknown): Fault {
    if (!(error instanceof MessagingError)) {
      this.#parts.log.error('ingress.failed', errorFields(error));
      return fault('internal');
    }
    if (error.code === 'too-large') return fault('frame-too-large');
    if (!this.#storageAway) this.#parts.log.warn('ingress.storage-away', errorFields(error));
    this.#storageAway = true;
    return fault('storage-away');
  }

  #refuseTooLarge(head: Buffer): Buffer | undefined {
    const header = readHeader(head);
    return this.#refuse(header.ok ? header.value : undefined, fault('frame-too-large'));
  }

  #refuse(header: Parameters<Answers['to']>[0], reason: Fault): Buffer | undefined {
    this.#parts.metrics.refused.inc({ code: reason.code });
    // An outage is logged once, not once per message.
    if (reason.name !== 'storage-away') {
      this.#parts.log.info('ingress.refused', { code: entryOf(reason).code, reason: reason.name, place: reason.place });
    }
    return this.#answers.to(header, reason);
  }
}
