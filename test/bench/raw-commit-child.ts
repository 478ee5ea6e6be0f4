import { randomUUID } from 'node:crypto';
import { loadCounty } from '#libs/county';
import { serve, told } from './child.ts';
import { inboundHeaders, rawKafka, RawGroupCommit } from './raw/raw-kafka.ts';
import { WardMessages } from './ward-messages.ts';

/** kafkajs group commit of the same bytes. */
interface Told {
  readonly brokers: string[];
  readonly topic: string;
  readonly senders: number;
}

const { brokers, topic, senders } = told() as Told;
const commit = new RawGroupCommit(rawKafka(brokers));
await commit.connect();
const source = new WardMessages(loadCounty('deploy/county'), randomUUID(), 0);
/** Made before, so that only the sending is measured. */
const bodies = Array.from({ length: 5000 }, () => source.next());

/** Out: ms from each send to its acknowledgement. */
async function sendMany(count: number): Promise<number[]> {
  const answered: number[] = [];
  let left = count;
  const work = async (sender: number): Promise<void> => {
    while (left-- > 0) {
      const value = bodies[left % bodies.length] ?? Buffer.alloc(0);
      const sentAt = performance.now();
      await commit.send([{ topic, key: `${sender}-${left}`, value, headers: inboundHeaders(randomUUID()) }]);
      answered.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: senders }, (_, sender) => work(sender)));
  return answered;
}

serve({ ready: {}, answers: { send: sendMany }, stop: () => commit.stop() });
