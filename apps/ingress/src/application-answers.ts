import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { readHeader, type MessageHeaderFields } from '#libs/hl7v2';
import {
  OffsetReader,
  startStatelessConsumer,
  type GroupCommitProducer,
  type InRecord,
  type KafkaPort,
  type OutRecord,
  type StatelessConsumer,
  type TopicNames,
} from '#libs/messaging';
import { errorFields, ERRORS, fault, rootTrace, type Fault, type FaultName, type Log } from '#libs/platform';
import type { Answers } from './answers.ts';

/*
 * The application answers of enhanced mode (MSH-15 and MSH-16 both ask; HL7 v2 chapter 2.9.3): CA when a message is stored, AA
 * when it has been read.
 *
 *   expected  CA goes out. The message's record on `inbound` says that an AA is to follow, and in which life of which ingress
 *             it came
 *   due       the translator has read the message, and has put what became of it on the topic `answers`
 *   given     AA is written to the connection that the message came by, or to another of its sender, and the topic is told
 *
 * expected -> due by the translator; due -> given by a connection. What came in another life (the hub was started anew, or
 * another replica died) is given to the next connection on which its sender shows itself. It waits a moment for whoever has
 * the connection that the message came by.
 *
 * The translator may say twice that one answer is due: it reads again what it had not noted as read. The second time the
 * connection is no longer known, and any other of the sender's would be told of a message that it never sent; so the latest
 * answers given are remembered.
 *
 * Killed at any instant, what was promised is kept: the promise is on `inbound` with the message, and what is due stays on the
 * topic until it is given. Killed between writing and telling, the hub gives the answer once more: a sender passes over an
 * answer that it has. What nobody has fetched for seven days is due no more.
 *
 * AA also where the message lies on `rejected`: it is kept, and people mend it (standards 3.4). Its first fault stands in ERR as
 * a warning, so that the sender can show it and goes on. AE would stop its queue.
 *
 * Who never asks for this pays nothing: the topic is read from the first message that does, or when it is not empty at a start.
 */

/** A connection as far as later answers go out by it. */
export interface Receiver {
  /** Writes an answer behind those begun before it; tells whether it was written. */
  answerLater(answer: Buffer): Promise<boolean>;
}

export interface ApplicationAnswersParts {
  readonly answers: Answers;
  readonly kafka: KafkaPort;
  readonly log: Log;
  readonly producer: Pick<GroupCommitProducer, 'send'>;
  /** Names this life of this ingress. */
  readonly life: string;
  readonly topics: Pick<TopicNames, 'answers'>;
}

interface Due {
  readonly id: string;
  readonly inboundId: string;
  readonly sender: string;
  readonly life: string;
  readonly header: MessageHeaderFields;
  readonly fault: Fault | undefined;
  /** The broker's append time. */
  readonly since: number;
  isGiving: boolean;
}

const GROUP = 'ingress-answers';
/** What waits beyond this is not remembered; its sender sends the message again. */
const MOST = 100_000;
/** Of the answers given: more than the translator reads in one go. */
const MOST_REMEMBERED = 20_000;
const AGAIN_MILLIS = 2000;
/** How long what came in another life waits for whoever has its connection. */
const OTHERS_FIRST_MILLIS = 2000;
const SWEEP_MILLIS = 500;

export class ApplicationAnswers {
  readonly #parts: ApplicationAnswersParts;
  /** inbound id -> the connection that it came by, in this life. */
  readonly #expected = new Map<string, Receiver>();
  readonly #due = new Map<string, Due>();
  /** Ids of answers that were given, here or by another ingress; the oldest first. */
  readonly #given = new Set<string>();
  readonly #receivers = new Map<string, Set<Receiver>>();
  readonly #stopped = new AbortController();
  #consumer: StatelessConsumer | undefined;
  #sweep: NodeJS.Timeout | undefined;
  /** First offset that was written after this life began to read: what was given before it is known only then. */
  #readFrom: bigint | undefined;
  #readTo = 0n;

  constructor(parts: ApplicationAnswersParts) {
    this.#parts = parts;
  }

  get life(): string {
    return this.#parts.life;
  }

  /** Learns in the background whether anything is due from before; tries again while Kafka is away. */
  start(): void {
    void this.#lookBack();
  }

  async #lookBack(): Promise<void> {
    const { kafka, log, topics } = this.#parts;
    while (!this.#stopped.signal.aborted) {
      try {
        const [end] = (await new OffsetReader(kafka).endOffsets([topics.answers])).get(topics.answers) ?? [];
        this.#readFrom = end?.high ?? 0n;
        if (end !== undefined && end.low < end.high) this.#read();
        else this.#readTo = this.#readFrom;
        return;
      } catch (error) {
        log.warn('ingress.answers-unknown', errorFields(error));
        await sleep(AGAIN_MILLIS, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    clearInterval(this.#sweep);
    await this.#consumer?.stop();
  }

  /** A message is about to be stored, and an answer will be due to who sent it. */
  expect(inboundId: string, receiver: Receiver): void {
    this.#read();
    if (this.#expected.size < MOST) this.#expected.set(inboundId, receiver);
  }

  /** The message was not stored after all. */
  forget(inboundId: string): void {
    this.#expected.delete(inboundId);
  }

  /** A sender has shown itself on this connection. */
  connected(sender: string, receiver: Receiver): void {
    const receivers = this.#receivers.get(sender) ?? new Set();
    this.#receivers.set(sender, receivers.add(receiver));
  }

  closed(receiver: Receiver): void {
    for (const [sender, receivers] of this.#receivers) {
      if (receivers.delete(receiver) && receivers.size === 0) this.#receivers.delete(sender);
    }
  }

  /** Reads the topic, all of it and then on, unless it does already. */
  #read(): void {
    if (this.#consumer !== undefined || this.#stopped.signal.aborted) return;
    const { kafka, log, topics } = this.#parts;
    this.#consumer = startStatelessConsumer({
      ...{ kafka, log, topics: [topics.answers] },
      // A group of this life alone: everyone who takes messages in has to know all of it, from its beginning.
      group: `${topics.answers}.${GROUP}.${randomBytes(6).toString('hex')}`,
      handle: (records) => {
        for (const record of records) this.#take(record);
        return Promise.resolve();
      },
      onPoison: ({ partition, offset }) => {
        log.warn('ingress.answer-unreadable', { partition, offset: String(offset) });
        return Promise.resolve();
      },
    });
    this.#sweep = setInterval(() => this.#giveToOthers(), SWEEP_MILLIS);
  }

  #take(record: InRecord): void {
    this.#readTo = record.offset + 1n;
    if (record.kind === 'answer-given') {
      this.#due.delete(record.id);
      this.#remember(record.id);
    } else if (this.#due.size < MOST && !this.#given.has(record.id)) {
      const due = readDue(record);
      if (due === undefined) return;
      this.#due.set(due.id, due);
      if (due.life === this.life) void this.#give(due);
    }
  }

  /** What came in another life, and what found no connection when it became due. */
  #giveToOthers(): void {
    if (this.#readFrom === undefined || this.#readTo < this.#readFrom) return;
    const before = Date.now() - OTHERS_FIRST_MILLIS;
    for (const due of this.#due.values()) if (due.life === this.life || due.since <= before) void this.#give(due);
  }

  async #give(due: Due): Promise<void> {
    const own = this.#expected.get(due.inboundId);
    const receiver = own ?? this.#receivers.get(due.sender)?.values().next().value;
    if (receiver === undefined || due.isGiving) return;
    due.isGiving = true;
    const isWritten = await receiver.answerLater(this.#parts.answers.later(due.header, due.fault));
    due.isGiving = false;
    this.#expected.delete(due.inboundId);
    // Where it is not, it is closing: another connection of the sender takes it, now or when it comes.
    if (!isWritten) this.closed(receiver);
    else if (this.#due.delete(due.id)) {
      this.#remember(due.id);
      this.#tellGiven(due.id);
    }
  }

  #remember(id: string): void {
    this.#given.add(id);
    for (const oldest of this.#given) {
      if (this.#given.size <= MOST_REMEMBERED) return;
      this.#given.delete(oldest);
    }
  }

  #tellGiven(id: string): void {
    const record: OutRecord = {
      ...{ topic: this.#parts.topics.answers, key: id, id, kind: 'answer-given', schemaVersion: 1 },
      traceparent: rootTrace(id),
      value: '{}',
    };
    this.#parts.producer.send(record).catch((error: unknown) => {
      this.#parts.log.warn('ingress.answer-not-noted', errorFields(error));
    });
  }
}

/** What the translator says of a message (`schemas/topics/answers.json`); undefined when it holds no header to answer. */
function readDue({ id, value, timestamp }: InRecord): Due | undefined {
  const said = JSON.parse(value.toString('utf8')) as Readonly<Record<string, string | undefined>>;
  const header = readHeader(Buffer.from(said['header'] ?? '', 'base64'));
  const { inbound: inboundId, sender, life, fault: name, place } = said;
  if (!header.ok || inboundId === undefined || sender === undefined || life === undefined) return undefined;
  // A fault that an older or newer version knows is one of ours all the same.
  const known = name !== undefined && name in ERRORS ? (name as FaultName) : 'internal';
  return {
    ...{ id, inboundId, sender, life, header: header.value, since: timestamp, isGiving: false },
    fault: name === undefined ? undefined : fault(known, place),
  };
}
