import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { connectKafka, ensureTopics, silentLog } from '#libs/messaging';
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
    const kafka = connectKafka({ brokers: testServices().brokers, clientId: 'services-test', log: silentLog });
    const names = [`${topicPrefix('a')}inbound`, `${topicPrefix('a')}inbound`];
    const definitions = names.map((name) => ({ name, partitions: 2, replicationFactor: 1, configs: {} }));
    expect((await ensureTopics(kafka, definitions)).created).toEqual(names);
    await kafka.admin((admin) => admin.deleteTopics({ topics: names }));
    await kafka.close();
  });
});
