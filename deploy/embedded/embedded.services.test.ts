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

const starts = new StubStarts();
const start = (more?: Record<string, string>): StubRun => starts.start(more);
const kafkaLogins = (): object =>
  JSON.parse(readFileSync(join(starts.place.stateDir, 'kafka-callers.json'), 'utf8')) as object;

describe('the embedded start', () => {
  it('says that it is ready with its addresses, is the only one on its state, and stops everything on SIGTERM', async () => {
    const first = start();
    await first.ready();
    const { http, mllp, kafka, parties, postgres } = starts.place.ports;
    expect(first.output.trimEnd().split('\n').at(-1)).toBe(
      `Bryggan is ready  http=http://127.0.0.1:${http} mllp=127.0.0.1:${mllp} kafka=127.0.0.1:${kafka} ` +
        `parties=127.0.0.1:${parties} postgres=127.0.0.1:${postgres} state=${starts.place.stateDir}`,
    );
    const second = start();
    expect(await second.exit).toBe(1);
    expect(second.output).toBe(
      `the state ${starts.place.stateDir} is in use by pid ${starts.hubPid()}: stop it, or set BRYGGAN_DATA to another folder\n`,
    );
    // Root must run PostgreSQL as another user, to whom the state folder is closed.
    const outside =
      process.getuid?.() === 0 ? outsideHome(starts.place.stateDir) : join(starts.place.stateDir, 'postgres');
    expect(readRecord(join(starts.place.stateDir, 'postgres.json'))?.dataDir).toBe(join(outside, 'data'));
    expect(outsideHome('/srv/x/.bryggan')).toBe('/var/tmp/bryggan-f060076b5a6d');
    const pids = recordedPids(starts.place);
    process.kill(first.pid, 'SIGTERM');
    expect(await first.exit).toBe(0);
    expect([lives(pids.postgres), lives(pids.kafka), await starts.portsAreFree()]).toEqual([false, false, true]);
  });

  it('adopts what is alive and healthy after a kill -9 of the hub and its group', async () => {
    const first = start();
    await first.ready();
    const before = recordedPids(starts.place);
    first.killGroup('SIGKILL');
    await first.exit;
    const second = start();
    await second.ready();
    expect(recordedPids(starts.place)).toEqual(before);
    expect(second.output).toContain('Kafka: adopted');
    expect(second.output).toContain('PostgreSQL: adopted');
    // An adopted part is stopped like one of our own.
    second.killGroup('SIGINT');
    expect(await second.exit).toBe(0);
    expect([lives(before.postgres), lives(before.kafka), await starts.portsAreFree()]).toEqual([false, false, true]);
  });

  it('brings a part back that died, while the hub goes on; says that the hub was killed, and ends with another code than 0', async () => {
    const first = start();
    await first.ready();
    const [hub, before] = [starts.hubPid(), recordedPids(starts.place)];
    process.kill(before.postgres!, 'SIGKILL');
    process.kill(before.kafka!, 'SIGKILL');
    await until(
      () => ['PostgreSQL', 'Kafka'].every((part) => first.output.includes(`${part}: started again`)),
      30_000,
      () => first.output,
    );
    expect((await fetch(`http://127.0.0.1:${starts.place.ports.http}/`)).status).toBe(200);
    expect(starts.hubPid()).toBe(hub);
    process.kill(hub, 'SIGKILL');
    expect(await first.exit).toBe(137);
    expect(first.output.trimEnd().split('\n').at(-1)).toMatch(
      /^The process \d+ was killed \(SIGKILL\): .*Start it again\.$/,
    );
  });

  it('names a port that is taken, its holder and its setting, in one line, and leaves nothing running', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(starts.place.ports.kafka, '127.0.0.1', resolve));
    const run = start();
    const code = await run.exit;
    holder.close();
    expect(code).toBe(1);
    expect(run.output).toContain(
      `\nport ${starts.place.ports.kafka} for Kafka is taken by pid ${process.pid} (node): stop what holds it, or set BRYGGAN_KAFKA_PORT to another port\n`,
    );
    await until(() => !lives(recordedPids(starts.place).postgres), 5_000);
  });

  it('names a state folder that cannot be made in one line', async () => {
    const noFolder = start({ BRYGGAN_DATA: process.execPath });
    expect(await noFolder.exit).toBe(1);
    expect(noFolder.output).toBe(
      `the state folder ${process.execPath} cannot be made (EEXIST): set BRYGGAN_DATA to another folder\n`,
    );
  });

  it.each([
    ['a wrong setting', { BRYGGAN_CLOCK: 'sundial' }, /^BRYGGAN_CLOCK="sundial": .*must be one of system, driven$/],
    ['a misspelled setting', { BRYGGAN_HTP_PORT: '1' }, /^BRYGGAN_HTP_PORT: .*was BRYGGAN_HTTP_PORT meant\?$/],
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
    const run = start(settings);
    expect(await run.exit).toBe(1);
    const lines = run.output.trimEnd().split('\n');
    expect(lines).toContainEqual(expect.stringMatching(line));
    expect(lines.filter((said) => /^\s+at |PostgreSQL:|Kafka:|secret/.test(said))).toEqual([]);
    expect(recordedPids(starts.place)).toEqual({ postgres: undefined, kafka: undefined });
  });

  it('refuses a state from which something is lost, deletes nothing, and goes on when it is put back; touches no stranger that has the pid of its record', async () => {
    await starts.startAndStop();
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
      const run = start();
      expect([path, await run.exit]).toEqual([path, 1]);
      expect(run.output.trimEnd().split('\n').at(-1)).toMatch(
        /^\S*(postgres\.password|id-secret|data) of the state \S+ is missing, and .+: put it back from a copy of the state/,
      );
      expect(existsSync(path)).toBe(false);
      expect(readdirSync(database === path ? `${path}-lost` : database)).toEqual(before);
      renameSync(`${path}-lost`, path);
    }
    const password = readFileSync(join(starts.place.stateDir, 'postgres.password'));
    writeFileSync(join(starts.place.stateDir, 'postgres.password'), 'another\n');
    const run = start();
    expect(await run.exit).toBe(1);
    expect(run.output).toMatch(/\npostgres\.password of the state \S+ is not the one of its database/);
    writeFileSync(join(starts.place.stateDir, 'postgres.password'), password);
    await touchesNoStranger();
  });

  /** One that has the pid of its record. */
  async function touchesNoStranger(): Promise<void> {
    const record = readRecord(join(starts.place.stateDir, 'kafka.json'))!;
    writeRecord(join(starts.place.stateDir, 'kafka.json'), { ...record, pid: process.pid, startTime: '1' });
    const run = start();
    await run.ready();
    expect(recordedPids(starts.place).kafka).not.toBe(process.pid);
    expect(lives(process.pid)).toBe(true);
  }

  it('starts the parts alone, prints the settings with which an app reaches them, and follows the county', async () => {
    const countyDir = join(starts.place.stateDir, 'county');
    cpSync(join(import.meta.dirname, '../county'), countyDir, { recursive: true });
    const run = start({ STUB_PARTS_ALONE: 'yes', BRYGGAN_COUNTY: countyDir });
    await until(
      () => run.output.includes('export BRYGGAN_KAFKA_USERNAME=portal'),
      60_000,
      () => run.output,
    );
    const shared = [...run.output.matchAll(/^export (\w+)=(\S+)$/gm)];
    const settings = Object.fromEntries(shared.map(([, name = '', value = '']) => [name, value]));
    expect(settings).toEqual({
      BRYGGAN_DATA: starts.place.stateDir,
      BRYGGAN_DATABASE_URL: expect.stringMatching(
        `^postgres://.+@127\\.0\\.0\\.1:${starts.place.ports.postgres}/bryggan$`,
      ),
      BRYGGAN_KAFKA_BROKERS: `127.0.0.1:${starts.place.ports.kafka}`,
    });
    const logins = [...run.output.matchAll(/^export BRYGGAN_KAFKA_USERNAME=(\S+) BRYGGAN_KAFKA_PASSWORD=(\S+)$/gm)];
    expect(logins.map(([, app]) => app)).toEqual([
      ...['ingress', 'translator', 'router', 'dispatcher', 'watcher', 'portal'],
    ]);
    for (const [, app = '', password = ''] of logins) {
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
        30_000,
        () => run.output,
      );
    }
    expect(Object.keys(kafkaLogins())).toContain('0113');
    process.kill(run.pid, 'SIGTERM');
    expect(await run.exit).toBe(0);
  });
});
