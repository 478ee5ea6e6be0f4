import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, environmentProblems, readConfiguration } from './configuration.ts';

const URL_OF_A_DATABASE = 'postgres://hub:hemligt-losen@db.example:5432/bryggan';
const usable = { BRYGGAN_DATABASE_URL: URL_OF_A_DATABASE };
const production = {
  NODE_ENV: 'production',
  BRYGGAN_DATABASE_URL: URL_OF_A_DATABASE,
  BRYGGAN_KAFKA_BROKERS: 'k1:9092,k2:9092,k3:9092',
  BRYGGAN_ID_SECRET: 'x'.repeat(40),
};

describe('readConfiguration', () => {
  it('has the embedded defaults of contract 1', () => {
    const configuration = readConfiguration({}, { embedded: true });
    expect(configuration).toMatchObject({
      environment: 'development',
      http: { host: '127.0.0.1', port: 8080 },
      mllp: { host: '127.0.0.1', port: 2575, idleMillis: 0, endWaitMillis: 300, drainMillis: 30_000 },
      kafka: { brokers: ['127.0.0.1:9092'], port: 9092, partyPort: 9094, topicPrefix: '' },
      database: { port: 5433 },
      clock: { kind: 'system' },
      retention: { inboundDays: 400 },
    });
    expect(configuration.stateDir).toMatch(/\/\.bryggan$/);
    expect(configuration.countyDir).toMatch(/\/deploy\/county$/);
  });

  it.each([
    ['https://bryggan.region.example', 'https://bryggan.region.example'],
    ['https://bryggan.region.example:8443/', 'https://bryggan.region.example:8443'],
    ['https://region.example/bryggan/fhir/', 'https://region.example/bryggan'],
  ])('takes %s as the public address', (text, publicUrl) => {
    expect(readConfiguration({ ...usable, BRYGGAN_PUBLIC_URL: text }).http).toMatchObject({ publicUrl });
  });

  it.each(['bryggan.region.example', 'ftp://x.example', 'https://u:p@x.example', 'https://x.example/?a=b', 'https://'])(
    'refuses %s as the public address',
    (text) => {
      expect(environmentProblems({ ...usable, BRYGGAN_PUBLIC_URL: text })).toEqual([
        expect.stringMatching(/^BRYGGAN_PUBLIC_URL: .*https:/),
      ]);
    },
  );

  it('takes addresses and networks of proxies, and nothing else', () => {
    const proxies = '10.0.0.0/8, ::1,192.0.2.7';
    const { http } = readConfiguration({ ...usable, BRYGGAN_TRUSTED_PROXIES: proxies });
    expect(http.trustedProxies).toEqual(['10.0.0.0/8', '::1', '192.0.2.7']);
    for (const bad of ['proxy.example', '10.1', '10.0.0.0/33', '10.0.0.1,', '*']) {
      expect(environmentProblems({ ...usable, BRYGGAN_TRUSTED_PROXIES: bad })).toHaveLength(1);
    }
  });

  it('listens outside the loopback only when it is said that tokens may travel in plain text', () => {
    for (const host of ['0.0.0.0', '::', '10.0.0.1', 'hub.example']) {
      const env = { ...usable, BRYGGAN_HTTP_HOST: host };
      expect(environmentProblems(env)).toEqual([expect.stringContaining('BRYGGAN_HTTP_PLAIN=allowed')]);
      expect(environmentProblems({ ...env, BRYGGAN_HTTP_PLAIN: 'allowed' })).toEqual([]);
    }
    for (const host of ['127.0.0.1', '127.0.0.2', '::1', 'localhost']) {
      expect(environmentProblems({ ...usable, BRYGGAN_HTTP_HOST: host })).toEqual([]);
    }
  });

  it('is frozen to its leaves', () => {
    const configuration = readConfiguration(usable);
    expect(() => Object.assign(configuration.kafka.replication, { factor: 9 })).toThrow(TypeError);
  });

  it('names all bad keys at once, with value and remedy in two languages', () => {
    const bad = {
      BRYGGAN_HTTP_PORT: 'åttatusen',
      BRYGGAN_MLLP_PORT: '70000',
      BRYGGAN_CLOCK: 'steered',
      BRYGGAN_KAFKA_BROKERS: 'http://kafka',
      BRYGGAN_DATABASE_URL: 'mysql://x',
      BRYGGAN_LOG_LEVEL: 'loud',
    };
    const problems = environmentProblems(bad);
    expect(problems.map((line) => /^BRYGGAN_\w+/.exec(line)?.[0]).sort()).toEqual(
      [...Object.keys(bad), 'BRYGGAN_DATABASE_URL'].sort(),
    );
    expect(problems.find((line) => line.startsWith('BRYGGAN_HTTP_PORT'))).toBe(
      'BRYGGAN_HTTP_PORT="åttatusen": ska vara ett heltal 0 till 65535 (standard 8080) | must be an integer 0 to 65535 (default 8080)',
    );
  });

  it('throws one error that has every line', () => {
    const attempt = () => readConfiguration({ BRYGGAN_HTTP_PORT: '-1', BRYGGAN_PG_PORT: 'x' });
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow(/BRYGGAN_HTTP_PORT.*\n[^]*BRYGGAN_PG_PORT/);
  });

  it('takes a path as it stands, and refuses one that is no UTF-8 or holds control characters', () => {
    const stateOf = (data: string) => readConfiguration({ ...usable, BRYGGAN_DATA: data }).stateDir;
    expect(stateOf('/srv/slutar med blanksteg ')).toBe('/srv/slutar med blanksteg ');
    expect(stateOf('/srv/Åsa, läge\\a=b#c')).toBe('/srv/Åsa, läge\\a=b#c');
    expect(stateOf('   ')).toMatch(/\/\.bryggan$/);
    for (const data of ['/srv/l\uFFFDge', '/srv/a\nb']) {
      expect(environmentProblems({ ...usable, BRYGGAN_DATA: data })).toEqual([
        expect.stringMatching(/^BRYGGAN_DATA=.*UTF-8/),
      ]);
    }
  });

  it.each([
    [undefined, 8080],
    ['portal', 8080],
    ['ingress', 8081],
    ['watcher', 8085],
    ['constructor', 8080],
  ])('gives the app %s that runs alone the HTTP port %d unless one is set', (app, port) => {
    const of = (env: object) => readConfiguration({ ...usable, ...env }, app === undefined ? {} : { app }).http.port;
    expect([of({}), of({ BRYGGAN_HTTP_PORT: '9000' })]).toEqual([port, 9000]);
  });

  it('says which parts are an operator’s own', () => {
    const { kafka, database } = readConfiguration(usable);
    expect([kafka.stated, database.stated]).toEqual([false, true]);
    expect(readConfiguration({}, { embedded: true, databaseUrl: 'postgres://x/y' }).database.stated).toBe(false);
  });

  it('refuses a mistyped key and proposes the right one', () => {
    expect(environmentProblems({ ...usable, BRYGGAN_HTP_PORT: '80' })).toEqual([
      'BRYGGAN_HTP_PORT: okänd inställning, menades BRYGGAN_HTTP_PORT? | unknown setting, was BRYGGAN_HTTP_PORT meant?',
    ]);
    expect(environmentProblems({ ...usable, BRYGGAN_TEST_KAFKA: 'x', OTHER: 'y' })).toEqual([]);
  });

  it.each([
    ['BRYGGAN_DATABASE_URL', 'mysql://hub:hemligt-losen@db/x'],
    ['BRYGGAN_ID_SECRET', 'hemligt-losen'],
  ])('never shows the value of %s', (key, value) => {
    const text = environmentProblems({ ...usable, [key]: value }).join('\n');
    expect(text).toContain(key);
    expect(text).not.toContain('hemligt');
  });

  it('needs a database when the parts are not embedded', () => {
    expect(environmentProblems({})).toHaveLength(1);
    expect(environmentProblems({}, { embedded: true })).toEqual([]);
  });

  it('refuses a driven clock in production, and a start without a driven clock', () => {
    expect(environmentProblems(production)).toEqual([]);
    const [clock, ...more] = environmentProblems({ ...production, BRYGGAN_CLOCK: 'driven' });
    expect(clock).toMatch(/^BRYGGAN_CLOCK="driven": får inte vara driven i produktion/);
    expect(more).toEqual([]);
    expect(environmentProblems({ ...usable, BRYGGAN_CLOCK_START: '2026-05-10T08:00Z' })[0]).toMatch(
      /BRYGGAN_CLOCK=driven/,
    );
  });

  it('needs in production what the embedded start makes for itself', () => {
    const keys = environmentProblems({ NODE_ENV: 'production' }).map((line) => line.split(':')[0]);
    expect(keys.sort()).toEqual(['BRYGGAN_DATABASE_URL', 'BRYGGAN_ID_SECRET', 'BRYGGAN_KAFKA_BROKERS']);
    expect(environmentProblems({ ...production, BRYGGAN_KAFKA_REPLICATION: '2' })).toHaveLength(1);
  });

  it('reads the driven clock with its start', () => {
    const env = { ...usable, BRYGGAN_CLOCK: 'driven', BRYGGAN_CLOCK_START: '2026-05-10T14:30:00+02:00' };
    expect(readConfiguration(env).clock).toEqual({ kind: 'driven', start: Date.UTC(2026, 4, 10, 12, 30) });
    expect(environmentProblems({ ...env, BRYGGAN_CLOCK_START: '2026-05-10 14:30' })).toHaveLength(1);
  });

  it('refuses a largest frame that Kafka would refuse', () => {
    expect(environmentProblems({ ...usable, BRYGGAN_MLLP_MAX_FRAME_BYTES: '2000000' })).toHaveLength(1);
    const both = { BRYGGAN_MLLP_MAX_FRAME_BYTES: '2000000', BRYGGAN_KAFKA_MAX_MESSAGE_BYTES: '4000000' };
    expect(environmentProblems({ ...usable, ...both })).toEqual([]);
  });

  it('bounds unfinished frames by at least two of the largest', () => {
    const large = { ...usable, BRYGGAN_KAFKA_MAX_MESSAGE_BYTES: '67108864', BRYGGAN_MLLP_MAX_FRAME_BYTES: '60000000' };
    expect(readConfiguration(large).mllp.maxGatheredBytes).toBe(115 * 1_048_576);
    expect(readConfiguration(usable).mllp.maxGatheredBytes).toBe(64 * 1_048_576);
    expect(environmentProblems({ ...large, BRYGGAN_MLLP_MAX_GATHERED_MEBIBYTES: '114' }).join('\n')).toMatch(
      /115 till/,
    );
  });

  it('lets a start override what it knows better', () => {
    const { kafka, database, stateDir, callersFile, http } = readConfiguration(
      { BRYGGAN_HTTP_PORT: '8081' },
      { embedded: true, brokers: ['127.0.0.1:1'], databaseUrl: 'postgres://x/y', stateDir: '/s', httpPort: 0 },
    );
    expect({ brokers: kafka.brokers, url: database.url, stateDir, callersFile, port: http.port }).toEqual({
      brokers: ['127.0.0.1:1'],
      url: 'postgres://x/y',
      stateDir: '/s',
      callersFile: '/s/callers.json',
      port: 0,
    });
  });

  it('knows every key that is set, also where the start overrides it', () => {
    const env = {
      BRYGGAN_DATA: 'a',
      BRYGGAN_COUNTY: 'b',
      BRYGGAN_CALLERS: 'c',
      BRYGGAN_LOG_FILE: 'd',
      BRYGGAN_HTTP_PORT: '1',
      BRYGGAN_MLLP_PORT: '2',
      BRYGGAN_KAFKA_BROKERS: 'k:1',
      BRYGGAN_DATABASE_URL: 'postgres://x/y',
      BRYGGAN_TOPIC_PREFIX: 'p.',
      BRYGGAN_CLOCK: 'driven',
      BRYGGAN_CLOCK_START: '2026-05-10T08:00Z',
    };
    const overrides = {
      embedded: true,
      environment: 'test',
      stateDir: '/s',
      countyDir: '/c',
      logFile: '/l',
      httpPort: 0,
      mllpPort: 0,
      brokers: ['x:1'],
      databaseUrl: 'postgres://z',
      topicPrefix: 'q.',
      clock: { kind: 'system' },
    } as const;
    expect(environmentProblems(env)).toEqual([]);
    expect(environmentProblems(env, overrides)).toEqual([]);
    expect(readConfiguration(env, overrides)).toMatchObject({
      stateDir: '/s',
      kafka: { topicPrefix: 'q.' },
      log: { file: expect.stringMatching(/\/d$/) },
    });
  });
});
