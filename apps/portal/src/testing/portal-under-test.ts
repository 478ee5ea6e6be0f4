import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import type { Pool } from 'pg';
import { connectKafka, silentLog as silentKafkaLog, topicNames, type KafkaPort, type InRecord } from '#libs/messaging';
import { createPool, inTransaction, migrate } from '#libs/persistence';
import { HTTP_APPLICATION, HttpModule } from '#libs/http';
import { Callers, loadCounty } from '#libs/county';
import { Health, Metrics, silentLog, type HttpSettings, type OpenIdSettings } from '#libs/platform';
import { createTestDatabase, testServices, topicPrefix } from '../../../../test/services/services.ts';
import { hubView } from '../hub-view/hub-view.ts';
import { HUB_MIGRATIONS, HUB_SCHEMA } from '../hub-view/schema.ts';
import { partyView } from '../party-view/party-view.ts';
import { PARTY_MIGRATIONS, PARTY_SCHEMA, PARTY_WRITER } from '../party-view/schema.ts';
import { PortalModule } from '../portal.module.ts';
import type { PortalParts } from '../views.controller.ts';
import { DS, IDS, KS, NOON, recordOf } from './samples.ts';

/** Callers of the tests; the token of each is its name. */
const CALLERS = [
  { name: '0184', party: '0184', roles: ['party'] },
  { name: '0186', party: '0186', roles: ['party'] },
  { name: KS, party: KS, roles: ['party'] },
  { name: 'sender:KS', party: KS, roles: ['sender'] },
  { name: 'sender:DS', party: DS, roles: ['sender'] },
  { name: '0188', party: '0188', roles: ['party'] },
  { name: 'operator', party: 'operator', roles: ['operator'] },
  { name: 'storsthlm', party: 'storsthlm', roles: ['observer'] },
] as const;

export const tokenOf = (name: string) => `token-of-${name.replace(':', '-')}`;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as FHIR; a test that expects something else fails on what it then looks at. */
  readonly json: FhirResource;
  readonly bundle: Bundle<FhirResource>;
}

/** A portal on a database of its own, filled by hand, asked over HTTP. */
export class PortalUnderTest {
  readonly url: string;
  readonly parts: PortalParts;
  readonly base: string;
  readonly partyWriter: Pool;
  readonly owner: Pool;
  /** The hub's clock. */
  now = NOON;
  readonly #app: INestApplication;
  readonly #drop: () => Promise<void>;
  readonly #names = topicNames();
  #offset = 0;

  private constructor(url: string, drop: () => Promise<void>, parts: PortalParts, app: INestApplication, base: string) {
    this.url = url;
    this.parts = parts;
    this.base = base;
    this.#app = app;
    this.#drop = drop;
    this.partyWriter = createPool({ url, applicationName: 'test', role: PARTY_WRITER, schema: PARTY_SCHEMA });
    this.owner = createPool({ url, applicationName: 'test', schema: HUB_SCHEMA });
  }

  /**
   * @param http settings of the HTTP front that a test wants otherwise
   * @param openId where people sign in to the pages
   */
  static async start(http: Partial<HttpSettings> = {}, openId?: OpenIdSettings): Promise<PortalUnderTest> {
    const database = await createTestDatabase('portal');
    const { url } = database;
    await migrate({ url, schema: PARTY_SCHEMA, migrations: PARTY_MIGRATIONS });
    await migrate({ url, schema: HUB_SCHEMA, migrations: HUB_MIGRATIONS });
    const clock = { now: () => NOON, driven: false };
    const kafka: KafkaPort = connectKafka({
      brokers: testServices().brokers,
      clientId: 'portal-test',
      log: silentKafkaLog,
    });
    const prefix = topicPrefix('portal');
    const parts: PortalParts = {
      configuration: {
        database: { url, stated: true, port: 0 },
        kafka: {
          brokers: testServices().brokers,
          stated: true,
          port: 0,
          partyPort: 0,
          topicPrefix: prefix,
          replication: { factor: 1, minInsync: 1 },
          maxMessageBytes: 1_000_000,
          sessionTimeoutMillis: 6000,
          tls: false,
        },
        replica: 'test',
        ...(openId && { openId }),
      },
      clock,
      log: silentLog,
      ids: IDS,
      county: loadCounty('deploy/county'),
      kafka,
      metrics: new Metrics(),
      topics: topicNames(prefix),
      fatal: (error) => {
        throw error;
      },
    };
    const front = HttpModule.register({
      settings: { host: '127.0.0.1', port: 0, trustedProxies: [], requestsPerSecond: 10_000, ...http },
      callers: new Callers(CALLERS.map((caller) => ({ ...caller, token: tokenOf(caller.name) }))),
      health: new Health(),
      log: silentLog,
      metrics: parts.metrics,
    });
    const root = { module: class {}, imports: [front, PortalModule.register(parts)] };
    const app = await NestFactory.create(root, HTTP_APPLICATION);
    await app.listen(http.port ?? 0, '127.0.0.1');
    const base = (await app.getUrl()).replace('[::1]', '127.0.0.1');
    const portal = new PortalUnderTest(url, () => database.drop(), parts, app, `${base}/fhir`);
    clock.now = () => portal.now;
    return portal;
  }

  async stop(): Promise<void> {
    await this.#app.close();
    await this.partyWriter.end();
    await this.owner.end();
    await this.parts.kafka.close();
    await this.#drop();
  }

  /** Applies values as one batch of `deliveries.<party>`. */
  async deliver(party: string, ...values: unknown[]): Promise<void> {
    await this.#party(this.#names.deliveries(party), values);
  }

  /** Applies values as answers that were told on to a party. */
  async answer(party: string, ...values: unknown[]): Promise<void> {
    await this.#party(this.#names.deliveries(party), values, 'answer');
  }

  async deviationsTo(party: string, ...values: unknown[]): Promise<void> {
    await this.#party(this.#names.deviationsOf(party), values);
  }

  /** Duties that come of deviations, on `deviations.<party>`. */
  async dutiesOf(party: string, ...values: unknown[]): Promise<void> {
    await this.#party(this.#names.deviationsOf(party), values, 'task');
  }

  async stays(...values: unknown[]): Promise<void> {
    await this.#hub(this.#names.stays, values);
  }

  async receipts(...values: unknown[]): Promise<void> {
    await this.#hub(this.#names.receipts, values);
  }

  async tasks(...values: unknown[]): Promise<void> {
    await this.#hub(this.#names.tasks, values);
  }

  async deviations(...values: unknown[]): Promise<void> {
    await this.#hub(this.#names.deviations, values);
  }

  async rejected(...values: unknown[]): Promise<void> {
    await this.#hub(this.#names.rejected, values);
  }

  /** A record of `rejected` under an id and of a kind of its own. */
  async rejectedRecord(id: string, kind: string, value: unknown): Promise<void> {
    await this.#apply([{ ...recordOf(this.#names.rejected, this.#offset++, value), id, kind }]);
  }

  /** Asks as a caller; a path below `/fhir`. */
  get(caller: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask(path, { headers: { authorization: `Bearer ${tokenOf(caller)}`, ...headers } });
  }

  /** Asks as a caller beside `/fhir`. */
  beside(caller: string, path: string): Promise<Answer> {
    return this.get(caller, `${this.base.replace(/\/fhir$/, '')}${path}`);
  }

  /** `POST <type>/_search` with a form. */
  search(caller: string, type: string, form: Record<string, string>): Promise<Answer> {
    return this.ask(`/${type}/_search`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokenOf(caller)}` },
      body: new URLSearchParams(form),
    });
  }

  async ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(path.startsWith('http') ? path : `${this.base}${path}`, init);
    const text = await response.text();
    const json = (text === '' ? {} : JSON.parse(text)) as FhirResource;
    return { status: response.status, headers: response.headers, text, json, bundle: json as Bundle<FhirResource> };
  }

  async #party(topic: string, values: readonly unknown[], kind = 'test'): Promise<void> {
    const apply = partyView({
      names: this.#names,
      clock: { now: () => this.now, driven: false },
      isPublic: (id) => !id.startsWith('care-provider-'),
    });
    await inTransaction(this.partyWriter, (tx) =>
      apply(
        tx,
        values.map((value) => ({ ...recordOf(topic, this.#offset++, value), kind })),
      ),
    );
  }

  #hub(topic: string, values: readonly unknown[]): Promise<void> {
    return this.#apply(values.map((value) => recordOf(topic, this.#offset++, value)));
  }

  async #apply(records: InRecord[]): Promise<void> {
    const apply = hubView({ names: this.#names, clock: { now: () => this.now, driven: false } });
    await inTransaction(this.owner, (tx) => apply(tx, records));
  }
}

/** Ids of the matches of a search. */
export const matchesIn = ({ bundle }: Answer): string[] =>
  (bundle.entry ?? []).filter(({ search }) => search?.mode === 'match').map(({ resource }) => resource?.id ?? '');

/** The link of a Bundle. */
export const linkOf = ({ bundle }: Answer, relation: string): string | undefined =>
  bundle.link?.find((link) => link.relation === relation)?.url;
