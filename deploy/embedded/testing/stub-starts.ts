import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeState } from '../../../test/services/abandoned.ts';
import { spareState } from '../../../test/services/spare.ts';
import { readRecord } from '../part.ts';
import { isFree } from '../port.ts';
import { endProcess, identityOf } from '../process-identity.ts';
import { stubPlace, StubRun, type StubPlace } from './stub-run.ts';

/** Starts of the embedded parts under a stub of the hub, on a state of their own; nothing of it is left. */
export class StubStarts {
  place!: StubPlace;
  readonly #runs: StubRun[] = [];

  /**
   * For the tests of a file, or of the `describe` it is made in.
   * @param lives of the state: through one test, or through all of them, each on what the one before it left
   */
  constructor(lives: 'one test' | 'all tests' = 'one test') {
    const [before, after] = lives === 'one test' ? [beforeEach, afterEach] : [beforeAll, afterAll];
    before(async () => {
      this.place = await stubPlace(spareState());
    });
    after(async () => {
      for (const run of this.#runs.splice(0)) {
        try {
          run.killGroup('SIGKILL');
        } catch {
          // gone already
        }
      }
      for (const part of ['postgres', 'kafka']) {
        const record = readRecord(join(this.place.stateDir, `${part}.json`));
        if (record !== undefined) await endProcess(record, 'SIGKILL', 1_000);
      }
      await removeState(this.place.stateDir);
    });
  }

  start(more?: Record<string, string>): StubRun {
    const run = new StubRun(this.place, more);
    this.#runs.push(run);
    return run;
  }

  /** A whole life of it, so that the state has held everything. */
  async startAndStop(more?: Record<string, string>): Promise<void> {
    const run = this.start(more);
    await run.ready();
    process.kill(run.pid, 'SIGTERM');
    await run.exit;
  }

  /** The process of the stub of the hub, as the state folder names it. */
  hubPid(): number {
    return (JSON.parse(readFileSync(join(this.place.stateDir, 'hub.json'), 'utf8')) as { pid: number }).pid;
  }

  async portsAreFree(): Promise<boolean> {
    return (await Promise.all(Object.values(this.place.ports).map((port) => isFree(port)))).every(Boolean);
  }
}

export const lives = (pid: number | undefined): boolean => pid !== undefined && identityOf(pid) !== undefined;
