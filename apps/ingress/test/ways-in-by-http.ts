import { NestFactory } from '@nestjs/core';
import type { INestApplication } from '@nestjs/common';
import { expect } from '@jest/globals';
import type { Bundle, MessageHeader, OperationOutcome } from 'fhir/r4.js';
import { join } from 'node:path';
import { Callers, CurrentCounty, type Role } from '#libs/county';
import { HTTP_APPLICATION, HttpModule } from '#libs/http';
import { connectKafka, ensureTopics, topicDefinitions, topicNames, type KafkaPort } from '#libs/messaging';
import { Health, IdMaker, Metrics, readConfiguration, silentLog } from '#libs/platform';
import { observation, wardMessage, type IncomingExample } from '../../../libs/fhir/definitions/incoming-message.ts';
import { readTopic } from '../../../test/services/read-topic.ts';
import { createTestDatabase, testServices, topicPrefix, type TestDatabase } from '../../../test/services/services.ts';
import { HttpIntake } from '../src/answered-requests/http-intake.ts';
import { Hl7v2Intake } from '../src/hl7v2-over-http/hl7v2-intake.ts';
import { IngressModule } from '../src/ingress.module.ts';

const COUNTY = join(import.meta.dirname, '../../../deploy/county');
const NOW = Date.parse('2026-05-20T12:00:00+02:00');

export const token = (name: string): string => `${name.replaceAll(/[^A-Za-z0-9]/g, '-')}-token-of-twenty-letters`;
const caller = (name: string, party: string, role: Role) => ({ name, party, roles: [role], token: token(name) });
const CALLERS = [
  caller('sender:KS', 'SE2321000016-1000', 'sender'),
  caller('sender:OS', 'SE2321000016-1100', 'sender'),
  caller('0184', '0184', 'party'),
  caller('SE2321000016-2001', 'SE2321000016-2001', 'party'),
  caller('operator', 'operator', 'operator'),
];

export interface Told {
  readonly status: number;
  readonly text: string;
}

/** The ways in by HTTP behind their front, on the services of the run. */
export class WaysInByHttp {
  readonly metrics = new Metrics();
  /** Sender -> where answers to it may go. */
  readonly responseAddresses = new Map<string, string[]>();
  readonly intake: HttpIntake;
  base = '';
  /** Records that must be on `inbound` in the end: a test adds those that it hands in. */
  stored = 0;
  readonly #database: TestDatabase;
  readonly #kafka: KafkaPort;
  readonly #topics = topicNames(topicPrefix('ways-in'));
  readonly #configuration;
  readonly #clock = { now: () => NOW, driven: true };
  readonly #ids = new IdMaker(Buffer.alloc(32, 7));
  readonly #addresses = { responseAddresses: (of: string) => this.responseAddresses.get(of) ?? [] };
  #app: INestApplication | undefined;

  private constructor(database: TestDatabase) {
    const { brokers } = testServices();
    const set = { brokers, databaseUrl: database.url, countyDir: COUNTY, embedded: true };
    this.#database = database;
    this.#configuration = readConfiguration({ NODE_ENV: 'test' }, set);
    this.#kafka = connectKafka({ brokers, clientId: 'ways-in-test', log: silentLog });
    this.intake = this.anotherIntake();
  }

  static async start(): Promise<WaysInByHttp> {
    const ways = new WaysInByHttp(await createTestDatabase('ways-in'));
    await ways.#listen();
    return ways;
  }

  async #listen(): Promise<void> {
    const definitions = topicDefinitions(this.#topics, { parties: [], senders: [], embedded: true });
    await ensureTopics(
      this.#kafka,
      definitions.filter(({ name }) => name === this.#topics.inbound),
    );
    const health = new Health();
    const [configuration, clock, ids, log] = [this.#configuration, this.#clock, this.#ids, silentLog];
    const { metrics } = this;
    const settings = { ...configuration.http, requestsPerSecond: 10_000 };
    const front = HttpModule.register({ settings, callers: new Callers(CALLERS), health, log, metrics });
    const county = new CurrentCounty(COUNTY);
    const own = { kafka: this.#kafka, topics: this.#topics };
    const hl7v2 = new Hl7v2Intake({ configuration, clock, county, ids, log, metrics, ...own });
    const known = Object.assign(county.snapshot(), this.#addresses);
    const ways = IngressModule.register({ configuration, clock, county: known, health, ids, log }, this.intake, hl7v2);
    this.#app = await NestFactory.create({ module: class {}, imports: [front, ways] }, HTTP_APPLICATION);
    await this.#app.listen(0, '127.0.0.1');
    this.base = await this.#app.getUrl();
  }

  async close(): Promise<void> {
    await this.#app?.close();
    await this.#kafka.close();
    await this.#database.drop();
  }

  /** An intake as another process of the hub would have it: on the same database and topics. */
  anotherIntake(): HttpIntake {
    return new HttpIntake({
      ...{ configuration: this.#configuration, clock: this.#clock, county: this.#addresses, ids: this.#ids },
      ...{ kafka: this.#kafka, log: silentLog, metrics: this.metrics, topics: this.#topics },
    });
  }

  /** Sends something to `$process-message`. */
  async post(
    body: string | Uint8Array | object,
    as = 'sender:KS',
    headers: Record<string, string> = {},
    query = '',
  ): Promise<Told> {
    const response = await fetch(`${this.base}/fhir/$process-message${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token(as)}`, 'content-type': 'application/fhir+json', ...headers },
      body: (typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)) as BodyInit,
    });
    return { status: response.status, text: await response.text() };
  }

  /** All messages that were acknowledged are on `inbound` once, byte for byte, and none that was refused. */
  async expectStored(): Promise<void> {
    const records = await readTopic(this.#kafka, this.#topics.inbound, this.stored);
    const byId = new Map(records.map((record) => [record.id, record]));
    expect([byId.size, records.length]).toEqual([this.stored, this.stored]);
    for (const { kind, headers, value } of records) {
      expect(kind).toBe('fhir-message');
      expect(headers).toMatchObject({ 'content-type': 'application/fhir+json', intake: new Date(NOW).toISOString() });
      expect(['KS', 'OS', '0184', 'SE2321000016-2001']).toContain(headers['sender']);
      expect(JSON.stringify(headers)).not.toContain('191212121212');
      expect((JSON.parse(value.toString()) as Bundle).resourceType).toBe('Bundle');
    }
  }
}

function outcomeIn(resource: unknown): OperationOutcome | undefined {
  const found = resource as Bundle | OperationOutcome;
  if (found.resourceType === 'OperationOutcome') return found;
  return found.entry?.map((entry) => entry.resource).find((one) => one?.resourceType === 'OperationOutcome') as
    OperationOutcome | undefined;
}

/** `200 ok`, `422 fatal-error BRY-2053 <place>`. */
export function summary({ status, text }: Told): string {
  const resource: unknown = JSON.parse(text);
  const [head] = (resource as Bundle).entry ?? [];
  const code = (head?.resource as MessageHeader | undefined)?.response?.code ?? '-';
  const issues =
    outcomeIn(resource)?.issue.map((one) =>
      `${one.details?.coding?.[0]?.code ?? ''} ${one.expression?.[0] ?? ''}`.trim(),
    ) ?? [];
  return [status, code, ...issues].join(' ');
}

/** A ward's message that a need is stated. */
export const need = (id: string, more: Partial<IncomingExample> = {}): Bundle =>
  wardMessage({ id, code: 'NEED', sender: 'KS', facts: [observation('NEED', ['SOC'])], ...more });
