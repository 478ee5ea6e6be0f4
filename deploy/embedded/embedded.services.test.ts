import { describe, expect, it } from '@jest/globals';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readConfiguration } from '#libs/platform';
import { requireOwnParts } from './own-parts.ts';
import { readRecord, writeRecord } from './part.ts';
import { isFree } from './port.ts';
import { outsideHome } from './postgres-home.ts';
import { recordedPids, until, type StubRun } from './testing/stub-run.ts';
import { lives, StubStarts } from './testing/stub-starts.ts';

/** One state through its life: each test goes on from what the one before it left, since every start of Kafka takes seconds. */
describe('the embedded start', () => {
  const starts = new StubStarts('all tests');
  let running: StubRun;
  const nothingRuns = async (): Promise<void> => {
    const { postgres, kafka } = recordedPids(starts.place);
    expect([lives(postgres), lives(kafka), await starts.portsAreFree()]).toEqual([false, false, true]);
  };

  it('says that it is ready with its addresses, and is the only one on its state', async () => {
    running = starts.start();
    await running.ready();
    const { http, mllp, kafka, parties, postgres } = starts.place.ports;
    expect(running.output.trimEnd().split('\n').at(-1)).toBe(
      `Bryggan is ready  http=http://127.0.0.1:${http} mllp=127.0.0.1:${mllp} kafka=127.0.0.1:${kafka} ` +
        `parties=127.0.0.1:${parties} postgres=127.0.0.1:${postgres} state=${starts.place.stateDir}`,
    );
    const second = starts.start();
    expect(await second.exit).toBe(1);
    expect(second.output).toBe(
      `the state ${starts.place.stateDir} is in use by pid ${starts.hubPid()}: stop it, or set BRYGGAN_DATA to another folder\n`,
    );
    // Root must run PostgreSQL as another user, to whom the state folder is closed.
    const outside =
      process.getuid?.() === 0 ? outsideHome(starts.place.stateDir) : join(starts.place.stateDir, 'postgres');
    expect(readRecord(join(starts.place.stateDir, 'postgres.json'))?.dataDir).toBe(join(outside, 'data'));
    expect(outsideHome('/srv/x/.bryggan')).toBe('/var/tmp/bryggan-f060076b5a6d');
  });

  it('brings a part back that died, while the hub goes on', async () => {
    const [hub, before] = [starts.hubPid(), recordedPids(starts.place)];
    process.kill(before.postgres!, 'SIGKILL');
    process.kill(before.kafka!, 'SIGKILL');
    await until(
      () => ['PostgreSQL', 'Kafka'].every((part) => running.output.includes(`${part}: started again`)),
      60_000,
      () => running.output,
    );
    expect((await fetch(`http://127.0.0.1:${starts.place.ports.http}/`)).status).toBe(200);
    expect(starts.hubPid()).toBe(hub);
  });

  it('says that the hub was killed, and ends with another code than 0', async () => {
    process.kill(starts.hubPid(), 'SIGKILL');
    expect(await running.exit).toBe(137);
    expect(running.output.trimEnd().split('\n').at(-1)).toMatch(
      /^The process \d+ was killed \(SIGKILL\): .*Start it again\.$/,
    );
  });

  it('adopts what is alive and healthy after a kill -9 of the hub, and of its group, and stops it like its own', async () => {
    const before = recordedPids(starts.place);
    const adopting = async (): Promise<StubRun> => {
      const run = starts.start();
      await run.ready();
      expect(recordedPids(starts.place)).toEqual(before);
      expect(run.output).toContain('Kafka: adopted');
      expect(run.output).toContain('PostgreSQL: adopted');
      return run;
    };
    const afterHub = await adopting();
    afterHub.killGroup('SIGKILL');
    await afterHub.exit;
    const afterGroup = await adopting();
    afterGroup.killGroup('SIGINT');
    expect(await afterGroup.exit).toBe(0);
    await nothingRuns();
  });

  it('names a port that is taken, its holder and its setting, in one line, and leaves nothing running', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(starts.place.ports.kafka, '127.0.0.1', resolve));
    const run = starts.start();
    const code = await run.exit;
    holder.close();
    expect(code).toBe(1);
    expect(run.output).toContain(
      `\nport ${starts.place.ports.kafka} for Kafka is taken by pid ${process.pid} (node): stop what holds it, or set BRYGGAN_KAFKA_PORT to another port\n`,
    );
    await until(() => !lives(recordedPids(starts.place).postgres), 60_000);
  });

  it('refuses a state from which something is lost, starts nothing on it, and deletes nothing', async () => {
    const database = readRecord(join(starts.place.stateDir, 'postgres.json'))!.dataDir;
    const kafka = join(starts.place.stateDir, 'kafka/data');
    const lost = [
      join(starts.place.stateDir, 'postgres.password'),
      join(starts.place.stateDir, 'id-secret'),
      database,
      kafka,
    ];
    for (const path of lost) {
      renameSync(path, `${path}-lost`);
      const before = readdirSync(database === path ? `${path}-lost` : database);
      const run = starts.start();
      expect([path, await run.exit]).toEqual([path, 1]);
      expect(run.output.trimEnd().split('\n').at(-1)).toMatch(
        /^\S*(postgres\.password|id-secret|data) of the state \S+ is missing, and .+: put it back from a copy of the state/,
      );
      expect(run.output).not.toMatch(/(Kafka|PostgreSQL): started/);
      expect(existsSync(path)).toBe(false);
      expect(readdirSync(database === path ? `${path}-lost` : database)).toEqual(before);
      renameSync(`${path}-lost`, path);
    }
  });

  it('starts the parts alone on what was put back, prints the settings with which an app reaches them, and follows the county; no stranger is touched that has the pid of a record', async () => {
    const record = readRecord(join(starts.place.stateDir, 'kafka.json'))!;
    writeRecord(join(starts.place.stateDir, 'kafka.json'), { ...record, pid: process.pid, startTime: '1' });
    const countyDir = join(starts.place.stateDir, 'county');
    cpSync(join(import.meta.dirname, '../county'), countyDir, { recursive: true });
    const run = starts.start({ STUB_PARTS_ALONE: 'yes', BRYGGAN_COUNTY: countyDir });
    await until(
      () => run.output.includes('export BRYGGAN_KAFKA_USERNAME=portal'),
      60_000,
      () => run.output,
    );
    expect(recordedPids(starts.place).kafka).not.toBe(process.pid);
    const shared = [...run.output.matchAll(/^export (\w+)=(\S+)$/gm)];
    const settings = Object.fromEntries(shared.map(([, name = '', value = '']) => [name, value]));
    expect(settings).toEqual({
      BRYGGAN_DATA: starts.place.stateDir,
      BRYGGAN_DATABASE_URL: expect.stringMatching(
        `^postgres://.+@127\\.0\\.0\\.1:${starts.place.ports.postgres}/bryggan$`,
      ),
      BRYGGAN_KAFKA_BROKERS: `127.0.0.1:${starts.place.ports.kafka}`,
    });
    const appLogins = [...run.output.matchAll(/^export BRYGGAN_KAFKA_USERNAME=(\S+) BRYGGAN_KAFKA_PASSWORD=(\S+)$/gm)];
    expect(appLogins.map(([, app]) => app)).toEqual([
      ...['ingress', 'translator', 'router', 'dispatcher', 'watcher', 'portal'],
    ]);
    for (const [, app = '', password = ''] of appLogins) {
      const login = { BRYGGAN_KAFKA_USERNAME: app, BRYGGAN_KAFKA_PASSWORD: password };
      await requireOwnParts(readConfiguration({ ...settings, ...login }));
    }
    await expect(requireOwnParts(readConfiguration(settings))).rejects.toThrow('no Kafka takes us at');
    expect(await isFree(starts.place.ports.http)).toBe(true);
    const partiesFile = join(countyDir, 'parties.json');
    const parties = readFileSync(partiesFile, 'utf8');
    for (const [text, said] of [
      ['{', /was not taken up [^]*parties\.json/],
      [parties.replaceAll('"0114"', '"0113"').replaceAll('deliveries.0114', 'deliveries.0113'), /may come/],
    ] as const) {
      writeFileSync(partiesFile, text);
      process.kill(starts.hubPid(), 'SIGHUP');
      await until(
        () => said.test(run.output),
        60_000,
        () => run.output,
      );
    }
    const logins = readFileSync(join(starts.place.stateDir, 'kafka-callers.json'), 'utf8');
    expect(Object.keys(JSON.parse(logins) as object)).toContain('0113');
    process.kill(run.pid, 'SIGTERM');
    expect(await run.exit).toBe(0);
    await nothingRuns();
  });
});

describe('a start that can come to nothing', () => {
  const starts = new StubStarts();

  it('names a state folder that cannot be made in one line', async () => {
    const noFolder = starts.start({ BRYGGAN_DATA: process.execPath });
    expect(await noFolder.exit).toBe(1);
    expect(noFolder.output).toBe(
      `the state folder ${process.execPath} cannot be made (EEXIST): set BRYGGAN_DATA to another folder\n`,
    );
  });

  it.each([
    ['a wrong setting', { BRYGGAN_CLOCK: 'sundial' }, /^BRYGGAN_CLOCK="sundial": .*must be one of system, driven$/],
    ['a county that is not there', { BRYGGAN_COUNTY: '/nowhere' }, /^parties\.json: .*the file is missing$/],
    ['damaged callers', { BRYGGAN_CALLERS: process.execPath }, /is damaged: mend it, or remove it/],
    [
      'a database that is away',
      { BRYGGAN_DATABASE_URL: 'postgres://hub:secret@127.0.0.1:1/bryggan' },
      /^no PostgreSQL takes us at 127\.0\.0\.1:1\/bryggan \(.*ECONNREFUSED.*\): start it, or correct BRYGGAN_DATABASE_URL$/,
    ],
    [
      'a broker that is away',
      { BRYGGAN_KAFKA_BROKERS: '127.0.0.1:1' },
      /^no Kafka takes us at 127\.0\.0\.1:1 \(.+\): start it, or correct BRYGGAN_KAFKA_BROKERS$/,
    ],
  ])('finds %s before any part is started, without frames', async (_, settings, line) => {
    const run = starts.start(settings);
    expect(await run.exit).toBe(1);
    const lines = run.output.trimEnd().split('\n');
    expect(lines).toContainEqual(expect.stringMatching(line));
    expect(lines.filter((said) => /^\s+at |PostgreSQL:|Kafka:|secret/.test(said))).toEqual([]);
    expect(recordedPids(starts.place)).toEqual({ postgres: undefined, kafka: undefined });
  });
});
