import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { harmDone } from '../hub/harm.ts';
import { Load } from '../hub/load.ts';
import { lasting, startTestHub, type TestHub } from '../hub/test-hub.ts';
import { until } from '../hub/until.ts';
import { startSpareKafka, startSparePostgres, type SpareKafka, type SparePostgres } from '../services/spare.ts';

const START = Date.parse('2026-05-04T14:00:00+02:00');
let kafka: SpareKafka;
let postgres: SparePostgres;
let hub: TestHub;
let load: Load | undefined;

beforeAll(async () => {
  [kafka, postgres] = await Promise.all([startSpareKafka(), startSparePostgres()]);
  hub = await startTestHub('away', { clockStart: START, brokers: kafka.brokers, databaseUrl: postgres.url });
}, 240_000);
afterEach(() => load?.stop());
afterAll(async () => {
  await hub.dispose();
  await Promise.all([kafka.stop(), postgres.stop()]);
});

/** A fault of one service: how it begins, how it ends, and whether senders must notice. */
interface Fault {
  readonly name: string;
  readonly begin: () => Promise<void> | void;
  readonly end: () => Promise<void> | void;
  /** Without Kafka nothing can be stored; without PostgreSQL the door stays open. */
  readonly sendersAreTold: boolean;
}

const LASTS_MILLIS = 15_000;
const FAULTS: readonly Fault[] = [
  { name: 'Kafka is killed', begin: () => kafka.kill(), end: () => kafka.restart(), sendersAreTold: true },
  { name: 'Kafka is shut down', begin: () => kafka.shutDown(), end: () => kafka.restart(), sendersAreTold: true },
  { name: 'Kafka is frozen', begin: () => kafka.pause(), end: () => kafka.resume(), sendersAreTold: true },
  { name: 'PostgreSQL is killed', begin: () => postgres.kill(), end: () => postgres.restart(), sendersAreTold: false },
  {
    name: 'PostgreSQL is shut down',
    begin: () => postgres.shutDown(),
    end: () => postgres.restart(),
    sendersAreTold: false,
  },
  { name: 'PostgreSQL is frozen', begin: () => postgres.pause(), end: () => postgres.resume(), sendersAreTold: false },
];

describe.each(FAULTS)('$name under load', ({ name, begin, end, sendersAreTold }) => {
  it('and comes back: senders are told, nothing acknowledged is lost, it goes on by itself', async () => {
    load = new Load(hub, { name: name.replaceAll(' ', '-'), connections: 4, staysAtOnce: 4, paceMillis: 100 });
    load.start();
    const before = load;
    await until('the load runs', () => before.acknowledged.length > 50);
    const { pid } = hub;
    const refused = load.troubles.refused;
    await begin();
    const lasted = lasting(LASTS_MILLIS);
    if (sendersAreTold) await until('senders are told', () => before.troubles.refused > refused);
    await lasted;
    const atEnd = load.acknowledged.length;
    await end();
    await until('it takes messages in again', () => before.acknowledged.length > atEnd + 50);
    await load.stop();
    await hub.forgetReader();
    expect(hub.pid).toBe(pid);
    expect((await harmDone(hub, load)).slice(0, 10)).toEqual([]);
  });
});
