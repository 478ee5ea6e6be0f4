import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { removeState } from '../../test/services/abandoned.ts';
import { spareState } from '../../test/services/spare.ts';
import { readRecord, writeRecord } from './part.ts';
import { isFree } from './port.ts';
import { outsideHome } from './postgres-home.ts';
import { endProcess, identityOf } from './process-identity.ts';
import { recordedPids, stubPlace, StubRun, until, type StubPlace } from './testing/stub-run.ts';

let place: StubPlace;
const runs: StubRun[] = [];
const start = (more?: Record<string, string>): StubRun => {
  const run = new StubRun(place, more);
  runs.push(run);
  return run;
};
const hubPid = (): number =>
  (JSON.parse(readFileSync(join(place.stateDir, 'hub.json'), 'utf8')) as { pid: number }).pid;
const lives = (pid: number | undefined): boolean => pid !== undefined && identityOf(pid) !== undefined;
const asRoot = process.getuid?.() === 0 ? it : it.skip;
const allFree = async (): Promise<boolean> =>
  (await Promise.all(Object.values(place.ports).map((port) => isFree(port)))).every(Boolean);

beforeEach(async () => {
  place = await stubPlace(spareState());
});

afterEach(async () => {
  for (const run of runs.splice(0)) {
    try {
      run.killGroup('SIGKILL');
    } catch {
      // gone already
    }
  }
  for (const part of ['postgres', 'kafka']) {
    const record = readRecord(join(place.stateDir, `${part}.json`));
    if (record !== undefined) await endProcess(record, 'SIGKILL', 1_000);
  }
  await removeState(place.stateDir);
});

describe('the embedded start', () => {
  it('says that it is ready with its addresses, is the only one on its state, and stops everything on SIGTERM', async () => {
    const first = start();
    await first.ready();
    const { http, mllp, kafka, postgres } = place.ports;
    expect(first.output.trimEnd().split('\n').at(-1)).toBe(
      `Bryggan is ready  http=http://127.0.0.1:${http} mllp=127.0.0.1:${mllp} kafka=127.0.0.1:${kafka} ` +
        `postgres=127.0.0.1:${postgres} state=${place.stateDir}`,
    );
    const second = start();
    expect(await second.exit).toBe(1);
    expect(second.output).toBe(
      `the state ${place.stateDir} is in use by pid ${hubPid()}: stop it, or set BRYGGAN_DATA to another folder\n`,
    );
    const pids = recordedPids(place);
    process.kill(first.pid, 'SIGTERM');
    expect(await first.exit).toBe(0);
    expect([lives(pids.postgres), lives(pids.kafka), await allFree()]).toEqual([false, false, true]);
  });

  it('adopts what is alive and healthy after a kill -9 of the hub and its group', async () => {
    const first = start();
    await first.ready();
    const before = recordedPids(place);
    first.killGroup('SIGKILL');
    await first.exit;
    const second = start();
    await second.ready();
    expect(recordedPids(place)).toEqual(before);
    expect(second.output).toContain('Kafka: adopted');
    expect(second.output).toContain('PostgreSQL: adopted');
    // An adopted part is stopped like one of our own.
    second.killGroup('SIGINT');
    expect(await second.exit).toBe(0);
    expect([lives(before.postgres), lives(before.kafka), await allFree()]).toEqual([false, false, true]);
  });

  it('starts again after a kill -9 of everything at once, and of a part that is frozen', async () => {
    const first = start();
    await first.ready();
    const before = recordedPids(place);
    process.kill(before.postgres!, 'SIGKILL');
    process.kill(before.kafka!, 'SIGSTOP');
    first.killGroup('SIGKILL');
    await first.exit;
    const second = start();
    await second.ready();
    expect(second.output).toContain(`Kafka: pid ${before.kafka} of an earlier start is unhealthy, ended`);
    expect([lives(before.postgres), lives(before.kafka)]).toEqual([false, false]);
  });

  it('stops when its launcher is killed -9, and a start that comes meanwhile waits for that', async () => {
    const first = start();
    await first.ready();
    const hub = hubPid();
    process.kill(first.pid, 'SIGKILL');
    const second = start();
    await second.ready();
    expect(lives(hub)).toBe(false);
    expect(hubPid()).not.toBe(hub);
    expect(first.output).toContain('Stopped');
  });

  it('stops everything within 30 s also when the hub is stuck and cannot', async () => {
    const run = start({ STUB_BLOCKS: 'yes' });
    await run.ready();
    const pids = recordedPids(place);
    const began = performance.now();
    process.kill(run.pid, 'SIGTERM');
    expect(await run.exit).toBe(137);
    // What was killed is gone once the kernel has come to it, and the launcher does not wait for that.
    await until(() => !lives(pids.postgres) && !lives(pids.kafka), 5_000);
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(await allFree()).toBe(true);
  });

  it('brings a part back that died, while the hub goes on', async () => {
    const first = start();
    await first.ready();
    const [hub, before] = [hubPid(), recordedPids(place)];
    process.kill(before.postgres!, 'SIGKILL');
    process.kill(before.kafka!, 'SIGKILL');
    await until(
      () => ['PostgreSQL', 'Kafka'].every((part) => first.output.includes(`${part}: started again`)),
      30_000,
      () => first.output,
    );
    expect((await fetch(`http://127.0.0.1:${place.ports.http}/`)).status).toBe(200);
    expect(hubPid()).toBe(hub);
  });

  it('does not touch a stranger that has the pid of its record', async () => {
    const record = {
      port: place.ports.kafka,
      dataDir: join(place.stateDir, 'kafka/data'),
      settings: '',
      stateDir: place.stateDir,
    };
    writeRecord(join(place.stateDir, 'kafka.json'), { ...record, pid: process.pid, startTime: '1' });
    const run = start();
    await run.ready();
    expect(recordedPids(place).kafka).not.toBe(process.pid);
  });

  it('names a port that is taken, its holder and its setting, in one line, and leaves nothing running', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(place.ports.kafka, '127.0.0.1', resolve));
    const run = start();
    const code = await run.exit;
    holder.close();
    expect(code).toBe(1);
    expect(run.output).toContain(
      `\nport ${place.ports.kafka} for Kafka is taken by pid ${process.pid} (node): stop what holds it, or set BRYGGAN_KAFKA_PORT to another port\n`,
    );
    await until(() => !lives(recordedPids(place).postgres), 5_000);
  });

  it('names a state folder that cannot be made, and a wrong setting, in one line without frames', async () => {
    const noFolder = start({ BRYGGAN_DATA: process.execPath });
    expect(await noFolder.exit).toBe(1);
    expect(noFolder.output).toBe(
      `the state folder ${process.execPath} cannot be made (EEXIST): set BRYGGAN_DATA to another folder\n`,
    );
    const wrongSetting = start({ STUB_REFUSES: 'yes' });
    expect(await wrongSetting.exit).toBe(1);
    expect(wrongSetting.output).toMatch(/\nBRYGGAN_CLOCK="sundial": must be one of system, driven\n$/);
  });

  it('starts anew on a state folder that was removed, also while its parts still ran', async () => {
    const first = start();
    await first.ready();
    const before = recordedPids(place);
    first.killGroup('SIGKILL');
    await first.exit;
    removeStateOnly(place.stateDir);
    const second = start();
    await second.ready();
    expect(lives(before.postgres)).toBe(false);
    expect(lives(before.kafka)).toBe(false);
  });

  asRoot('keeps PostgreSQL outside of a private state folder, since root must run it as another user', async () => {
    const run = start();
    await run.ready();
    expect(readRecord(join(place.stateDir, 'postgres.json'))?.dataDir).toBe(join(outsideHome(place.stateDir), 'data'));
    expect(outsideHome('/srv/x/.bryggan')).toBe('/var/tmp/bryggan-f060076b5a6d');
  });
});

/** What `rm -rf .bryggan` does; PostgreSQL's data outside of it stay. */
function removeStateOnly(stateDir: string): void {
  const owner = readFileSync(join(stateDir, 'owner.json'));
  rmSync(stateDir, { recursive: true });
  mkdirSync(stateDir, { mode: 0o700 });
  writeFileSync(join(stateDir, 'owner.json'), owner);
}
