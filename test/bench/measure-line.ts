import { makeTopics, sourcesFor, type World } from './bench-world.ts';
import { startHubLine, type RunningLine } from './hub-line.ts';
import { sendAll } from './mllp-load.ts';
import { compare, shown, type Comparison, type Pass } from './pass.ts';
import type { LineShape, RawLineTold } from './raw/line-shape.ts';
import { startRawLine } from './raw-line.ts';
import { sampleTopics } from './topic-sample.ts';
import { SENDER } from './ward-messages.ts';

export const CONNECTIONS = [8, 32] as const;

export interface LineResult {
  readonly shape: LineShape;
  /** Of CONNECTIONS, in their order. */
  readonly comparisons: readonly Comparison[];
}

/** One message in flight per connection, as most senders do. */
const IN_FLIGHT = 1;

/**
 * The whole line, the backlog empty at the end, against the raw line: rounds of each in turn, each in a fresh process that
 * has been warmed up. The time is from the first byte until nothing waits anywhere, not only until all is acknowledged.
 */
export async function measureLine(world: World): Promise<LineResult> {
  const { options, services, say } = world;
  const hub = {
    ...{ brokers: services.brokers, databaseUrl: await services.database('line_hub') },
    ...{ stateDir: services.folder('line-hub'), prefix: 'line-hub-', profileDir: options.profileDir },
  };
  const rawDatabase = await services.database('line_raw');
  const ours: Pass[][] = [];
  const raw: Pass[][] = [];
  let told: RawLineTold | undefined;
  for (let round = 0; round < options.rounds; round++) {
    ours.push(await passesOf(world, () => startHubLine(hub)));
    told ??= await rawLineLike(world, hub.prefix, 'line-raw-', rawDatabase);
    const raws = told;
    raw.push(await passesOf(world, () => startRawLine(raws)));
    const line = (passes: readonly Pass[] = []): string => passes.map(shown).join(', ');
    say(`line at ${CONNECTIONS.join(', ')}, round ${round + 1}: ${line(ours.at(-1))}; raw ${line(raw.at(-1))}`);
  }
  if (told === undefined) throw new Error('no round');
  const comparisons = CONNECTIONS.map((_, at) =>
    compare(
      ours.map((passes) => passes[at]),
      raw.map((passes) => passes[at]),
    ),
  );
  return { shape: told.shape, comparisons };
}

async function passesOf({ county, options }: World, start: () => Promise<RunningLine>): Promise<Pass[]> {
  const line = await start();
  const pass = async (connections: number, messages: number): Promise<Pass> => {
    const [begin, cpu] = [performance.now(), await line.cpu()];
    await sendAll({ port: line.port, sources: sourcesFor(county, connections), inFlight: IN_FLIGHT, messages });
    await line.drained();
    const seconds = (performance.now() - begin) / 1000;
    return { perSecond: messages / seconds, cpu: ((await line.cpu()) - cpu) / messages };
  };
  await pass(32, options.warmUpMessages);
  const passes: Pass[] = [];
  for (const connections of CONNECTIONS) passes.push(await pass(connections, options.lineMessages));
  await line.stop();
  return passes;
}

/** The raw line that does as much per message as the hub was seen to do. */
export async function rawLineLike(
  world: World,
  hubPrefix: string,
  prefix: string,
  databaseUrl: string,
): Promise<RawLineTold> {
  const { services, county, say } = world;
  const names = await makeTopics(world, prefix);
  const hubNames = await makeTopics(world, hubPrefix);
  const { shape, others } = await sampleTopics(services.brokers, hubNames, county.partyIds());
  say(`per message the hub made ${JSON.stringify(shape)}; besides ${JSON.stringify(others)}`);
  const topics = {
    ...{ inbound: names.inbound, events: names.events, receipts: names.receipts },
    receiptsOfSender: names.receiptsOf(SENDER),
    deliveries: county.partyIds().map((party) => names.deliveries(party)),
  };
  return { brokers: services.brokers, databaseUrl, prefix, shape, topics };
}
