import { makeTopics, sourcesFor, type World } from './bench-world.ts';
import type { MemoryUse } from './child.ts';
import { startHubLine, startRawLine, type HubPlace, type RawLineTold, type RunningLine } from './hub-line.ts';
import { sendAll } from './mllp-load.ts';
import { compare, measurePass, middle, shown, type Comparison, type Pass } from './pass.ts';
import { sampleTopics } from './topic-sample.ts';
import { SENDER } from './ward-messages.ts';

export const CONNECTIONS = [8, 32] as const;

/** One message in flight per connection, as most senders do. */
const IN_FLIGHT = 1;

/**
 * The whole line, the backlog empty at the end, against the raw line: rounds of each in turn, each in a fresh process that
 * has been warmed up. The time is from the first byte until nothing waits anywhere, not only until all is acknowledged.
 * Out: of CONNECTIONS, in their order.
 */
export async function measureLine(world: World): Promise<readonly Comparison[]> {
  const { options, services, say } = world;
  const hub = await hubPlace(world, 'line-hub');
  const rawDatabase = await services.database('line_raw');
  const ours: Pass[][] = [];
  const raw: Pass[][] = [];
  let told: RawLineTold | undefined;
  for (let round = 0; round < options.rounds; round++) {
    ours.push(await passesOf(world, () => startHubLine(hub), CONNECTIONS));
    told ??= await rawLineLike(world, hub.prefix, 'line-raw-', rawDatabase);
    const raws = told;
    raw.push(await passesOf(world, () => startRawLine(raws), CONNECTIONS));
    CONNECTIONS.forEach((connections, at) => {
      say(`line at ${connections}, round ${round + 1}: ${shown(ours.at(-1)?.[at])}`);
      say(`  raw: ${shown(raw.at(-1)?.[at])}`);
    });
  }
  return CONNECTIONS.map((_, at) =>
    compare(
      ours.map((passes) => passes[at]),
      raw.map((passes) => passes[at]),
    ),
  );
}

/** As `measureLine` for 32 connections, the hub alone, with stays of which nobody is told: most that a hospital sends. */
export async function measureNobody(world: World): Promise<Pass> {
  const hub = await hubPlace(world, 'nobody');
  const passes: Pass[] = [];
  for (let round = 0; round < world.options.rounds; round++) {
    passes.push(...(await passesOf(world, () => startHubLine(hub), [32], false)));
    world.say(`messages that concern nobody, round ${round + 1}: ${shown(passes.at(-1))}`);
  }
  return middle(passes);
}

async function hubPlace({ options, services }: World, name: string): Promise<HubPlace> {
  return {
    ...{ brokers: services.brokers, databaseUrl: await services.database(name.replaceAll('-', '_')) },
    ...{ stateDir: services.folder(name), prefix: `${name}-`, profileDir: options.profileDir },
  };
}

async function passesOf(
  { county, options, services }: World,
  start: () => Promise<RunningLine>,
  numbers: readonly number[],
  concerning = true,
): Promise<Pass[]> {
  const line = await start();
  const pass = (connections: number, messages: number): Promise<Pass> =>
    measurePass({
      ...{ pids: { line: line.pid, ...services.pids }, messages, counts: () => line.counts() },
      work: async () => {
        const sources = sourcesFor(county, connections, concerning);
        const answered = await sendAll({ port: line.port, sources, inFlight: IN_FLIGHT, messages });
        await line.drained();
        return answered;
      },
    });
  await pass(32, options.warmUpMessages);
  const passes: Pass[] = [];
  for (const connections of numbers) passes.push(await pass(connections, options.lineMessages));
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
  const figures = JSON.stringify({ ...shape, text: undefined });
  say(`per message the hub made ${figures}; besides ${JSON.stringify(others)}`);
  const topics = {
    ...{ inbound: names.inbound, events: names.events, stays: names.stays, receipts: names.receipts },
    receiptsOfSender: names.receiptsOf(SENDER),
    deliveries: county.partyIds().map((party) => names.deliveries(party)),
  };
  return { brokers: services.brokers, databaseUrl, prefix, shape, topics };
}

export interface MemoryAt extends MemoryUse {
  readonly messages: number;
}

const STEP = 20_000;

/** The hub's memory after every 20 000 messages, under full load all the time. */
export async function measureMemory({ services, county, options, say }: World): Promise<MemoryAt[]> {
  const hub = await startHubLine({
    ...{ brokers: services.brokers, databaseUrl: await services.database('memory') },
    ...{ stateDir: services.folder('memory'), prefix: 'memory-', profileDir: options.profileDir },
  });
  const seen: MemoryAt[] = [{ messages: 0, ...(await hub.memory()) }];
  const note = async (messages: number): Promise<void> => {
    if (messages % STEP !== 0) return;
    const at = { messages, ...(await hub.memory()) };
    seen.push(at);
    say(`memory after ${messages}: ${Math.round(at.rss)} MB resident, ${Math.round(at.heap)} MB heap`);
  };
  await sendAll({
    ...{ port: hub.port, sources: sourcesFor(county, 32), inFlight: 1, messages: options.memoryMessages },
    onAcknowledged: note,
  });
  await hub.drained();
  seen.push({ messages: options.memoryMessages, ...(await hub.memory()) });
  await hub.stop();
  return seen;
}
