import { createPool } from '#libs/persistence';
import { connectKafka, silentLog, startBatchConsumer } from '#libs/messaging';

/**
 * A member of a group in a process of its own, to be frozen by a test: adds up numbers and says `inside` in the middle of each transaction.
 * Arguments: database, brokers, schema, group, topic.
 */
const [url = '', brokers = '', schema = '', group = '', topic = ''] = process.argv.slice(2);
const pool = createPool({ url, applicationName: 'member', schema });
const consumer = startBatchConsumer({
  kafka: connectKafka({ brokers: [brokers], clientId: 'member', log: silentLog }),
  pool,
  schema,
  group,
  topics: [topic],
  owner: 'child',
  log: silentLog,
  maxBytesPerPartition: 4096,
  apply: async (tx, records) => {
    const sum = records.reduce((total, { value }) => total + Number(value.toString()), 0);
    await tx.query('insert into applied values ($1, $2, $3)', ['child', sum, records.length]);
    process.stdout.write('inside\n');
    // Long enough for the parent's signal to find the transaction open.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await tx.query('select 1');
  },
  onPoison: () => Promise.resolve(),
  fatal: (error) => process.stdout.write(`fatal ${error.message}\n`),
});
void consumer.ready.then(() => process.stdout.write('joined\n'));
