import { join } from 'node:path';
import {
  connectKafka,
  ensureTopics,
  GroupCommitProducer,
  topicDefinitions,
  topicNames,
  type OutRecord,
} from '#libs/messaging';
import type { StayEvent } from '#libs/domain';
import { writeEventBundle } from '#libs/fhir';
import { loadCounty } from '#libs/county';
import { IdMaker, Metrics, readConfiguration, rootTrace, silentLog } from '#libs/platform';
import { createTestDatabase, testServices, topicPrefix } from '../../../test/services/services.ts';
import type { RouterParts } from '../src/router-stage.ts';
import { MONDAY } from './stay-events.ts';

const COUNTY = join(import.meta.dirname, '../../../deploy/county');

/** Where one suite's router lives; a child process gets the same by these texts. */
export interface Place {
  readonly prefix: string;
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
  readonly replica?: string;
}

/** The parts of a router at a place: a secret, a clock and a county of the tests. */
export function partsAt(
  { prefix, databaseUrl, brokers, replica = 'test' }: Place,
  fatal: (error: Error) => void,
): RouterParts {
  const configuration = readConfiguration(
    { NODE_ENV: 'test', BRYGGAN_REPLICA: replica },
    { brokers, databaseUrl, topicPrefix: prefix, countyDir: COUNTY, embedded: true },
  );
  return {
    configuration,
    clock: { now: () => MONDAY, driven: true },
    county: loadCounty(COUNTY),
    ids: new IdMaker(Buffer.from('a secret for the tests alone')),
    kafka: connectKafka({ brokers: [...brokers], clientId: 'router-test', log: silentLog }),
    log: silentLog,
    metrics: new Metrics(),
    topics: topicNames(prefix),
    fatal,
  };
}

export interface Harness {
  readonly place: Place;
  readonly parts: RouterParts;
  readonly producer: GroupCommitProducer;
  /** Puts events on the topic, in order. */
  publish(events: readonly StayEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** A database and topics of its own for one suite. */
export async function createHarness(name: string): Promise<Harness> {
  const database = await createTestDatabase(name);
  const place: Place = { prefix: topicPrefix(name), databaseUrl: database.url, brokers: testServices().brokers };
  const parts = partsAt(place, (error) => {
    throw error;
  });
  const { county, kafka, topics } = parts;
  const options = { parties: county.partyIds(), senders: county.senderIds(), embedded: true };
  await ensureTopics(kafka, topicDefinitions(topics, options));
  const producer = new GroupCommitProducer({ kafka, log: silentLog });
  return {
    place,
    parts,
    producer,
    publish: async (events) => {
      await producer.sendAll(events.map((event) => eventRecord(event, topics.events)));
    },
    close: async () => {
      await producer.stop();
      await kafka.close();
      await database.drop();
    },
  };
}

/** The record of `events` that the translator writes. */
export function eventRecord(event: StayEvent, topic: string): OutRecord {
  return {
    topic,
    key: event.stayId,
    id: event.eventId,
    kind: 'event',
    schemaVersion: 1,
    traceparent: rootTrace(event.eventId),
    value: JSON.stringify(writeEventBundle(event, { controlId: 'MSG00001' })),
  };
}
