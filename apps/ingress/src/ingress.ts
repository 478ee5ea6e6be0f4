import { randomBytes } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import type { Instant } from '#libs/domain';
import { countBatches, PlainStage, StartRefused } from '#libs/service';
import { GroupCommitProducer, within, type KafkaPort, type TopicNames } from '#libs/messaging';
import type { County } from '#libs/county';
import {
  type Clock,
  type Configuration,
  CountedLog,
  type IdMaker,
  isLoopback,
  type Log,
  type Metrics,
} from '#libs/platform';
import { Answers } from './answers.ts';
import { ApplicationAnswers } from './application-answers.ts';
import { Beats } from './beats.ts';
import { BytesInFlight, ReadTurns } from './bytes-in-flight.ts';
import { ingressMetrics, type IngressMetrics } from './ingress-metrics.ts';
import { PLAIN, type Origin } from './door.ts';
import { IntakeStamp } from './intake-stamp.ts';
import { addressOf, MllpConnection, type ConnectionEvents } from './mllp-connection.ts';
import { OpenConnections } from './open-connections.ts';
import { Reception } from './reception.ts';
import { tlsServer } from './tls-server.ts';

export interface IngressParts {
  readonly configuration: Pick<Configuration, 'mllp' | 'replica'>;
  readonly clock: Clock;
  readonly county: Pick<County, 'agreementOf'>;
  readonly ids: IdMaker;
  readonly kafka: KafkaPort;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly topics: Pick<TopicNames, 'inbound' | 'uptime' | 'answers'>;
}

const MOST_BYTES_IN_FLIGHT = 64 * 1024 * 1024;
const BEAT_MILLIS = 1000;
/** How long a sender waits before it is told that storage is away; room for one retry of the producer. */
const STORE_DEADLINE_MILLIS = 5000;
const STOP_LIMIT_MILLIS = 6000;
/** How long a hold waits for senders to read their answers; longer than storage may take to fail. */
const HOLD_LIMIT_MILLIS = 8000;
const COUNTED_LINE_MILLIS = 60_000;
/** Connections not yet accepted; past it a newcomer's first packet is dropped, and it tries again after 1, 3, 7 seconds. */
const BACKLOG = 4096;

/** What runs between a start and a stop. */
interface Running {
  /** In the clear, over TLS, or both. */
  readonly servers: readonly Server[];
  readonly producer: GroupCommitProducer;
  readonly beats: Beats;
  readonly later: ApplicationAnswers;
}

/**
 * The front door for MLLP (architecture 1), as a stage: stopped, open, and within open held: connections stay open and unread,
 * and nothing is in flight. `hold` outlasts a stop and a start, for the hub's clock may be moved over both.
 */
export class Ingress extends PlainStage<Running> {
  readonly #parts: IngressParts;
  readonly #metrics: IngressMetrics;
  readonly #counted: CountedLog;
  readonly #replica: string;
  readonly #bytesInFlight = new BytesInFlight(MOST_BYTES_IN_FLIGHT, () => this.#pumpAll());
  readonly #readTurns = new ReadTurns();
  readonly #connections: OpenConnections<MllpConnection>;
  readonly #intakeStamp = new IntakeStamp();
  #port: number;
  #tlsPort: number;
  #held = false;

  constructor(parts: IngressParts) {
    super('ingress', parts.log);
    this.#parts = parts;
    this.#metrics = ingressMetrics(parts.metrics);
    this.#counted = new CountedLog(parts.log, COUNTED_LINE_MILLIS);
    const { mllp } = parts.configuration;
    this.#port = mllp.port;
    this.#tlsPort = mllp.tls?.port ?? 0;
    this.#connections = new OpenConnections({
      most: mllp.maxConnections,
      mostOfAddress: mllp.maxConnectionsPerAddress,
      mostGatheredBytes: mllp.maxGatheredBytes,
      onEnded: (kind) => this.#tellEnded(kind),
    });
    // A pid comes again; two lives of a process must not continue each other's row of beats.
    this.#replica = `${parts.configuration.replica}-${randomBytes(4).toString('hex')}`;
  }

  /** Where senders connect, in the clear if that is open; port 0 of the configuration is the one that was free at the first start. */
  get address(): { readonly host: string; readonly port: number } {
    const { host, isPlainOpen } = this.#parts.configuration.mllp;
    return { host, port: isPlainOpen ? this.#port : this.#tlsPort };
  }

  /** Where senders connect over TLS; 0 without it. */
  get tlsPort(): number {
    return this.#tlsPort;
  }

  /**
   * Stops reading on all connections; resolves when all that is in flight is answered. New connections wait too. A sender
   * that does not read its answers holds this up for eight seconds, then its connection is closed.
   */
  async hold(): Promise<void> {
    this.#held = true;
    const answered = this.#answered();
    await within(HOLD_LIMIT_MILLIS, answered);
    for (const connection of this.#connections) {
      if (connection.inFlight === 0) continue;
      this.#tellEnded('undrained');
      connection.destroy();
    }
    await answered;
  }

  /** Reads on. */
  release(): void {
    this.#held = false;
    for (const connection of this.#connections) connection.release();
  }

  /** Writes a beat now, with the clock's time; tells whether it is stored. A stopped ingress cannot store. */
  beat(steppedFrom?: Instant): Promise<boolean> {
    return this.isOpen() ? this.opened().beats.beat(steppedFrom) : Promise.resolve(false);
  }

  /** Answers what is in flight, then closes all. */
  protected async closeParts({ servers, producer, beats, later }: Running): Promise<void> {
    beats.stop();
    const stopped = later.stop();
    const closed = Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    await within(STOP_LIMIT_MILLIS, this.#answered());
    for (const connection of this.#connections) connection.close();
    await within(1000, closed);
    for (const connection of this.#connections) connection.destroy();
    await stopped;
    await producer.stop();
    this.#counted.stop();
  }

  /** Listens, also while Kafka is away (senders are told AE). @throws StartRefused when the port cannot be had */
  protected async openParts(): Promise<Running> {
    const { clock, county, ids, kafka, log, metrics, topics } = this.#parts;
    const onSent = countBatches(metrics, this.name);
    const producer = new GroupCommitProducer({ kafka, log, deadlineMs: STORE_DEADLINE_MILLIS, onSent });
    const answers = new Answers(clock);
    const later = new ApplicationAnswers({ ...{ answers, kafka, log, producer, topics }, life: this.#replica });
    const reception = new Reception({
      ...{ answers, applicationAnswers: later, clock, county, ids, log, producer, topic: topics.inbound },
      ...{ counted: this.#counted, intakeStamp: this.#intakeStamp, metrics: this.#metrics },
    });
    const accept = (socket: Socket, origin: Origin): void => {
      this.#accept(socket, origin, reception, later);
    };
    let servers: readonly Server[];
    try {
      servers = await this.#listen(accept);
    } catch (error) {
      await producer.stop();
      throw error;
    }
    const beats = new Beats({
      ...{ producer, topic: topics.uptime, replica: this.#replica, clock, ids, everyMillis: BEAT_MILLIS },
      silent: () => this.#held,
    });
    beats.start();
    later.start();
    return { servers, producer, beats, later };
  }

  /** Opens the doors that the configuration wants: all, or none. @throws StartRefused */
  async #listen(accept: (socket: Socket, origin: Origin) => void): Promise<readonly Server[]> {
    const { host, isPlainOpen, tls } = this.#parts.configuration.mllp;
    const { log } = this.#parts;
    const servers: Server[] = [];
    const open = async (server: Server, port: number, setting: string): Promise<number> => {
      servers.push(server);
      const bound = await listen(server, host, port).catch((error: unknown) => {
        throw refusal(error, { host, port, setting });
      });
      log.info('ingress.listening', { port: bound });
      return bound;
    };
    try {
      if (tls !== undefined) {
        const server = tlsServer(tls, accept);
        this.#tlsPort = await open(server, this.#tlsPort, 'BRYGGAN_MLLP_TLS_PORT');
      }
      if (isPlainOpen) {
        const server = createServer({ allowHalfOpen: true }, (socket) => {
          accept(socket, PLAIN);
        });
        this.#port = await open(server, this.#port, 'BRYGGAN_MLLP_PORT');
        if (tls !== undefined || !isLoopback(host))
          log.warn('ingress.messages-in-plain-text', { host, port: this.#port });
      }
    } catch (error) {
      for (const server of servers) server.close();
      throw error;
    }
    return servers;
  }

  #accept(socket: Socket, origin: Origin, reception: Reception, later: ApplicationAnswers): void {
    if (!this.#connections.makeRoom(addressOf(socket))) {
      socket.destroy();
      return;
    }
    const { maxFrameBytes, ...limits } = this.#parts.configuration.mllp;
    const connection: MllpConnection = new MllpConnection(socket, {
      limits: { ...limits, largestFrame: maxFrameBytes },
      bytesInFlight: this.#bytesInFlight,
      readTurns: this.#readTurns,
      held: this.#held,
      receive: (received) => reception.receive(received, { origin, receiver: connection }),
      events: this.#eventsOf(() => connection, later),
    });
    this.#connections.add(connection);
    this.#metrics.connections.set(this.#connections.size);
  }

  #eventsOf(connection: () => MllpConnection, later: ApplicationAnswers): ConnectionEvents {
    return {
      lost: (kind, sums) => {
        this.#metrics.lost.inc({ kind }, sums.bytes);
        this.#counted.tell('ingress.stray-bytes', { kind }, sums);
      },
      bareEnd: () => {
        this.#metrics.bareEnds.inc();
        this.#counted.tell('ingress.frame-without-cr', {});
      },
      gathered: (change) => this.#connections.gathered(change),
      ended: (kind) => this.#tellEnded(kind),
      closed: () => {
        this.#connections.delete(connection());
        later.closed(connection());
        this.#metrics.connections.set(this.#connections.size);
      },
    };
  }

  #tellEnded(kind: 'undrained' | 'idle' | 'too-many' | 'too-many-of-address' | 'gathered'): void {
    this.#metrics.ended.inc({ kind });
    this.#counted.tell('ingress.connection-ended', { kind });
  }

  /** Reads no more; resolves when everything begun is answered. */
  async #answered(): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.hold()));
  }

  #pumpAll(): void {
    for (const connection of this.#connections) connection.pump();
  }
}

/** In: what `listen` failed with. Out: it, as a refusal when trying again makes no sense. */
function refusal(
  error: unknown,
  at: { readonly host: string; readonly port: number; readonly setting: string },
): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') return error;
  return new StartRefused(`MLLP cannot listen on ${at.host}:${at.port} (${code}): set ${at.setting}`, { cause: error });
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
