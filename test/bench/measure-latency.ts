import kafkajs, { type KafkaMessage } from 'kafkajs';
import { topicNames } from '#libs/messaging';
import { IdMaker, rootTrace, traceIdOf } from '#libs/platform';
import { sourcesFor, type World } from './bench-world.ts';
import { ID_SECRET, startHubLine, startRawLine, type RunningLine } from './hub-line.ts';
import { rawLineLike } from './measure-line.ts';
import { sendPaced } from './mllp-load.ts';
import { measurePass, percentile, shown, type Pass } from './pass.ts';
import { SENDER } from './ward-messages.ts';

/** Milliseconds from the last byte of a message. */
export interface Latency {
  readonly notices: number;
  readonly pass: Pass;
  readonly told: { readonly p50: number; readonly p99: number };
  readonly acknowledged: { readonly p50: number; readonly p99: number };
}

export interface LatencyResult {
  readonly ours: Latency;
  readonly raw: Latency;
}

const PER_SECOND = 200;
const CONNECTIONS = 8;

/** A line, and how a record on a party's topic is known to be of a message. */
interface Paced {
  readonly line: RunningLine;
  readonly prefix: string;
  readonly nameOf: (message: Buffer) => string;
  readonly nameIn: (record: KafkaMessage) => string;
}

/**
 * At 200 messages a second: from the last byte given to the socket until a consumer here has the (first) record that the
 * message made on a party's topic; the hub, then the raw line, which shows what the parts themselves take on this machine.
 */
export async function measureLatency(world: World): Promise<LatencyResult> {
  const { services, options } = world;
  const prefix = 'latency-';
  const hub = await startHubLine({
    ...{ brokers: services.brokers, databaseUrl: await services.database('latency') },
    ...{ stateDir: services.folder('latency'), prefix, profileDir: options.profileDir },
  });
  const ids = new IdMaker(Buffer.from(ID_SECRET));
  const ours = await measure(world, {
    ...{ line: hub, prefix },
    // The trace follows from the bytes.
    nameOf: (message) => traceIdOf(rootTrace(ids.inbound(SENDER, message))) ?? '',
    nameIn: ({ headers }) => traceIdOf(headers?.['traceparent']?.toString()) ?? '',
  });
  const told = await rawLineLike(world, prefix, 'latency-raw-', await services.database('latency_raw'));
  const raw = await measure(world, {
    ...{ line: await startRawLine(told), prefix: told.prefix },
    nameOf: (message) => controlIdOf(message.toString('latin1').split('\r', 1)[0]?.split('|') ?? []),
    nameIn: ({ value }) =>
      controlIdOf((JSON.parse(value?.toString() ?? '{}') as { segments?: string[][] }).segments?.[0] ?? []),
  });
  return { ours, raw };
}

/** MSH-10. */
const controlIdOf = (header: readonly string[]): string => header[9] ?? '';

async function measure(world: World, { line, prefix, nameOf, nameIn }: Paced): Promise<Latency> {
  const { county, options, say, services } = world;
  const sent = new Map<string, number>();
  const told: number[] = [];
  const acknowledged: number[] = [];
  const reader = await readParties(world, prefix, (record) => {
    const name = nameIn(record);
    const at = sent.get(name);
    if (at === undefined || !sent.delete(name)) return;
    told.push(performance.now() - at);
  });
  const pace = (seconds: number): Promise<Pass> =>
    measurePass({
      pids: { line: line.pid, ...services.pids },
      messages: PER_SECOND * seconds,
      counts: () => line.counts(),
      work: async () => {
        await sendPaced({
          ...{ port: line.port, sources: sourcesFor(county, CONNECTIONS), perSecond: PER_SECOND, seconds },
          onSent: (message, at) => sent.set(nameOf(message), at),
          onAnswered: (at, sentAt) => acknowledged.push(at - sentAt),
        });
        await line.drained();
        return acknowledged;
      },
    });
  await pace(Math.ceil(options.latencySeconds / 3));
  told.length = acknowledged.length = 0;
  const pass = await pace(options.latencySeconds);
  await reader.disconnect();
  await line.stop();
  say(`latency: ${told.length} notices of ${acknowledged.length} messages; ${shown(pass)}`);
  const both = (values: readonly number[]) => ({ p50: percentile(values, 0.5), p99: percentile(values, 0.99) });
  return { notices: told.length, pass, told: both(told), acknowledged: both(acknowledged) };
}

/** Reads every party's topic, as the parties together do. */
async function readParties(
  { services, county }: World,
  prefix: string,
  onRecord: (record: KafkaMessage) => void,
): Promise<kafkajs.Consumer> {
  const { brokers } = services;
  const kafka = new kafkajs.Kafka({ brokers, clientId: 'bench-parties', logLevel: kafkajs.logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `${prefix}bench-parties`, maxWaitTimeInMs: 500 });
  const names = topicNames(prefix);
  const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  await consumer.connect();
  await consumer.subscribe({ topics: county.partyIds().map((party) => names.deliveries(party)), fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: ({ message }) => {
      onRecord(message);
      return Promise.resolve();
    },
  });
  await joined;
  return consumer;
}
