import { sourcesFor, type World } from './bench-world.ts';
import type { MemoryUse } from './child.ts';
import { startHubLine } from './hub-line.ts';
import { sendAll } from './mllp-load.ts';

export interface MemoryAt extends MemoryUse {
  readonly messages: number;
}

const STEP = 20_000;
const CONNECTIONS = 32;

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
    ...{ port: hub.port, sources: sourcesFor(county, CONNECTIONS), inFlight: 1, messages: options.memoryMessages },
    onAcknowledged: note,
  });
  await hub.drained();
  seen.push({ messages: options.memoryMessages, ...(await hub.memory()) });
  await hub.stop();
  return seen;
}
