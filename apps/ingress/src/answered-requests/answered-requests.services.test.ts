import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import {
  connectKafka,
  ensureTopics,
  GroupCommitProducer,
  MessagingError,
  topicDefinitions,
  topicNames,
  type KafkaPort,
  type OutRecord,
} from '#libs/messaging';
import { createPool, describeSchema, migrate } from '#libs/persistence';
import { IdMaker, rootTrace, silentLog } from '#libs/platform';
import { until } from '../../../../test/hub/until.ts';
import { readTopic } from '../../../../test/services/read-topic.ts';
import {
  createTestDatabase,
  testServices,
  topicPrefix,
  type TestDatabase,
} from '../../../../test/services/services.ts';
import type { RegisterRun } from '../../test/register-process.ts';
import { INGRESS_MIGRATIONS, INGRESS_SCHEMA } from '../migrations/0001-answered-requests.ts';
import { textOf } from './answer.ts';
import { AnsweredRequests, type Outcome, type Request } from './answered-requests.ts';

const SCRIPT = join(import.meta.dirname, '../../test/register-process.ts');
const LOADER = join(import.meta.dirname, '../../../../test/hub/source-loader.mjs');
const ids = new IdMaker(Buffer.alloc(32, 7));

let database: TestDatabase;
let pool: Pool;
let kafka: KafkaPort;
let producer: GroupCommitProducer;
const topic = topicNames(topicPrefix('register')).inbound;
/** Ids of records that must be on the topic in the end, and no others. */
const expected = new Set<string>();

beforeAll(async () => {
  database = await createTestDatabase('register');
  await migrate({ url: database.url, schema: INGRESS_SCHEMA, migrations: INGRESS_MIGRATIONS });
  pool = createPool({ url: database.url, applicationName: 'test', schema: INGRESS_SCHEMA });
  kafka = connectKafka({ brokers: testServices().brokers, clientId: 'register-test', log: silentLog });
  const definitions = topicDefinitions(topicNames(), { parties: [], senders: [], embedded: true });
  const inbound = definitions.filter(({ name }) => name === 'inbound').map((one) => ({ ...one, name: topic }));
  await ensureTopics(kafka, inbound);
  producer = new GroupCommitProducer({ kafka, log: silentLog });
});
afterAll(async () => {
  await producer.stop();
  await pool.end();
  await kafka.close();
  await database.drop();
});

const nameOf = (text: string) => ids.other('request-name', text);

/** What a sender says under some names. */
function request(content: string, names: readonly string[], isRefused = false): Request {
  const id = ids.inbound('KS', Buffer.from(content), names[0]);
  const record: OutRecord = {
    ...{ topic, key: content, id, kind: 'test', schemaVersion: 1, traceparent: rootTrace(id), value: content },
  };
  const answer = { status: isRefused ? 422 : 200, mediaType: 'text/plain', body: `first answer ${Math.random()}` };
  return { id, names: names.map(nameOf), answer, ...(!isRefused && { record }) };
}

async function told(register: AnsweredRequests, of: Request): Promise<string> {
  const outcome = await register.settle(of);
  return outcome.kind === 'answered' ? outcome.answer.body : outcome.kind;
}

const register = () => new AnsweredRequests(pool, producer);

/** A register whose commits wait until they are let go, each by the function that is pushed for it. */
function holdingCommits() {
  const commits: (() => void)[] = [];
  const holding = Object.assign(Object.create(pool) as Pool, {
    connect: async () => {
      const client = await pool.connect();
      const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
      const release = client.release.bind(client);
      return Object.assign(client, {
        query: async (...args: unknown[]) => {
          if (args[0] === 'commit') await new Promise<void>((go) => commits.push(go));
          return query(...args);
        },
        release: (error?: Error) => {
          Object.assign(client, { query, release });
          release(error);
        },
      });
    },
  });
  return { commits, register: (send: GroupCommitProducer['send']) => new AnsweredRequests(holding, { send }) };
}

describe('the register', () => {
  it('has the schema that was reviewed', async () => {
    const reviewed = readFileSync(join(import.meta.dirname, '../../ingress.schema.txt'), 'utf8');
    expect(await describeSchema(database.url, INGRESS_SCHEMA)).toBe(reviewed);
  });

  it.each([false, true])('answers a repeat as it answered the first time (refused: %s)', async (isRefused) => {
    const make = () => request(`repeat ${String(isRefused)}`, [`repeat ${String(isRefused)}`], isRefused);
    const first = make();
    if (!isRefused) expected.add(first.id);
    expect(await told(register(), first)).toBe(first.answer.body);
    expect(await told(register(), make())).toBe(first.answer.body);
  });

  it('keeps of an answer that is one of many its own texts, and tells it whole', async () => {
    const template = ['{"of":"', 1, '","text":"\\n', 0, '"}'];
    const templatedRequest = (name: string, own: readonly string[]) => {
      const body = textOf({ template, own });
      return {
        ...request(name, [name]),
        answer: { status: 200, mediaType: 'text/plain', body, templated: { template, own } },
      };
    };
    const requests = [templatedRequest('one of many', ['a\\"', 'å']), templatedRequest('another', ['', 'ä'])];
    for (const one of requests) {
      expected.add(one.id);
      expect(await told(register(), one)).toBe(one.answer.body);
      // A later version has another template, and another answer.
      const later = { ...one, answer: { status: 200, mediaType: 'text/plain', body: 'a later answer' } };
      expect(await told(register(), later)).toBe(one.answer.body);
    }
    const ids = requests.map(({ id }) => id);
    const { rows } = await pool.query('select body, own from answered_request where id = any ($1)', [ids]);
    expect(new Set(rows)).toEqual(
      new Set(requests.map(({ answer }) => ({ body: null, own: JSON.stringify(answer.templated.own) }))),
    );
    expect((await pool.query('select pieces from answer_template')).rows).toEqual([
      { pieces: JSON.stringify(template) },
    ]);
  });

  it('gives the answers of the version before, that kept each whole', async () => {
    const before = request('before', ['before']);
    const { url } = database;
    const schema = 'ingress_before';
    const older = INGRESS_MIGRATIONS.filter(({ name }) => name < '0005');
    await migrate({ url, schema, migrations: older });
    const filled = createPool({ url, applicationName: 'test', schema });
    await filled.query(
      `insert into answered_request (id, status, media_type, body) values ($1, 200, 'text/plain', $2)`,
      [before.id, before.answer.body],
    );
    await filled.query('insert into request_name (name, request) values ($1, $2)', [before.names[0], before.id]);
    await migrate({ url, schema, migrations: INGRESS_MIGRATIONS });
    const again = { ...before, answer: { ...before.answer, body: 'a later answer' } };
    expect(await told(new AnsweredRequests(filled, producer), again)).toBe(before.answer.body);
    await filled.end();
  });

  it('refuses other content under a name, for ever, and keeps nothing of it', async () => {
    const first = request('content', ['bundle 1', 'header 1']);
    expected.add(first.id);
    await told(register(), first);
    const changed = {
      ...request('changed', ['header 1', 'bundle 2']),
      names: [nameOf('bundle 2'), nameOf('header 1')],
    };
    expect(await told(register(), changed)).toBe('other-content');
    // The name that was new stands for nothing: another may have it.
    const second = request('second', ['header 2', 'bundle 2']);
    expected.add(second.id);
    expect(await told(register(), second)).toBe(second.answer.body);
    expect(await told(register(), first)).toBe(first.answer.body);
  });

  it('a request that takes a new name beside one of its own keeps both; one that takes another’s keeps its own', async () => {
    const first = { ...request('alias', ['header a']), names: [nameOf('header a'), nameOf('bundle a')] };
    const other = request('other', ['bundle b']);
    for (const { id } of [first, other]) expected.add(id);
    await told(register(), first);
    await told(register(), other);
    const again = (...names: string[]) => ({ ...first, names: names.map(nameOf) });
    expect(await told(register(), again('header a', 'bundle c'))).toBe(first.answer.body);
    expect(await told(register(), again('header a', 'bundle b'))).toBe('other-content');
    expect(await told(register(), again('header a', 'bundle a'))).toBe(first.answer.body);
    expect(await told(register(), request('taken', ['bundle c']))).toBe('other-content');
    expect(await told(register(), request('taken', ['header a']))).toBe('other-content');
  });

  it('two at once, in one process and in two: one answer, and of two contents one is taken', async () => {
    const registers = [register(), register()];
    const rounds = Array.from({ length: 40 }, (_, round) => round);
    const outcomes = rounds.map(async (round) => {
      const same = Array.from({ length: 4 }, () => request(`at once ${round}`, [`at once ${round}`]));
      const changed = request(`changed at once ${round}`, [`at once ${round}`]);
      const all = [...same.slice(0, 2), changed, ...same.slice(2)].map((one, i) => {
        return (registers[i % 2] ?? register()).settle(one).then((outcome) => ({ one, outcome }));
      });
      return Promise.all(all);
    });
    for (const round of await Promise.all(outcomes)) {
      const answers = round.flatMap(({ one, outcome }) =>
        outcome.kind === 'answered' ? [{ id: one.id, body: outcome.answer.body, isRepeat: outcome.isRepeat }] : [],
      );
      const [winner = ''] = answers.map(({ id }) => id);
      expected.add(winner);
      expect(new Set(answers.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
      expect(answers.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1);
      const others = round.filter(({ one }) => one.id !== winner);
      expect(others.map(({ outcome }) => outcome.kind)).toEqual(others.map(() => 'other-content'));
    }
  });

  it('what Kafka did not confirm is not registered, and stops nobody beside it', async () => {
    const lost = request('lost', ['lost']);
    const beside = request('beside', ['beside']);
    const failing = new AnsweredRequests(pool, {
      send: (record) =>
        record.id === lost.id ? Promise.reject(new MessagingError('unavailable', 'test')) : producer.send(record),
    });
    const outcomes: Outcome[] = await Promise.all([failing.settle(lost), failing.settle(beside)]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['not-stored', 'answered']);
    // Not even its name: the sender may say something else in its place.
    const instead = request('instead', ['lost']);
    for (const { id } of [beside, instead]) expected.add(id);
    expect(await told(register(), instead)).toBe(instead.answer.body);
  });

  it('claims and produces what came next while a transaction is committed, and has no third one open', async () => {
    const { commits, register: held } = holdingCommits();
    const sent: string[] = [];
    const send = (record: OutRecord) => producer.send(record).finally(() => sent.push(record.id));
    const requests = ['first', 'second', 'third'].map((one) => request(`held ${one}`, [`held ${one}`]));
    for (const { id } of requests) expected.add(id);
    const all = held(send);
    const answers = requests.map(async (one, at) => {
      await until('those before it', () => Promise.resolve(sent.length >= Math.min(at, 2)));
      return told(all, one);
    });
    await until('two commits, and a third', () => Promise.resolve(commits.length === 2 && all.waiting === 1));
    expect(sent).toEqual(requests.slice(0, 2).map(({ id }) => id));
    // Nobody is answered before the commit is.
    const early = await Promise.race([...answers, Promise.resolve('nobody')]);
    expect(early).toBe('nobody');
    for (const commit of commits.splice(0)) commit();
    await until('the third commit', () => Promise.resolve(commits.length === 1));
    for (const commit of commits.splice(0)) commit();
    expect(await Promise.all(answers)).toEqual(requests.map(({ answer }) => answer.body));
    expect(sent).toEqual(requests.map(({ id }) => id));
  });

  it('two replicas that claim many names in opposite orders do not stop each other', async () => {
    const many = Array.from({ length: 100 }, (_, i) => request(`cross ${i}`, [`cross ${i}`, `cross too ${i}`]));
    for (const { id } of many) expected.add(id);
    const [one, two] = [register(), register()];
    const all = [...many.map((of) => told(one, of)), ...many.toReversed().map((of) => told(two, of))];
    const answers = await Promise.all(all);
    expect(answers.slice(0, 100)).toEqual(answers.slice(100).reverse());
  });

  it.each(['claimed', 'produced', 'committed'] as const)(
    'killed when it has %s: same id, same answer',
    async (step) => {
      const requests = [
        request(`killed ${step}`, [`killed ${step}`]),
        request(`refused ${step}`, [`no ${step}`], true),
      ];
      const [taken] = requests;
      if (taken === undefined) throw new Error('no request');
      expected.add(taken.id);
      const run: RegisterRun = { databaseUrl: database.url, ...testServices(), requests, killedWhen: step };
      const child = spawn(process.execPath, ['--conditions=source', '--import', LOADER, SCRIPT, JSON.stringify(run)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const said: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
      expect(Buffer.concat(said).toString()).toBe('');
      const { rows } = await pool.query('select body from answered_request where id = $1', [taken.id]);
      expect(rows).toEqual(step === 'committed' ? [{ body: taken.answer.body }] : []);
      const again = { ...taken, answer: { ...taken.answer, body: 'a later answer' } };
      const answer = await told(register(), again);
      expect(answer).toBe(step === 'committed' ? taken.answer.body : 'a later answer');
      expect(await told(register(), taken)).toBe(answer);
      expect(await told(register(), request(`other ${step}`, [`killed ${step}`]))).toBe('other-content');
    },
  );

  it('in the end everything that was answered is on inbound, and nothing that was refused', async () => {
    const records = await readTopic(kafka, topic, expected.size);
    expect(new Set(records.map(({ id }) => id))).toEqual(expected);
  });
});
