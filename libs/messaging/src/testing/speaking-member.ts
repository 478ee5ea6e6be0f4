import { createPool } from '#libs/persistence';
import { connectKafka, silentLog, startBatchConsumer, startRelay } from '#libs/messaging';

/**
 * A member of a group in a process of its own, to be killed or frozen by a test: says each record again on another topic.
 * Arguments: database, brokers, schema, topic (and group), the other topic.
 */
const [url = '', brokers = '', schema = '', topic = '', out = ''] = process.argv.slice(2);
const pool = createPool({ url, applicationName: 'speaker', schema });
const kafka = connectKafka({ brokers: [brokers], clientId: 'speaker', log: silentLog });
const relay = startRelay({ kafka, pool, schema, log: silentLog });
const consumer = startBatchConsumer({
  ...{ kafka, pool, schema, topics: [topic], group: topic, owner: 'speaker', log: silentLog, gatherMs: 5 },
  apply: (_tx, records, { say }) => {
    for (const record of records) say([{ ...record, topic: out, key: record.key }], record);
    return Promise.resolve();
  },
  onPoison: () => Promise.resolve(),
  onApplied: (applied) => relay.committed(applied),
  fatal: (error) => process.stdout.write(`fatal ${error.message}\n`),
});
void consumer.ready.then(() => process.stdout.write('joined\n'));
