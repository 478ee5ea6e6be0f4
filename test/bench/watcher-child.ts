import { WatcherModule } from '../../apps/watcher/src/watcher.module.ts';
import { WatcherStage } from '../../apps/watcher/src/watcher-stage.ts';
import { connectStages } from '#libs/hosting';
import { buildAppParts, prepareTopics } from '#libs/service';
import { processConfiguration } from '#libs/platform';
import { serve, told } from './child.ts';

/** The watcher alone: what it applies of `events` it finds there. */
interface Told {
  readonly brokers: string[];
  readonly databaseUrl: string;
  readonly stateDir: string;
}

const parts = {
  ...buildAppParts(processConfiguration({ embedded: true, ...(told() as Told) }), 'watcher'),
  fatal: (error: Error): never => {
    throw error;
  },
};
await prepareTopics(parts);
const stage = new WatcherStage(parts);
const app = await connectStages(WatcherModule.register(stage), [stage]);
await stage.start();
serve({
  ready: {},
  answers: {},
  async stop() {
    await app.close();
    await parts.kafka.close();
  },
});
