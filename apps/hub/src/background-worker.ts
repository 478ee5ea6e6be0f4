import { setPriority } from 'node:os';
import type { INestApplication } from '@nestjs/common';
import { connectStages } from '#libs/hosting';
import { connectKafkaOf, type Stage } from '#libs/service';
import { topicNames, type KafkaPort } from '#libs/messaging';
import { DispatcherModule, DispatcherStage } from '../../dispatcher/src/index.ts';
import { PortalStage } from '../../portal/src/views.controller.ts';
import { PortalViewsModule } from '../../portal/src/views.module.ts';
import { WatcherModule, WatcherStage } from '../../watcher/src/index.ts';
import type { BackgroundQuestions, BackgroundStage } from './background-thread.ts';
import { runWorker, type WorkerParts } from './hub-worker.ts';

/** The stages of the thread, connected to one Nest application as those of the hub are; and what ends all of it. */
async function connected(shared: WorkerParts) {
  const { configuration, log } = shared;
  const kafka = connectKafkaOf(configuration, 'hub-background', log);
  const parts = { ...shared, kafka, topics: topicNames(configuration.kafka.topicPrefix) };
  const partsOf = (stage: BackgroundStage) => ({ ...parts, fatal: () => shared.broken(stage) });
  const dispatcher = new DispatcherStage(partsOf('dispatcher'));
  const watcher = new WatcherStage(partsOf('watcher'));
  const portal = new PortalStage(partsOf('portal'));
  const stages: Readonly<Record<BackgroundStage, Stage & { isOpen(): boolean }>> = { dispatcher, watcher, portal };
  const imports = [
    DispatcherModule.register(parts, dispatcher),
    WatcherModule.register(watcher),
    PortalViewsModule.register(partsOf('portal')),
  ];
  const app = await connectStages({ module: class {}, imports }, Object.values(stages));
  await app.startAllMicroservices();
  return { stages, watcher, close: () => closed(app, Object.values(stages), kafka) };
}

async function closed(app: INestApplication, stages: readonly Stage[], kafka: KafkaPort): Promise<void> {
  for (const stage of stages) await stage.stop();
  await app.close();
  await kafka.close();
}

/**
 * How far this thread stands back where processors are few (setpriority(2)): from a busy one it gets a quarter of what a thread
 * gets that somebody waits for.
 */
const NICENESS = 5;

// Linux alone keeps a niceness for each thread; elsewhere this would set back the whole hub.
if (process.platform === 'linux') setPriority(NICENESS);

/** The thread of the stages that nobody waits for, told what to do by the hub. */
await runWorker<BackgroundQuestions>(
  (parts) => {
    const opening = connected(parts);
    // Whoever asks is told why; nobody may ask.
    opening.catch(() => undefined);
    return {
      answers: {
        start: async (name) => {
          const { stages } = await opening;
          await stages[name].start();
          return stages[name].isOpen();
        },
        stop: async (name) => {
          await (await opening).stages[name].stop();
          return undefined;
        },
        ready: async (name) => (await opening).stages[name].isReady(),
        followParties: async (name) => {
          const { stages } = await opening;
          await parts.refreshDirectory();
          await stages[name].followParties?.();
          return undefined;
        },
        judged: async () => {
          const { watcher } = await opening;
          return !watcher.isOpen() || (await watcher.allSaid());
        },
        nextDue: async (upTo) => (await opening).watcher.nextDue(upTo),
        judgeAt: async (instant) => {
          await (await opening).watcher.judgeAt(instant);
          return undefined;
        },
        senders: async (since) => (await opening).watcher.senders(since),
      },
      close: async () => (await opening).close(),
    };
  },
  { directory: 'whole' },
);
