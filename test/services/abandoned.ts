import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecord } from '../../deploy/embedded/part.ts';
import { endOrphans } from '../../deploy/embedded/postgres-cluster.ts';
import { outsideHome } from '../../deploy/embedded/postgres-home.ts';
import { endProcess, isAlive } from '../../deploy/embedded/process-identity.ts';

/** Begins the name of every state folder of a test, under the system's folder for temporary files. */
export const STATE_PREFIX = 'bryggan-test-';

/** Removes a state folder of a test and what PostgreSQL keeps for it outside. */
export async function removeState(stateDir: string): Promise<void> {
  const outside = outsideHome(stateDir);
  await Promise.all([stateDir, outside].map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 3 })));
}

/** Ends and removes what runs that were killed left behind. */
export async function sweepAbandoned(): Promise<void> {
  for (const entry of readdirSync(tmpdir())) {
    const stateDir = join(tmpdir(), entry);
    if (!entry.startsWith(STATE_PREFIX) || ownerLives(stateDir)) continue;
    for (const part of ['postgres.json', 'kafka.json']) {
      const record = readRecord(join(stateDir, part));
      if (record !== undefined) await endProcess(record, 'SIGKILL', 2_000);
      if (record !== undefined && part === 'postgres.json') await endOrphans(record.dataDir, 1_000);
    }
    await removeState(stateDir);
  }
}

/** A folder without an owner yet is being made just now. */
function ownerLives(stateDir: string): boolean {
  let owner: unknown;
  try {
    owner = JSON.parse(readFileSync(join(stateDir, 'owner.json'), 'utf8'));
  } catch {
    return true;
  }
  const { pid, startTime } = owner as { pid?: unknown; startTime?: unknown };
  return typeof pid === 'number' && typeof startTime === 'string' && isAlive({ pid, startTime });
}
