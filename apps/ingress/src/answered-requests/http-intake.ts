import type { ServerResponse } from 'node:http';
import type { Pool } from 'pg';
import type { County } from '#libs/county';
import { StageLife } from '#libs/service';
import { GroupCommitProducer, MessagingError, type KafkaPort, type TopicNames } from '#libs/messaging';
import { createPool, isDatabaseTrouble, migrate } from '#libs/persistence';
import {
  errorFields,
  fault,
  rootTrace,
  type Clock,
  type Configuration,
  type Fault,
  type IdMaker,
  type Log,
  type Metrics,
} from '#libs/platform';
import { IntakeStamp } from '../intake-stamp.ts';
import { INGRESS_MIGRATIONS, INGRESS_SCHEMA } from '../migrations/0001-answered-requests.ts';
import type { Answer } from './answer.ts';
import { AnsweredRequests, type Outcome } from './answered-requests.ts';
import { DeferredResponses } from './deferred-responses.ts';

export interface HttpIntakeParts {
  readonly configuration: { readonly database: Pick<Configuration['database'], 'url'> };
  readonly clock: Clock;
  readonly county: Pick<County, 'responseAddresses'>;
  readonly ids: IdMaker;
  readonly kafka: KafkaPort;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly topics: Pick<TopicNames, 'inbound'>;
}

/** A request that a way in has looked at, and that is to be taken in or refused for good. */
export interface HttpRequestTaken {
  /** Who says it, as the guard found: an agreement's id or a party's. */
  readonly sender: string;
  /**
   * Of `IdMaker.inbound`: the sender, what is said, and the Idempotency-Key or what stands for one (architecture 2.4). The same
   * content of the same sender under the same key is the same request.
   */
  readonly id: string;
  /**
   * What the sender calls it (`key <Idempotency-Key>`, `bundle <Bundle.id>`): each stands for one content only. Begin it with
   * the way in, for two ways share no keys.
   */
  readonly names: readonly string[];
  /** What goes on `inbound`; absent when it is refused for good. */
  readonly record?: {
    /** What the bytes are, for the translator: `fhir-message`, `notice-form`, `reply`. */
    readonly kind: string;
    /** Of `IdMaker.spreadKey...` (architecture 2.3). */
    readonly key: string;
    readonly bytes: Buffer;
    readonly contentType: string;
  };
  /** What it is answered the first time. @param id of its record on `inbound` @param now the hub's time */
  readonly answer: (id: string, now: number) => Answer;
  /** What it corrects, takes back or follows has not come: counted by its sender, so that a lost message is seen. */
  readonly lacksPredecessor?: boolean;
  /** An address of the sender, one that the county allows, to which the answer is to go as well. */
  readonly respondTo?: string;
}

/** How long a request waits for Kafka: below the 5 s after which PostgreSQL ends a transaction that does nothing. */
const STORE_DEADLINE_MILLIS = 4000;
/** Requests that wait for the register; what comes beyond is told to come again, so that waiting costs no memory. */
const MOST_WAITING = 2000;

interface Opened {
  readonly pool: Pool;
  readonly producer: GroupCommitProducer;
  readonly register: AnsweredRequests;
  readonly deferred: DeferredResponses;
}

/**
 * Takes in what comes by HTTP: `inbound`, then the register, then the answer (architecture 2.1). The same for every way in;
 * what a request must look like is the way's. Its life is that of a stage, and while the hub's clock is moved it is held:
 *
 *   opening  requests are told to come again (503): PostgreSQL or its schema is not there yet
 *   open     requests are taken
 *   held     requests wait; `hold` resolves when none is half taken
 */
export class HttpIntake {
  readonly #parts: HttpIntakeParts;
  readonly #life: StageLife<Opened>;
  readonly #stamp = new IntakeStamp();
  readonly #stored;
  readonly #withoutPredecessor;
  #inFlight = 0;
  #isStorageAway = false;
  #released: PromiseWithResolvers<undefined> | undefined;
  #answered: PromiseWithResolvers<undefined> | undefined;

  constructor(parts: HttpIntakeParts) {
    this.#parts = parts;
    this.#life = new StageLife(
      'http-intake',
      () => this.#open(),
      (opened) => close(opened),
      parts.log,
    );
    const help = 'Requests that were taken in by HTTP';
    this.#stored = parts.metrics.counter('ingress_http_stored_total', help, ['kind']);
    this.#withoutPredecessor = parts.metrics.counter(
      'ingress_missing_predecessors_total',
      'Messages taken in whose predecessor has not come: a correction or withdrawal of what is lost',
      ['sender'],
    );
  }

  /** Resolves when it is open, or when the first try failed: it then goes on trying. */
  start(): Promise<void> {
    return this.#life.start();
  }

  stop(): Promise<void> {
    return this.#life.stop();
  }

  isReady(): boolean {
    return this.#life.isOpen();
  }

  /** Takes nothing in any more; resolves when all that is being taken in is answered. */
  async hold(): Promise<void> {
    this.#released ??= Promise.withResolvers();
    if (this.#inFlight === 0) return;
    this.#answered ??= Promise.withResolvers();
    await this.#answered.promise;
  }

  /** Goes on. */
  release(): void {
    this.#released?.resolve(undefined);
    this.#released = undefined;
  }

  /**
   * The answer to a request, once it is durable that it gets this one and no other.
   * @returns a fault when it is not taken: `request-changed` when one of its names stands for other content, `storage-away`
   *   and `too-busy` when the same request may come again
   */
  async take(request: HttpRequestTaken): Promise<Answer | Fault> {
    while (this.#released !== undefined) await this.#released.promise;
    this.#inFlight += 1;
    try {
      return await this.#take(request);
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) {
        this.#answered?.resolve(undefined);
        this.#answered = undefined;
      }
    }
  }

  /** Whether a sender has sent what it calls by this name, by what is registered; false as well while nobody can tell. */
  async knows(sender: string, name: string): Promise<boolean> {
    if (!this.#life.isOpen()) return false;
    try {
      return await this.#life.opened().register.has(this.#parts.ids.other('request-name', sender, name));
    } catch (error) {
      if (!isDatabaseTrouble(error)) throw error;
      return false;
    }
  }

  async #take(request: HttpRequestTaken): Promise<Answer | Fault> {
    if (!this.#life.isOpen()) return fault('not-ready');
    const { register } = this.#life.opened();
    if (register.waiting >= MOST_WAITING) return fault('too-busy');
    try {
      return this.#told(await register.settle(this.#registered(request)), request);
    } catch (error) {
      if (!isDatabaseTrouble(error)) throw error;
      return this.#away(error);
    }
  }

  #registered({ sender, id, names, record, answer, respondTo }: HttpRequestTaken) {
    const { clock, ids, topics } = this.#parts;
    const now = clock.now();
    return {
      id,
      names: names.map((name) => ids.other('request-name', sender, name)),
      answer: answer(id, now),
      ...(respondTo !== undefined && { deferred: { sender, address: respondTo } }),
      ...(record && {
        record: {
          topic: topics.inbound,
          key: record.key,
          id,
          kind: record.kind,
          schemaVersion: 1,
          traceparent: rootTrace(id),
          value: record.bytes,
          extra: {
            sender,
            'content-type': record.contentType,
            'intake-stamp': String(this.#stamp.next()),
            ...(clock.driven && { intake: new Date(now).toISOString() }),
          },
        },
      }),
    };
  }

  #told(outcome: Outcome, { sender, record, respondTo, lacksPredecessor }: HttpRequestTaken): Answer | Fault {
    if (outcome.kind === 'other-content') return fault('request-changed');
    if (outcome.kind === 'not-stored') return this.#away(outcome.error);
    if (this.#isStorageAway) this.#parts.log.info('ingress.storage-back');
    this.#isStorageAway = false;
    if (!outcome.isRepeat && record !== undefined) this.#stored.inc({ kind: record.kind });
    if (!outcome.isRepeat && lacksPredecessor === true) this.#withoutPredecessor.inc({ sender });
    // What was committed just now need not wait for the next look.
    if (respondTo !== undefined) this.#life.opened().deferred.look();
    return outcome.answer;
  }

  /** Perhaps stored, so "send again", unless it can never be stored. An outage is logged once, not once per request. */
  #away(error: unknown): Fault {
    if (error instanceof MessagingError && error.code === 'too-large') return fault('body-too-large');
    if (!this.#isStorageAway) this.#parts.log.warn('ingress.storage-away', errorFields(error));
    this.#isStorageAway = true;
    return fault('storage-away');
  }

  async #open(): Promise<Opened> {
    const { configuration, county, kafka, log, metrics } = this.#parts;
    const { url } = configuration.database;
    await migrate({ url, schema: INGRESS_SCHEMA, migrations: INGRESS_MIGRATIONS });
    const pool = createPool({ url, applicationName: 'bryggan-ingress', schema: INGRESS_SCHEMA, max: 3 });
    const producer = new GroupCommitProducer({ kafka, log, deadlineMs: STORE_DEADLINE_MILLIS });
    const isAllowed = (sender: string, address: string) => county.responseAddresses(sender).includes(address);
    const deferred = new DeferredResponses({ pool, log, metrics, isAllowed });
    return { pool, producer, register: new AnsweredRequests(pool, producer), deferred };
  }
}

async function close({ pool, producer, deferred }: Opened): Promise<void> {
  await deferred.stop();
  await producer.stop();
  await pool.end();
}

/** Sends an answer as it was registered. */
export function sendAnswer(response: ServerResponse, { status, mediaType, body }: Answer): void {
  response.statusCode = status;
  if (status === 503) response.setHeader('retry-after', '2');
  response.setHeader('content-type', mediaType);
  response.setHeader('content-length', Buffer.byteLength(body));
  // As text it goes out in one piece with the headers; bytes would be a piece of their own.
  response.end(body);
}
