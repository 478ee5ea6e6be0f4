import { describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { createTestDatabase, testServices, topicPrefix } from './services.ts';

describe('the services of the tests', () => {
  it('give each suite a database of its own, and take it away again', async () => {
    const [mine, yours] = [await createTestDatabase('Mine: å'), await createTestDatabase('Mine: å')];
    expect(mine.url).not.toBe(yours.url);
    const client = new pg.Client({ connectionString: mine.url });
    client.on('error', () => undefined); // dropped under an open session
    await client.connect();
    await client.query('create table t (n int)');
    await Promise.all([mine.drop(), yours.drop()]);
    const again = new pg.Client({ connectionString: mine.url });
    await expect(again.connect()).rejects.toThrow('does not exist');
  });

  it('give a Kafka on which topics of two suites never meet', async () => {
    const admin = new Kafka({ brokers: testServices().brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const topics = [`${topicPrefix('a')}inbound`, `${topicPrefix('a')}inbound`];
    await admin.createTopics({ topics: topics.map((topic) => ({ topic, numPartitions: 2 })) });
    expect(await admin.listTopics()).toEqual(expect.arrayContaining(topics));
    await admin.deleteTopics({ topics });
    await admin.disconnect();
  });
});
