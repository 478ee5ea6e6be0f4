import { randomUUID } from 'node:crypto';
import { loadCounty } from '#libs/platform';
import { cpuUse, serve, told } from './child.ts';
import { inboundHeaders, rawKafka, RawGroupCommit } from './raw/raw-kafka.ts';
import { WardMessages } from './ward-messages.ts';

/** kafkajs group commit of the same bytes. */
/** What one pass showed: messages a second, ms of processor time per message. */
interface Pass {
  readonly perSecond: number;
  readonly cpu: number;
}

interface Told {
  readonly brokers: string[];
  readonly topic: string;
  readonly senders: number;
  readonly messages: number;
  readonly warmUp: number;
}

const { brokers, topic, senders, messages, warmUp } = told() as Told;
const commit = new RawGroupCommit(rawKafka(brokers));
await commit.connect();
const source = new WardMessages(loadCounty('deploy/county'), randomUUID(), 0);
/** Made before, so that only the sending is measured. */
const bodies = Array.from({ length: 5000 }, () => source.next());

async function sendMany(count: number): Promise<void> {
  let left = count;
  const work = async (sender: number): Promise<void> => {
    while (left-- > 0) {
      const value = bodies[left % bodies.length] ?? Buffer.alloc(0);
      await commit.send([{ topic, key: `${sender}-${left}`, value, headers: inboundHeaders(randomUUID()) }]);
    }
  };
  await Promise.all(Array.from({ length: senders }, (_, sender) => work(sender)));
}

serve({
  ready: {},
  answers: {
    async run() {
      await sendMany(warmUp);
      const [begin, cpu] = [performance.now(), cpuUse()];
      await sendMany(messages);
      const perSecond = messages / ((performance.now() - begin) / 1000);
      return { perSecond, cpu: (cpuUse() - cpu) / messages } satisfies Pass;
    },
  },
  stop: () => commit.stop(),
});
