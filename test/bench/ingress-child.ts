import { Ingress } from '../../apps/ingress/src/ingress.ts';
import { buildAppParts, prepareTopics } from '#libs/service';
import { processConfiguration } from '#libs/platform';
import { serve, told } from './child.ts';

/** The front door alone. */
interface Told {
  readonly brokers: string[];
  readonly stateDir: string;
}

const parts = buildAppParts(
  processConfiguration({ embedded: true, databaseUrl: 'postgres://127.0.0.1/none', ...(told() as Told) }),
  'ingress',
);
await prepareTopics(parts);
const ingress = new Ingress(parts);
await ingress.start();
serve({
  ready: { mllp: `${ingress.address.host}:${ingress.address.port}` },
  answers: {},
  async stop() {
    await ingress.stop();
    await parts.kafka.close();
  },
});
