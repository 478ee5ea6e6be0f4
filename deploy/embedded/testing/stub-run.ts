import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRecord } from '../part.ts';
import { freePort } from '../port.ts';

/** The settings of one embedded Bryggan of a test. */
export interface StubPlace {
  readonly stateDir: string;
  readonly environment: Record<string, string>;
  readonly ports: { http: number; mllp: number; kafka: number; parties: number; postgres: number };
}

/** @returns a place with ports of its own on the state folder */
export async function stubPlace(stateDir: string): Promise<StubPlace> {
  const [http, mllp, kafka] = [await freePort(), await freePort(), await freePort()];
  const ports = { http, mllp, kafka, parties: await freePort(), postgres: await freePort() };
  const environment = {
    BRYGGAN_DATA: stateDir,
    BRYGGAN_HTTP_PORT: `${ports.http}`,
    BRYGGAN_MLLP_PORT: `${ports.mllp}`,
    BRYGGAN_KAFKA_PORT: `${ports.kafka}`,
    BRYGGAN_KAFKA_PARTY_PORT: `${ports.parties}`,
    BRYGGAN_PG_PORT: `${ports.postgres}`,
  };
  return { stateDir, environment, ports };
}

/** One start of it: the launcher in a process group of its own, as a shell would have it. */
export class StubRun {
  readonly launcher: ChildProcess;
  readonly exit: Promise<number>;
  output = '';

  constructor(place: StubPlace, more: Record<string, string> = {}) {
    const script = join(import.meta.dirname, 'stub-start.mjs');
    const env = { ...process.env, ...place.environment, ...more };
    this.launcher = spawn(process.execPath, [script], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.launcher.stdout, this.launcher.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    this.exit = new Promise((resolve) => this.launcher.once('close', (code) => resolve(code ?? -1)));
  }

  /**
   * Alone on a machine of two cores it takes 2-4 s; the limit is for a machine that runs other tests beside.
   * @throws Error with all that it said when it is not ready within the milliseconds
   */
  async ready(withinMs = 60_000): Promise<void> {
    await until(
      () => this.output.includes('Bryggan is ready'),
      withinMs,
      () => this.output,
    );
  }

  get pid(): number {
    if (this.launcher.pid === undefined) throw new Error('it was not started');
    return this.launcher.pid;
  }

  killGroup(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }
}

/** Polls until it holds. @throws Error with `said` when it does not within the milliseconds */
export async function until(
  holds: () => boolean | Promise<boolean>,
  withinMs: number,
  said: () => string = () => '',
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${said()}`);
    await sleep(50);
  }
}

/** @returns the pids that the state folder names */
export function recordedPids(place: StubPlace): { postgres: number | undefined; kafka: number | undefined } {
  const pid = (part: string): number | undefined => readRecord(join(place.stateDir, `${part}.json`))?.pid;
  return { postgres: pid('postgres'), kafka: pid('kafka') };
}
