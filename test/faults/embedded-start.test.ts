import { describe, expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { recordedPids, stubPlace, until } from '../../deploy/embedded/testing/stub-run.ts';
import { lives, StubStarts } from '../../deploy/embedded/testing/stub-starts.ts';
import { removeState } from '../services/abandoned.ts';

/** What the embedded start does in the rarest cases: each takes half a minute, and nothing else in the house changes it. */
const starts = new StubStarts();

describe('the embedded start', () => {
  it('stops everything within 30 s also when the hub is stuck and cannot', async () => {
    const run = starts.start({ STUB_BLOCKS: 'yes' });
    await run.ready();
    const pids = recordedPids(starts.place);
    const began = performance.now();
    process.kill(run.pid, 'SIGTERM');
    expect(await run.exit).toBe(137);
    // What was killed is gone once the kernel has come to it, and the launcher does not wait for that.
    await until(() => !lives(pids.postgres) && !lives(pids.kafka), 5_000);
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(await starts.portsAreFree()).toBe(true);
  });

  it('starts again after a kill -9 of everything at once, and of a part that is frozen', async () => {
    const first = starts.start();
    await first.ready();
    const before = recordedPids(starts.place);
    process.kill(before.postgres!, 'SIGKILL');
    process.kill(before.kafka!, 'SIGSTOP');
    first.killGroup('SIGKILL');
    await first.exit;
    const second = starts.start();
    await second.ready();
    expect(second.output).toContain(`Kafka: pid ${before.kafka} of an earlier start is unhealthy, ended`);
    expect([lives(before.postgres), lives(before.kafka)]).toEqual([false, false]);
  });

  it('stops when its launcher is killed -9, and a start that comes meanwhile waits for that', async () => {
    const first = starts.start();
    await first.ready();
    const hub = starts.hubPid();
    process.kill(first.pid, 'SIGKILL');
    const second = starts.start();
    await second.ready();
    expect(lives(hub)).toBe(false);
    expect(starts.hubPid()).not.toBe(hub);
    expect(first.output).toContain('Stopped');
  });

  it('goes on when nobody reads any more what it prints, and stops when it is told to', async () => {
    const run = starts.start();
    await run.ready();
    const { postgres, kafka } = recordedPids(starts.place);
    for (const stream of [run.launcher.stdout, run.launcher.stderr]) stream?.destroy();
    // That a part has died, and is there again, is printed.
    process.kill(kafka!, 'SIGKILL');
    await until(() => lives(recordedPids(starts.place).kafka) && recordedPids(starts.place).kafka !== kafka, 60_000);
    process.kill(run.pid, 'SIGTERM');
    expect(await run.exit).toBe(0);
    expect(lives(postgres)).toBe(false);
    expect(await starts.portsAreFree()).toBe(true);
  });

  it('works in a state folder of any name, leaves no other, and reads no variable that is for libpq', async () => {
    const base = starts.place.stateDir;
    starts.place = await stubPlace(join(base, 'Åsas "läge", C:\\a=b#c $x '));
    try {
      await starts.startAndStop(FOR_LIBPQ);
      expect(readdirSync(base).sort()).toEqual(['owner.json', basename(starts.place.stateDir)].sort());
      expect(readdirSync(join(starts.place.stateDir, 'kafka/data'))).toContain('meta.properties');
    } finally {
      await removeState(base);
    }
  });

  it('names a password that is not the one of its database, and starts with the right one', async () => {
    await starts.startAndStop();
    const file = join(starts.place.stateDir, 'postgres.password');
    const password = readFileSync(file);
    writeFileSync(file, 'another\n');
    const run = starts.start();
    expect(await run.exit).toBe(1);
    expect(run.output).toMatch(/\npostgres\.password of the state \S+ is not the one of its database/);
    writeFileSync(file, password);
    await starts.startAndStop();
  });

  it('starts anew on a state folder that was removed, also while its parts still ran', async () => {
    const first = starts.start();
    await first.ready();
    const before = recordedPids(starts.place);
    first.killGroup('SIGKILL');
    await first.exit;
    removeStateOnly(starts.place.stateDir);
    const second = starts.start();
    await second.ready();
    expect(lives(before.postgres)).toBe(false);
    expect(lives(before.kafka)).toBe(false);
    if (process.getuid?.() !== 0) return;
    // It lay outside of the folder that was removed, and may be all that is left.
    const aside = /is kept in (\S+);/.exec(second.output)?.[1];
    expect(readdirSync(aside ?? '')).toContain('PG_VERSION');
  });
});

/** Each would lead it elsewhere, or let it do nothing. */
const FOR_LIBPQ = {
  ...{ PGSSLMODE: 'require', PGOPTIONS: '-c default_transaction_read_only=on', PGCLIENTENCODING: 'LATIN1' },
  ...{ PGHOST: 'db.example', PGPORT: '1', PGUSER: 'other', PGDATABASE: 'other', PGDATA: '/nowhere' },
};

/** What `rm -rf .bryggan` does; PostgreSQL's data outside of it stay. */
function removeStateOnly(stateDir: string): void {
  const owner = readFileSync(join(stateDir, 'owner.json'));
  rmSync(stateDir, { recursive: true });
  mkdirSync(stateDir, { mode: 0o700 });
  writeFileSync(join(stateDir, 'owner.json'), owner);
}
