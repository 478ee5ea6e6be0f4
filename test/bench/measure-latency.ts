import kafkajs from 'kafkajs';
import { topicNames } from '#libs/messaging';
import { IdMaker, rootTrace, traceIdOf } from '#libs/platform';
import { percentile, sourcesFor, type World } from './bench-world.ts';
import { ID_SECRET, startHubLine } from './hub-line.ts';
import { sendPaced } from './mllp-load.ts';
import { SENDER } from './ward-messages.ts';

/** Milliseconds from the last byte of a message. */
export interface Latency {
  readonly notices: number;
  /** Processor time of the hub per message, ms. */
  readonly cpu: number;
  readonly told: { readonly p50: number; readonly p99: number };
  readonly acknowledged: { readonly p50: number; readonly p99: number };
}

const PER_SECOND = 200;
const CONNECTIONS = 8;
const PREFIX = 'latency-';

/**
 * At 200 messages a second: from the last byte given to the socket until a consumer here has the (first) record that the
 * message made on a party's topic. The two are matched by their trace, which follows from the bytes.
 */
export async function measureLatency(world: World): Promise<Latency> {
  const { services, county, options, say } = world;
  const hub = await startHubLine({
    ...{ brokers: services.brokers, databaseUrl: await services.database('latency') },
    ...{ stateDir: services.folder('latency'), prefix: PREFIX, profileDir: options.profileDir },
  });
  const sent = new Map<string, number>();
  const told: number[] = [];
  const acknowledged: number[] = [];
  const reader = await readParties(world, (trace) => {
    const at = sent.get(trace);
    if (at === undefined || !sent.delete(trace)) return;
    told.push(performance.now() - at);
  });
  const ids = new IdMaker(Buffer.from(ID_SECRET));
  const pace = async (seconds: number): Promise<number> => {
    const cpu = await hub.cpu();
    await sendPaced({
      ...{ port: hub.port, sources: sourcesFor(county, CONNECTIONS), perSecond: PER_SECOND, seconds },
      onSent: (message, at) => sent.set(traceIdOf(rootTrace(ids.inbound(SENDER, message))) ?? '', at),
      onAnswered: (at, sentAt) => acknowledged.push(at - sentAt),
    });
    await hub.drained();
    return ((await hub.cpu()) - cpu) / (PER_SECOND * seconds);
  };
  await pace(Math.ceil(options.latencySeconds / 3));
  told.length = acknowledged.length = 0;
  const cpu = await pace(options.latencySeconds);
  await reader.disconnect();
  await hub.stop();
  say(`latency: ${told.length} notices of ${acknowledged.length} messages`);
  const both = (values: readonly number[]) => ({ p50: percentile(values, 0.5), p99: percentile(values, 0.99) });
  return { notices: told.length, cpu, told: both(told), acknowledged: both(acknowledged) };
}

/** Reads every party's topic, as the parties together do. */
async function readParties({ services, county }: World, onTrace: (trace: string) => void): Promise<kafkajs.Consumer> {
  const { brokers } = services;
  const kafka = new kafkajs.Kafka({ brokers, clientId: 'bench-parties', logLevel: kafkajs.logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `${PREFIX}bench-parties`, maxWaitTimeInMs: 500 });
  const names = topicNames(PREFIX);
  const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  await consumer.connect();
  await consumer.subscribe({ topics: county.partyIds().map((party) => names.deliveries(party)), fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: ({ message }) => {
      onTrace(traceIdOf(message.headers?.['traceparent']?.toString()) ?? '');
      return Promise.resolve();
    },
  });
  await joined;
  return consumer;
}
