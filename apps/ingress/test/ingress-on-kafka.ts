import { join } from 'node:path';
import {
  connectKafka,
  ensureTopics,
  topicDefinitions,
  topicNames,
  type KafkaPort,
  type TopicNames,
} from '#libs/messaging';
import { loadCounty, type County } from '#libs/county';
import { IdMaker, Metrics, silentLog, type Clock, type MllpSettings } from '#libs/platform';
import { topicPrefix } from '../../../test/services/services.ts';
import { Ingress } from '../src/ingress.ts';
import { Sender } from './sender.ts';

export const ids = new IdMaker(Buffer.alloc(32, 7));
export const county = loadCounty(join(import.meta.dirname, '../../../deploy/county'));

const MLLP: MllpSettings = {
  ...{ host: '127.0.0.1', port: 0, isPlainOpen: true },
  ...{ maxFrameBytes: 1_000_000, idleMillis: 0, endWaitMillis: 300, drainMillis: 30_000 },
  ...{ maxInFlight: 64, maxConnections: 100, maxConnectionsPerAddress: 100, maxGatheredBytes: 64 * 1024 * 1024 },
};

class StandingClock implements Clock {
  readonly driven = true;
  at = Date.parse('2026-05-10T12:00:00Z');
  now = () => this.at;
}

interface Started {
  readonly ingress: Ingress;
  readonly kafka: KafkaPort;
  readonly topics: TopicNames;
}

/** What a test wants otherwise. */
interface Otherwise {
  readonly prefix?: string;
  readonly county?: Pick<County, 'agreementOf'>;
  readonly mllp?: Partial<MllpSettings>;
}

/** Doors for MLLP that store on a Kafka, and senders at them: all that a test starts ends by `clear`. */
export class IngressOnKafka {
  readonly clock = new StandingClock();
  readonly #cleanUp: (() => unknown)[] = [];

  async start(brokers: string[], otherwise: Otherwise = {}): Promise<Started> {
    const topics = topicNames(otherwise.prefix ?? topicPrefix('ingress'));
    const kafka = connectKafka({ brokers, clientId: 'ingress-test', log: silentLog });
    this.afterTest(() => kafka.close());
    const wanted = [topics.inbound, topics.uptime, topics.answers];
    const definitions = topicDefinitions(topics, { parties: [], senders: [], embedded: true });
    await ensureTopics(
      kafka,
      definitions.filter(({ name }) => wanted.includes(name)),
    );
    const ingress = new Ingress({
      configuration: { mllp: { ...MLLP, ...otherwise.mllp }, replica: 'test' },
      ...{ clock: this.clock, county: otherwise.county ?? county, ids, kafka, topics },
      ...{ log: silentLog, metrics: new Metrics() },
    });
    this.afterTest(() => ingress.stop());
    await ingress.start();
    return { ingress, kafka, topics };
  }

  /** @param to the port without TLS of a door, or a connection that is made already */
  sender(to: Ingress | ConstructorParameters<typeof Sender>[0]): Sender {
    const sender = new Sender(to instanceof Ingress ? to.address.port : to);
    this.afterTest(() => sender.socket.destroy());
    return sender;
  }

  /** Something to be ended after the test, the latest first. */
  afterTest(undo: () => unknown): void {
    this.#cleanUp.push(undo);
  }

  async clear(): Promise<void> {
    for (const undo of this.#cleanUp.splice(0).reverse()) await undo();
  }
}
