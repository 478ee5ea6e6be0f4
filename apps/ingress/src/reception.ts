import { localDate } from '#libs/domain';
import { readHeader } from '#libs/hl7v2';
import { MessagingError, type GroupCommitProducer } from '#libs/messaging';
import type { County } from '#libs/county';
import { entryOf, errorFields, fault, type Clock, type Fault, type IdMaker, type Log } from '#libs/platform';
import { Answers } from './answers.ts';
import type { CountedLog } from './counted-log.ts';
import { examine, isAcknowledgement, type Examined } from './door.ts';
import { inboundRecord } from './inbound-record.ts';
import type { IngressMetrics } from './ingress-metrics.ts';
import type { IntakeStamp } from './intake-stamp.ts';
import type { Frame, Receipt } from './mllp-connection.ts';

export interface ReceptionParts {
  readonly clock: Clock;
  readonly county: Pick<County, 'agreement'>;
  readonly ids: IdMaker;
  readonly intakeStamp: IntakeStamp;
  readonly log: Log;
  /** For what a sender can cause without end. */
  readonly counted: CountedLog;
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

  /** What became of a frame. Called in the order of the frames; the stamp is taken before anything is awaited. Never rejects. */
  async receive(received: Frame): Promise<Receipt> {
    try {
      return received.kind === 'frame' ? await this.#take(received.body) : this.#refuseTooLarge(received.head);
    } catch (error) {
      this.#parts.log.error('ingress.failed', errorFields(error));
      return this.#refuse(undefined, fault('internal'));
    }
  }

  async #take(body: Buffer): Promise<Receipt> {
    const { clock, county } = this.#parts;
    const examined = examine(body, county, localDate(clock.now()));
    if (examined.kind === 'acknowledgement') return this.#passOver();
    if (examined.kind === 'refused') return this.#refuse(examined.header, examined.fault);
    const { agreement, header } = examined;
    const failure = await this.#store(body, examined);
    return { agreement, answers: failure ? this.#refuse(header, failure).answers : this.#answers.to(header) };
  }

  async #store(bytes: Buffer, examined: Extract<Examined, { kind: 'taken' }>): Promise<Fault | undefined> {
    const { clock, ids, intakeStamp, metrics, producer, topic } = this.#parts;
    const { agreement, header } = examined;
    const from = performance.now();
    try {
      const taken = { bytes, agreement, controlId: header.controlId, intakeStamp: intakeStamp.next() };
      await producer.send(inboundRecord(taken, topic, clock, ids));
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

  #passOver(): Receipt {
    this.#parts.metrics.acknowledgements.inc();
    this.#parts.counted.tell('ingress.acknowledgement-received', {});
    return { answers: [] };
  }

  #refuseTooLarge(head: Buffer): Receipt {
    const read = readHeader(head);
    const header = read.ok ? read.value : undefined;
    return isAcknowledgement(head, header) ? this.#passOver() : this.#refuse(header, fault('frame-too-large'));
  }

  #refuse(header: Parameters<Answers['to']>[0], reason: Fault): Receipt {
    this.#parts.metrics.refused.inc({ code: reason.code });
    // An outage is logged once, not once per message.
    if (reason.name !== 'storage-away') {
      const { code } = entryOf(reason);
      this.#parts.counted.tell('ingress.refused', { code, reason: reason.name, place: reason.place });
    }
    return { answers: this.#answers.to(header, reason) };
  }
}
