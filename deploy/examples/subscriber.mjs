// How a party reads its own topic: node deploy/examples/subscriber.mjs <party> [host:port]
// The login is the party's in kafka-callers.json of the hub's state, which the hub's operator hands over:
//   export KAFKA_USERNAME=0184 KAFKA_PASSWORD=...
import { Kafka, logLevel } from 'kafkajs';

const { KAFKA_USERNAME: username, KAFKA_PASSWORD: password, TOPIC_PREFIX: prefix = '' } = process.env;
const [party = username, broker = '127.0.0.1:9094'] = process.argv.slice(2);
if (!username || !password) throw new Error('set KAFKA_USERNAME and KAFKA_PASSWORD (see the first lines of this file)');

const kafka = new Kafka({
  clientId: `subscriber-${party}`,
  brokers: [broker],
  ssl: false, // true where the hub's operator has a Kafka with TLS
  sasl: { mechanism: 'scram-sha-512', username, password },
  logLevel: logLevel.ERROR,
});

// A group is named by the login, or by the login, a dot and whatever you like: each group gets everything once.
const consumer = kafka.consumer({ groupId: `${username}.subscriber` });
await consumer.connect();
await consumer.subscribe({
  topics: [`${prefix}deliveries.${party}`, `${prefix}deviations.${party}`],
  fromBeginning: true,
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void consumer.disconnect());

// The same record may come again, also long after: what has been taken in is told by its id. Keep the ids with what you made.
const seen = new Set();
await consumer.run({
  eachMessage: async ({ topic, message }) => {
    const id = message.headers?.id?.toString();
    if (seen.has(id)) return;
    const resource = JSON.parse(message.value.toString());
    console.log(topic, id, resource.resourceType, JSON.stringify(resource));
    seen.add(id); // last: what failed before here comes again
  },
});
