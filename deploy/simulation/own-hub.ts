import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readConfiguration } from '#libs/platform';
import { freePort } from '../embedded/port.ts';
import { outsideHome } from '../embedded/postgres-home.ts';
import { saidOfDeviations } from './statements.ts';

/** A hub that was started for one purpose, with a clock that is driven. */
export interface OwnHub {
  readonly http: string;
  readonly mllp: { readonly host: string; readonly port: number };
  readonly callersFile: string;
  /** See `saidOfDeviations`. */
  readonly said: () => Promise<readonly unknown[]>;
  /** Stops it with its PostgreSQL and Kafka and removes its state. */
  stop(): Promise<void>;
}

/** What is kept of what the hub says, to be shown when it does not start. */
const LINES_KEPT = 20;
const READY = /^Bryggan is ready +http=(\S+) mllp=([^:\s]+):(\d+)/;

/**
 * Starts a hub of its own: driven clock, free ports, temporary state; no setting of this process's own hub reaches it.
 * @param clockStart the hub's time at the start, ISO 8601
 * @param more settings on top, e.g. a PostgreSQL and a Kafka that run already
 * @throws Error with the hub's last lines when it does not get ready
 */
export async function startOwnHub(clockStart: string, more: Readonly<Record<string, string>> = {}): Promise<OwnHub> {
  const state = realpathSync(mkdtempSync(join(tmpdir(), 'bryggan-simulate-')));
  const [http, mllp, postgres] = [await freePort(), await freePort(), await freePort()];
  const [kafka, parties] = [await freePort(), await freePort()];
  const settings = {
    BRYGGAN_CLOCK: 'driven',
    BRYGGAN_CLOCK_START: clockStart,
    BRYGGAN_DATA: state,
    BRYGGAN_HTTP_PORT: `${http}`,
    BRYGGAN_MLLP_PORT: `${mllp}`,
    BRYGGAN_KAFKA_PORT: `${kafka}`,
    BRYGGAN_KAFKA_PARTY_PORT: `${parties}`,
    BRYGGAN_PG_PORT: `${postgres}`,
    BRYGGAN_LOG_LEVEL: 'warn',
    ...more,
  };
  const hub = spawn(process.execPath, ['deploy/embedded/start.mjs'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...withoutOurSettings(process.env), ...settings },
  });
  const stop = async (): Promise<void> => {
    await ended(hub);
    for (const folder of [state, outsideHome(state)]) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const ready = await readiness(hub);
    const said = (): Promise<unknown[]> => saidOfDeviations(readConfiguration(settings, { embedded: true }));
    return { ...ready, callersFile: join(state, 'callers.json'), said, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A production environment or the operator's own ports would make this another hub, or none. */
function withoutOurSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign = ([name]: [string, string | undefined]): boolean =>
    !name.startsWith('BRYGGAN_') && name !== 'NODE_ENV';
  return Object.fromEntries(Object.entries(environment).filter(foreign));
}

function readiness(hub: ChildProcess): Promise<Pick<OwnHub, 'http' | 'mllp'>> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    for (const stream of [hub.stdout, hub.stderr]) {
      if (!stream) continue;
      createInterface(stream).on('line', (line) => {
        said.push(line);
        if (said.length > LINES_KEPT) said.shift();
        const ready = READY.exec(line);
        if (ready?.[1] !== undefined && ready[2] !== undefined) {
          resolve({ http: ready[1], mllp: { host: ready[2], port: Number(ready[3]) } });
        }
      });
    }
    hub.once('error', reject);
    // Its last lines may come after its end.
    hub.once('close', () => reject(new Error(`the hub did not start:\n${said.join('\n')}`)));
  });
}

function ended(hub: ChildProcess): Promise<void> {
  if (hub.exitCode !== null || hub.signalCode !== null || hub.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    hub.once('exit', () => resolve());
    hub.kill('SIGTERM');
  });
}
