import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child, type MemoryUse } from './child.ts';

/** A line under load, the hub's or the raw one. */
export interface RunningLine {
  readonly port: number;
  /** Resolves when the backlog is empty everywhere. */
  drained(): Promise<void>;
  memory(): Promise<MemoryUse>;
  /** Processor time used so far, ms. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

export interface HubPlace {
  readonly brokers: string[];
  readonly databaseUrl: string;
  readonly stateDir: string;
  readonly prefix: string;
  readonly profileDir: string | undefined;
}

/** What ids rest on; known here so that a record on a party's topic can be traced to the message that made it. */
export const ID_SECRET = 'a secret of the benchmark alone, 32 characters or more';

/** Starts the real hub in a process of its own. */
export async function startHubLine(place: HubPlace): Promise<RunningLine> {
  const { brokers, databaseUrl, stateDir, prefix, profileDir } = place;
  const environment = {
    BRYGGAN_TOPIC_PREFIX: prefix,
    BRYGGAN_HTTP_PORT: '0',
    BRYGGAN_MLLP_PORT: '0',
    BRYGGAN_ID_SECRET: ID_SECRET,
  };
  const profile = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
  const child = await Child.start('hub-child.js', { brokers, databaseUrl, stateDir }, environment, profile);
  const { http, mllp } = child.ready as { http: string; mllp: string };
  const token = operatorToken(stateDir);
  return {
    port: portOf(mllp),
    drained: () => settled(http, token),
    memory: async () => (await child.ask('memory')) as MemoryUse,
    cpu: async () => Number(await child.ask('cpu')),
    stop: () => child.stop(),
  };
}

/** In: `host:port`. */
export function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}

/** The operator's own question (contract 3); it gives up after 60 s, and is then asked again. */
async function settled(http: string, token: string): Promise<void> {
  for (let attempt = 0; attempt < 30; attempt++) {
    const answer = await fetch(`${http}/operations/settle`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    await answer.arrayBuffer();
    if (answer.ok) return;
    if (answer.status !== 503) throw new Error(`settle answered ${answer.status}`);
  }
  throw new Error('the hub does not settle');
}

function operatorToken(stateDir: string): string {
  const callers = JSON.parse(readFileSync(join(stateDir, 'callers.json'), 'utf8')) as Record<string, { token: string }>;
  const operator = callers['operator'];
  if (operator === undefined) throw new Error('no operator among the callers');
  return operator.token;
}
