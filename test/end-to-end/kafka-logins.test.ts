import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { loadCounty } from '#libs/county';
import { need } from '../../apps/simulator/src/messages/ward-message.ts';
import { kafkaJars } from '../../deploy/embedded/jars.mjs';
import { openKafkaAccess } from '../../deploy/embedded/kafka-logins.ts';
import { startKafka, type RunningKafka } from '../../deploy/embedded/kafka.ts';
import { freePort } from '../../deploy/embedded/port.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { bedAt, SOLNA, Ward } from '../hub/ward.ts';
import { removeState } from '../services/abandoned.ts';
import { spareState } from '../services/spare.ts';

const START = Date.parse('2026-05-04T08:00:00+02:00');
const PREFIX = 'county.';
const county = loadCounty(join(import.meta.dirname, '../../deploy/county'));

let state: string;
let kafka: RunningKafka;
let hub: TestHub;
let parties: Kafka;
let start: () => Promise<RunningKafka>;

beforeAll(async () => {
  state = spareState();
  const [port, partyPort] = [await freePort(), await freePort()];
  const access = openKafkaAccess(state, county, { partyPort, topicPrefix: PREFIX });
  const jarsDir = await kafkaJars();
  start = () => startKafka({ stateDir: state, port, log: () => undefined, jarsDir, fast: true, access });
  kafka = await start();
  hub = await startTestHub('logins', {
    clockStart: START,
    brokers: kafka.brokers,
    settings: {
      BRYGGAN_TOPIC_PREFIX: PREFIX,
      BRYGGAN_KAFKA_USERNAME: 'hub',
      BRYGGAN_KAFKA_PASSWORD: access.logins.get('hub') ?? '',
    },
  });
  parties = new Kafka({
    brokers: [`127.0.0.1:${partyPort}`],
    sasl: { mechanism: 'scram-sha-512', username: SOLNA, password: access.logins.get(SOLNA) ?? '' },
    logLevel: logLevel.NOTHING,
  });
});

afterAll(async () => {
  await hub.dispose();
  await kafka.kill();
  await removeState(state);
});

/** How many notices the municipality finds on its topic, as a client of its own, until there are as many as said. */
async function readByParty(count: number): Promise<number> {
  const consumer = parties.consumer({ groupId: `${SOLNA}.${count}` });
  await consumer.connect();
  await consumer.subscribe({ topics: [`${PREFIX}deliveries.${SOLNA}`], fromBeginning: true });
  const ids = new Set<string>();
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: ({ message }) => {
        ids.add(String(message.headers?.['id']));
        if (ids.size >= count) resolve();
        return Promise.resolve();
      },
    });
  });
  await consumer.disconnect();
  return ids.size;
}

describe('a hub on a Kafka that asks for logins', () => {
  it('makes its topics and brings a notice to the party, who reads it with its own login', async () => {
    const ward = new Ward('login-1', bedAt(hub.now));
    await hub.send(ward.sender, ward.message('A01', hub.now, { facts: [need(['SOC'])] }));
    await hub.client.settle();
    expect(await readByParty(1)).toBe(1);
  });

  it('goes on by itself after Kafka was killed and started again', async () => {
    await kafka.kill();
    kafka = await start();
    const ward = new Ward('login-2', bedAt(hub.now));
    await untilTaken(() => hub.send(ward.sender, ward.message('A01', hub.now, { facts: [need(['SOC'])] })));
    await untilTaken(() => hub.client.settle());
    expect(await readByParty(2)).toBe(2);
  });
});

/** A sender that is told to come again does; the test's own limit ends it. */
async function untilTaken(act: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await act();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
