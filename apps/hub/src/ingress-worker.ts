import { connectKafkaOf } from '#libs/service';
import { topicNames } from '#libs/messaging';
import { Ingress } from '../../ingress/src/ingress.ts';
import { runWorker } from './hub-worker.ts';
import type { IngressQuestions } from './ingress-thread.ts';

/** The thread of the hub's front door: the ingress of `npm run start:ingress`, without HTTP, told what to do by the hub. */
await runWorker<IngressQuestions>((parts) => {
  const { configuration, log } = parts;
  const kafka = connectKafkaOf(configuration, 'hub-ingress', log);
  const ingress = new Ingress({ ...parts, kafka, topics: topicNames(configuration.kafka.topicPrefix) });
  return {
    answers: {
      start: async () => {
        await ingress.start();
        return { open: ingress.isOpen(), ...ingress.address };
      },
      stop: async () => {
        await ingress.stop();
        return undefined;
      },
      hold: async () => {
        await ingress.hold();
        return undefined;
      },
      release: () => {
        ingress.release();
        return undefined;
      },
      beat: (steppedFrom) => ingress.beat(steppedFrom),
    },
    close: async () => {
      await ingress.stop();
      await kafka.close();
    },
  };
});
