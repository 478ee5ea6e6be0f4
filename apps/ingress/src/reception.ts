import { localDate } from '#libs/domain';
import { isAcknowledgement, readHeader, splitBatch, wantedAnswers, type MessageHeaderFields } from '#libs/hl7v2';
import { MessagingError, type GroupCommitProducer } from '#libs/messaging';
import type { Agreement, County } from '#libs/county';
import {
  type Clock,
  type CountedLog,
  entryOf,
  errorFields,
  fault,
  type Fault,
  type IdMaker,
  type Log,
} from '#libs/platform';
import type { Answers } from './answers.ts';
import type { ApplicationAnswers, Receiver } from './application-answers.ts';
import { examine, type Origin, type Examined } from './door.ts';
import { inboundRecord } from './inbound-record.ts';
import type { IngressMetrics } from './ingress-metrics.ts';
import type { IntakeStamp } from './intake-stamp.ts';
import type { Frame } from './mllp-connection.ts';

export interface ReceptionParts {
  readonly answers: Answers;
  /** Where each request has its one answer, there are none. */
  readonly applicationAnswers?: Pick<ApplicationAnswers, 'life' | 'expect' | 'forget' | 'connected'>;
  readonly clock: Clock;
  readonly county: Pick<County, 'agreementOf'>;
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

/** How a frame came. */
export interface Came {
  readonly origin: Origin;
  /** Where a later answer is written; without it each has its one answer, in the original mode, whatever the sender wants. */
  readonly receiver?: Receiver;
  /** Who wrote it in the sender's name, where the sender did not (header `written-by`). */
  readonly writtenBy?: string;
}

/** What became of a frame. */
export interface Receipt {
  /** Unframed, in the order in which they go out; none when none is wanted. */
  readonly answers: readonly Buffer[];
  /** Of the sender, where it has one in force and the hub takes such messages from it. */
  readonly agreement?: Agreement;
  /** Why it was not taken; of a batch the first message's that was not. */
  readonly fault?: Fault;
}

/** Takes frames in: looks at the header, stores the bytes, and only then says so (architecture 2.1). */
export class Reception {
  readonly #parts: ReceptionParts;
  #storageAway = false;

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
  }

  /** What became of a frame. Called in the order of the frames; the stamp is taken before anything is awaited. Never rejects. */
  async receive(received: Frame, came: Came): Promise<Receipt> {
    try {
      if (received.kind !== 'frame') return this.#refuseTooLarge(received.head, came);
      const { body } = received;
      const read = readHeader(body);
      const isBatch = !read.ok && read.fault.code === 'batch';
      return await (isBatch ? this.#takeBatch(body, came) : this.#take(body, came, read));
    } catch (error) {
      this.#parts.log.error('ingress.failed', errorFields(error));
      return this.#refuse(undefined, fault('internal'), came);
    }
  }

  /** Each message of a batch is taken, stored and answered as if it had come alone; the answers go out as a batch. */
  async #takeBatch(body: Buffer, came: Came): Promise<Receipt> {
    const split = splitBatch(body);
    if (!split.ok) return this.#refuse(undefined, fault('batch-not-taken', split.fault.place), came);
    const { messages } = split.value;
    const receipts = await Promise.all(messages.map((message) => this.#take(message, came)));
    const answers = receipts.flatMap((receipt) => receipt.answers);
    const agreement = receipts.find((receipt) => receipt.agreement !== undefined)?.agreement;
    const failure = receipts.find((receipt) => receipt.fault !== undefined)?.fault;
    return {
      answers: answers.length === 0 ? [] : [this.#parts.answers.batch(split.value, answers)],
      ...(agreement && { agreement }),
      ...(failure && { fault: failure }),
    };
  }

  async #take(body: Buffer, came: Came, read = readHeader(body)): Promise<Receipt> {
    const { clock, county } = this.#parts;
    const examined = examine(body, county, localDate(clock.now()), came.origin, read);
    if (examined.kind === 'acknowledgement') return this.#passOver();
    if (examined.kind === 'refused') return this.#refuse(examined.header, examined.fault, came);
    const { agreement, header } = examined;
    const { receiver } = came;
    const { applicationAnswers } = this.#parts;
    const isFollowed = receiver !== undefined && !!applicationAnswers && wantedAnswers(header, 'accepted').later;
    if (receiver) applicationAnswers?.connected(agreement.id, receiver);
    const failure = await this.#store(body, examined, came.writtenBy, isFollowed ? receiver : undefined);
    if (failure) return { agreement, ...this.#refuse(header, failure, came) };
    return { agreement, ...this.#answered(header, came) };
  }

  /** @param later where an answer is to follow when it has been read */
  async #store(
    bytes: Buffer,
    examined: Extract<Examined, { kind: 'taken' }>,
    writtenBy: string | undefined,
    later: Receiver | undefined,
  ): Promise<Fault | undefined> {
    const { applicationAnswers, clock, ids, intakeStamp, metrics, producer, topic } = this.#parts;
    const { agreement, header } = examined;
    const from = performance.now();
    const answer = later && applicationAnswers?.life;
    const taken = { bytes, agreement, controlId: header.controlId, intakeStamp: intakeStamp.next(), answer, writtenBy };
    const record = inboundRecord(taken, topic, clock, ids);
    // Before it is stored: it may be read before this process hears that it is.
    if (later) applicationAnswers?.expect(record.id, later);
    try {
      await producer.send(record);
    } catch (error) {
      applicationAnswers?.forget(record.id);
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

  #refuseTooLarge(head: Buffer, came: Came): Receipt {
    const read = readHeader(head);
    const header = read.ok ? read.value : undefined;
    return isAcknowledgement(head, header) ? this.#passOver() : this.#refuse(header, fault('frame-too-large'), came);
  }

  #refuse(header: MessageHeaderFields | undefined, reason: Fault, came: Came): Receipt {
    this.#parts.metrics.refused.inc({ code: reason.code });
    // An outage is logged once, not once per message.
    if (reason.name !== 'storage-away') {
      const { code } = entryOf(reason);
      this.#parts.counted.tell('ingress.refused', { code, reason: reason.name, place: reason.place });
    }
    return { ...this.#answered(header, came, reason), fault: reason };
  }

  #answered(header: MessageHeaderFields | undefined, { receiver }: Came, reason?: Fault): Receipt {
    const { answers } = this.#parts;
    const answer = receiver === undefined ? answers.original(header, reason) : answers.to(header, reason);
    return { answers: answer === undefined ? [] : [answer] };
  }
}
