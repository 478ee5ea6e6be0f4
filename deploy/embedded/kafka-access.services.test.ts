import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import kafkajs, { Kafka, logLevel, type SASLOptions } from 'kafkajs';
import { connectKafka, ensureTopics, silentLog, topicDefinitions, topicNames } from '#libs/messaging';
import { loadCounty, type County } from '#libs/county';
import { removeState } from '../../test/services/abandoned.ts';
import { spareState } from '../../test/services/spare.ts';
import { kafkaJars } from './jars.mjs';
import type { KafkaAccess } from './kafka-access.ts';
import { APP_LOGINS, SERVICE_LOGINS } from './kafka-grants.ts';
import { openKafkaAccess } from './kafka-logins.ts';
import { startKafka, type RunningKafka } from './kafka.ts';
import { freePort } from './port.ts';
import { commandLine } from './process-identity.ts';

const PREFIX = 'p.';
const demonstration = loadCounty(join(import.meta.dirname, '../county'));
const countyOf = (...parties: string[]): Pick<County, 'partyIds' | 'senderIds' | 'callers'> => ({
  partyIds: () => parties,
  senderIds: () => ['KS', 'K'],
  callers: () => demonstration.callers(),
});
/** A municipality, and a district board whose name begins with its own. */
const [CITY, BOARD] = ['0180', '0180-jarva'];

let state: string;
let ports: { services: number; parties: number };
let kafka: RunningKafka;
let access: KafkaAccess;

async function start(given?: KafkaAccess): Promise<RunningKafka> {
  const jarsDir = await kafkaJars();
  const options = { stateDir: state, port: ports.services, log: () => undefined, jarsDir, fast: true };
  return startKafka({ ...options, ...(given && { access: given }) });
}

const open = (county = countyOf(CITY, BOARD)): KafkaAccess =>
  openKafkaAccess(state, county, { partyPort: ports.parties, topicPrefix: PREFIX });

const scram = (username: string, password = access.logins.get(username) ?? ''): SASLOptions => ({
  mechanism: 'scram-sha-512',
  username,
  password,
});

const clientOf = (port: number, sasl?: SASLOptions): Kafka =>
  new Kafka({
    brokers: [`127.0.0.1:${port}`],
    ...(sasl && { sasl }),
    ...{ logLevel: logLevel.NOTHING, connectionTimeout: 2_000, requestTimeout: 3_000, retry: { retries: 2 } },
  });

/** The parties' listener for people, the other for services. */
const clientFor = (login: string): Kafka =>
  clientOf(SERVICE_LOGINS.includes(login) ? ports.services : ports.parties, scram(login));

/** @returns what a use of Kafka comes to: what it gives, or the broker's name of the refusal */
async function outcome<T>(use: () => Promise<T>): Promise<T | string> {
  try {
    return await use();
  } catch (error) {
    let inner: unknown = error;
    while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
    return (inner as { type?: string }).type ?? (inner instanceof Error ? inner.name : 'unknown');
  }
}

const topicsOf = (client: Kafka): Promise<string[] | string> =>
  outcome(async () => {
    const admin = client.admin();
    try {
      await admin.connect();
      return (await admin.listTopics()).sort();
    } finally {
      await admin.disconnect();
    }
  });

const write = (login: string, topic: string): Promise<string> =>
  outcome(async () => {
    const producer = clientFor(login).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    try {
      await producer.connect();
      await producer.send({ topic: `${PREFIX}${topic}`, messages: [{ value: login }] });
      return 'written';
    } finally {
      await producer.disconnect();
    }
  });

/** The first record, read as a member of a group. */
const read = (login: string, topic: string, groupId = `${login}.reader`): Promise<string> =>
  outcome(async () => {
    const consumer = clientFor(login).consumer({ groupId, retry: { retries: 0 } });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [`${PREFIX}${topic}`], fromBeginning: true });
      return await new Promise<string>((resolve, reject) => {
        consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
        void consumer.run({
          eachMessage: ({ message }) => {
            resolve(message.value?.toString() ?? '');
            return Promise.resolve();
          },
        });
      });
    } finally {
      await consumer.disconnect();
    }
  });

const TOPICS = [
  ...['inbound', 'events', 'deviation-feed', 'receipts.KS', 'receipts.K'],
  ...[CITY, BOARD].flatMap((id) => [`deliveries.${id}`, `deviations.${id}`, `replies.${id}`]),
];

beforeAll(async () => {
  state = spareState();
  ports = { services: await freePort(), parties: await freePort() };
  // A state of a version without passwords, its Kafka still running: the next start takes it over with what is in it.
  const plain = await start();
  const admin = clientOf(ports.services).admin();
  await admin.connect();
  await admin.createTopics({ topics: TOPICS.map((topic) => ({ topic: `${PREFIX}${topic}` })) });
  await admin.disconnect();
  const producer = clientOf(ports.services).producer();
  await producer.connect();
  for (const topic of TOPICS) await producer.send({ topic: `${PREFIX}${topic}`, messages: [{ value: `of ${topic}` }] });
  await producer.disconnect();
  access = open();
  kafka = await start(access);
  expect(kafka.pid).not.toBe(plain.pid);
});

afterAll(async () => {
  await kafka.kill();
  await removeState(state);
});

describe('the embedded Kafka', () => {
  it('takes nobody without a login, with a wrong one, or with that of another listener', async () => {
    const controller = Number(/CONTROLLER:\/\/127\.0\.0\.1:(\d+)/.exec(propertiesText())?.[1]);
    for (const port of [ports.services, ports.parties, controller]) {
      expect(await topicsOf(clientOf(port))).toMatch(/^KafkaJS/);
    }
    for (const port of [ports.services, ports.parties]) {
      for (const login of [scram(CITY, 'wrong'), scram('nobody', 'x'), scram(CITY, access.logins.get(BOARD))]) {
        expect([login.mechanism, await topicsOf(clientOf(port, login))]).toEqual([
          'scram-sha-512',
          expect.stringMatching(/^KafkaJSSASL|SASL_AUTHENTICATION_FAILED/),
        ]);
      }
    }
    const broker = { mechanism: 'plain', username: 'broker', password: access.brokerPassword } as const;
    expect(await topicsOf(clientOf(ports.parties, broker))).toMatch(/^KafkaJS|UNSUPPORTED_SASL_MECHANISM/);
  });

  it('shows a party its own topics and no others', async () => {
    const own = (id: string) => [`p.deliveries.${id}`, `p.deviations.${id}`, `p.replies.${id}`];
    expect(await topicsOf(clientFor(CITY))).toEqual(own(CITY));
    expect(await topicsOf(clientFor(BOARD))).toEqual(own(BOARD));
    expect(await topicsOf(clientFor('sender:KS'))).toEqual(['p.receipts.KS']);
    expect(await topicsOf(clientFor('sender:K'))).toEqual(['p.receipts.K']);
    expect(await topicsOf(clientFor('hsf'))).toEqual(['p.deviation-feed']);
  });

  it('lets a party read what is its own, and refuses what is its neighbour’s', async () => {
    expect(await read(BOARD, `deliveries.${BOARD}`)).toBe(`of deliveries.${BOARD}`);
    expect(await read(BOARD, `deviations.${BOARD}`, BOARD)).toBe(`of deviations.${BOARD}`);
    expect(await read('sender:KS', 'receipts.KS')).toBe('of receipts.KS');
    expect(await read('hsf', 'deviation-feed')).toBe('of deviation-feed');
    const refused = 'TOPIC_AUTHORIZATION_FAILED';
    for (const topic of [`deliveries.${BOARD}`, `deviations.${BOARD}`, 'events', 'inbound', 'deviation-feed']) {
      expect([topic, await read(CITY, topic)]).toEqual([topic, refused]);
    }
    expect(await read('sender:K', 'receipts.KS')).toBe(refused);
    expect(await read(BOARD, 'replies.0180-jarva')).toBe(refused);
  });

  it('keeps the groups of a party whose name begins another’s apart', async () => {
    // kafkajs hides that it was the broker's GROUP_AUTHORIZATION_FAILED.
    const refused = 'KafkaJSGroupCoordinatorNotFound';
    for (const group of [`${BOARD}.reader`, BOARD, `${CITY}-`, `${PREFIX}router`, 'any']) {
      expect([group, await read(CITY, `deliveries.${CITY}`, group)]).toEqual([group, refused]);
    }
    expect(await read('sender:K', 'receipts.K', 'sender:KS.reader')).toBe(refused);
    expect(await read(CITY, `deliveries.${CITY}`, `${CITY}.reader`)).toBe(`of deliveries.${CITY}`);
  });

  it('lets a party write its replies and nothing else, and nobody but the router write deliveries', async () => {
    const refused = 'TOPIC_AUTHORIZATION_FAILED';
    expect(await write(BOARD, `replies.${BOARD}`)).toBe('written');
    for (const topic of [`replies.${CITY}`, `deliveries.${BOARD}`, `deviations.${BOARD}`, 'inbound', 'receipts.KS']) {
      expect([topic, await write(BOARD, topic)]).toEqual([topic, refused]);
    }
    for (const login of SERVICE_LOGINS) {
      const may = login === 'router' || login === 'hub';
      expect([login, await write(login, `deliveries.${CITY}`)]).toEqual([login, may ? 'written' : refused]);
    }
  });

  it('lets each app make the topics that are missing', async () => {
    for (const app of APP_LOGINS) {
      const service = connectKafka({
        ...{ brokers: [`127.0.0.1:${ports.services}`], clientId: app, log: silentLog },
        sasl: { mechanism: 'scram-sha-512', username: app, password: access.logins.get(app) ?? '' },
      });
      const wanted = topicDefinitions(topicNames(PREFIX), { parties: [`${CITY}-${app}`], senders: [], embedded: true });
      const { created } = await ensureTopics(
        service,
        wanted.filter(({ name }) => !TOPICS.includes(name.slice(2))),
      );
      expect(created).toContain(`${PREFIX}deliveries.${CITY}-${app}`);
      await service.close();
    }
  });

  it('keeps its secrets in files of the owner alone, and out of every process’s arguments', () => {
    for (const file of ['kafka-users.json', 'kafka-callers.json', 'kafka/server.properties']) {
      expect([file, statSync(join(state, file)).mode & 0o777]).toEqual([file, 0o600]);
    }
    const secrets = [access.brokerPassword, ...access.logins.values()];
    const said = [commandLine(kafka.pid).join(' '), readFileSync(join(state, 'kafka.log'), 'latin1')];
    expect(secrets.filter((secret) => secret.length < 40 || said.some((text) => text.includes(secret)))).toEqual([]);
    expect(readdirSync(state)).not.toContain('new-');
  });

  it('has the same logins after a kill -9, is adopted, and follows a county that has changed', async () => {
    const before = access.logins;
    await kafka.kill();
    access = open();
    expect(access.logins).toEqual(before);
    kafka = await start(access);
    expect([kafka.adopted, await read(BOARD, `deliveries.${BOARD}`, `${BOARD}.again`)]).toEqual([
      false,
      `of deliveries.${BOARD}`,
    ]);
    const pid = kafka.pid;
    access = open(countyOf(CITY, '0184'));
    kafka = await start(access);
    expect([kafka.adopted, kafka.pid]).toEqual([true, pid]);
    expect(await topicsOf(clientOf(ports.parties, scram(BOARD, before.get(BOARD))))).toMatch(/^KafkaJSSASL/);
    expect(await write('0184', `deliveries.${CITY}`)).toBe('TOPIC_AUTHORIZATION_FAILED');
    expect(await read(CITY, `deliveries.${CITY}`, CITY)).toBe(`of deliveries.${CITY}`);
    // A party that comes back has its old password.
    access = open();
    kafka = await start(access);
    expect(await topicsOf(clientOf(ports.parties, scram(BOARD, before.get(BOARD))))).toContain(`p.deliveries.${BOARD}`);
  });

  it('names a damaged file of passwords, and a party that is named as a service', () => {
    const file = join(state, 'kafka-callers.json');
    const whole = readFileSync(file, 'utf8');
    for (const text of [
      '{',
      '[1]',
      '{"0184": {"password": "short"}}',
      whole.replace('"password": "', '"password": "\\"'),
    ]) {
      writeFileSync(file, text);
      expect(() => open()).toThrow(`${file} is damaged: mend it, or remove it to have new passwords made`);
    }
    writeFileSync(file, whole);
    expect(() => open(countyOf('router'))).toThrow('the county has a party or caller router');
  });
});

const propertiesText = (): string => readFileSync(join(state, 'kafka/server.properties'), 'latin1');
