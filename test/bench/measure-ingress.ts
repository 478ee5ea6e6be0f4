import { makeTopics, sourcesFor, type World } from './bench-world.ts';
import { Child } from './child.ts';
import { portOf } from './hub-line.ts';
import { sendAll } from './mllp-load.ts';
import { compare, measurePass, shown, type Comparison, type Pass } from './pass.ts';

const CONNECTIONS = 32;
const IN_FLIGHT = 4;

export interface IngressResult {
  /** As many senders as there are connections. */
  readonly bySenders: Comparison;
  /** As many senders as there are messages in flight: what the front door has at hand, too. */
  readonly byMessages: Comparison;
}

/**
 * The front door alone, 32 connections with four messages in flight each, against kafkajs's group commit of the same bytes
 * with 32 senders, and with 128, on topics of the same settings. The load on the front door comes from this process: it
 * pays for its sockets, and the machine for making the load; the raw side has neither.
 */
export async function measureIngress(world: World): Promise<IngressResult> {
  const { options, say } = world;
  const { inbound } = await makeTopics(world, 'raw-ingress-');
  await makeTopics(world, 'ingress-');
  const [ours, few, many]: [Pass[], Pass[], Pass[]] = [[], [], []];
  for (let round = 0; round < options.rounds; round++) {
    ours.push(await passThrough(world));
    few.push(await rawPass(world, inbound, CONNECTIONS));
    many.push(await rawPass(world, inbound, CONNECTIONS * IN_FLIGHT));
    say(
      `ingress, round ${round + 1}: ${shown(ours.at(-1))}\n  raw: ${shown(few.at(-1))}\n  raw: ${shown(many.at(-1))}`,
    );
  }
  return { bySenders: compare(ours, few), byMessages: compare(ours, many) };
}

const none = () => Promise.resolve({});

async function rawPass({ options, services }: World, topic: string, senders: number): Promise<Pass> {
  const told = { brokers: services.brokers, topic, senders };
  const child = await Child.start('raw-commit-child.js', told);
  const send = (messages: number) => child.ask('send', messages) as Promise<number[]>;
  await send(options.warmUpMessages);
  const messages = options.ingressMessages;
  const pass = await measurePass({
    ...{ pids: { line: child.pid, ...services.pids }, messages, counts: none },
    work: () => send(messages),
  });
  await child.stop();
  return pass;
}

async function passThrough({ services, county, options }: World): Promise<Pass> {
  const told = { brokers: services.brokers, stateDir: services.folder('ingress') };
  const environment = { BRYGGAN_TOPIC_PREFIX: 'ingress-', BRYGGAN_MLLP_PORT: '0', BRYGGAN_LOG_LEVEL: 'warn' };
  const child = await Child.start('ingress-child.js', told, environment);
  const port = portOf((child.ready as { mllp: string }).mllp);
  const load = { port, sources: sourcesFor(county, CONNECTIONS), inFlight: IN_FLIGHT };
  await sendAll({ ...load, messages: options.warmUpMessages });
  const messages = options.ingressMessages;
  const pass = await measurePass({
    ...{ pids: { line: child.pid, ...services.pids }, messages, counts: none },
    work: () => sendAll({ ...load, messages }),
  });
  await child.stop();
  return pass;
}
