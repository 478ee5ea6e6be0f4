import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child, type MemoryUse } from './child.ts';
import type { Counted } from './pass.ts';
import type { LineShape } from './topic-sample.ts';

/** A line under load, the hub's or the raw one. */
export interface RunningLine {
  readonly port: number;
  readonly pid: number;
  /** Resolves when the backlog is empty everywhere. */
  drained(): Promise<void>;
  memory(): Promise<MemoryUse>;
  /** What its stages have done so far; of the raw line nothing. */
  counts(): Promise<Readonly<Record<string, Counted>>>;
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
  const headers = { authorization: `Bearer ${operatorToken(stateDir)}` };
  return {
    port: portOf(mllp),
    pid: child.pid,
    drained: () => settled(http, headers),
    memory: async () => (await child.ask('memory')) as MemoryUse,
    counts: async () => countsIn(await (await fetch(`${http}/metrics`, { headers })).text()),
    stop: () => child.stop(),
  };
}

/** Topics of one line, by name. */
export interface LineTopics {
  readonly inbound: string;
  readonly events: string;
  readonly stays: string;
  readonly receipts: string;
  readonly receiptsOfSender: string;
  /** One per party. */
  readonly deliveries: readonly string[];
}

/** What the raw line is told. */
export interface RawLineTold {
  readonly brokers: string[];
  readonly databaseUrl: string;
  readonly prefix: string;
  readonly shape: LineShape;
  readonly topics: LineTopics;
}

/** Starts the raw line in a process of its own. */
export async function startRawLine(told: RawLineTold): Promise<RunningLine> {
  const child = await Child.start('raw-line-child.js', told);
  return {
    port: portOf((child.ready as { mllp: string }).mllp),
    pid: child.pid,
    drained: () => child.ask('drained').then(() => undefined),
    memory: async () => (await child.ask('memory')) as MemoryUse,
    counts: () => Promise.resolve({}),
    stop: () => child.stop(),
  };
}

/** In: `host:port`. */
export function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}

/** In: the hub's metrics. Out: batches and records of each stage. */
function countsIn(metrics: string): Record<string, Counted> {
  const counts: Record<string, { batches: number; records: number }> = {};
  for (const [, what, stage = '', value] of metrics.matchAll(
    /^bryggan_stage_(batches|records)_total\{stage="([^"]+)"\} (\d+)/gm,
  )) {
    const count = (counts[stage] ??= { batches: 0, records: 0 });
    count[what === 'batches' ? 'batches' : 'records'] = Number(value);
  }
  return counts;
}

/** The operator's own question (contract 3); it gives up after 60 s, and is then asked again. */
async function settled(http: string, headers: Record<string, string>): Promise<void> {
  for (let attempt = 0; attempt < 30; attempt++) {
    const answer = await fetch(`${http}/operations/settle`, { method: 'POST', headers });
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
