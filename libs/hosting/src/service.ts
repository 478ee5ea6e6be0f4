import 'reflect-metadata';
import type { DynamicModule, INestApplication, NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HTTP_APPLICATION, HttpModule, listen } from '#libs/http';
import type { KafkaPort } from '#libs/messaging';
import { Callers } from '#libs/county';
import { processConfiguration, startFailure, type Health, type Log } from '#libs/platform';
import {
  allReady,
  buildAppParts,
  measureBacklog,
  openDirectory,
  prepareTopics,
  type AppParts,
  type Stage,
} from '#libs/service';
import { followCounty } from './follow-county.ts';
import { transportsOf } from './stage.ts';

/** How long a start waits for the stages to have joined their groups, ms of the machine's clock; they go on by themselves. */
const READY_WITHIN = 15_000;
const LOOK_EVERY = 5000;

/**
 * Makes one Nest application of modules, with the stages connected to it as microservices: their handlers are those of the
 * modules' controllers. Nothing is started yet: `startAllMicroservices` or each stage's own `start` does that.
 */
export async function connectStages(
  root: object,
  stages: readonly Stage[],
  options: NestApplicationOptions = {},
): Promise<INestApplication> {
  const app = await NestFactory.create(root, { logger: false, abortOnError: false, ...options });
  for (const strategy of stages.flatMap(transportsOf)) app.connectMicroservice({ strategy });
  return app;
}

/** Waits until every stage is ready, but not for ever: whoever is not says so in `/health/ready`. */
export async function untilReady(stages: readonly Stage[]): Promise<void> {
  const giveUpAt = performance.now() + READY_WITHIN;
  while (!(await allReady(stages)) && performance.now() < giveUpAt) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** `/health/ready` asks Kafka. */
export function watchKafka(health: Health, kafka: KafkaPort): void {
  health.add('kafka', () => kafka.admin((admin) => admin.describeCluster()).then(() => true));
}

/**
 * Says in the log when a part dies and when it is back: `part.down` and `part.up`, once each, for every check of readiness.
 * @returns `look`, which looks at once, and what ends the watch
 */
export function logChanges(health: Health, log: Log): { look(): Promise<void>; end(): void } {
  const downSince = new Map<string, number>();
  const look = async (): Promise<void> => {
    const { checks } = await health.ready();
    for (const [part, state] of Object.entries(checks)) {
      const since = downSince.get(part);
      if (state === 'down' && since === undefined) {
        downSince.set(part, performance.now());
        log.warn('part.down', { part });
      } else if (state === 'up' && since !== undefined) {
        downSince.delete(part);
        log.info('part.up', { part, afterSeconds: Math.round((performance.now() - since) / 1000) });
      }
    }
  };
  const timer = setInterval(() => void look(), LOOK_EVERY);
  timer.unref();
  return { look, end: () => clearInterval(timer) };
}

/** A part of the line, as a process of its own runs it. */
export interface AloneApp {
  readonly stage: Stage;
  /** Who may come in at its own HTTP side, if it has one. */
  readonly callers?: Callers;
  /** The controllers with its handlers, and its own HTTP side if any. */
  readonly imports: readonly DynamicModule[];
}

/**
 * Runs one app against the environment's Kafka and PostgreSQL until SIGTERM or SIGINT: `npm run start:<app>`.
 * @param compose makes the app of its parts; a fatal error of its position turns `/health/live` to 503
 */
export function runAlone(
  name: string,
  compose: (parts: AppParts, fatal: (error: Error) => void) => AloneApp,
): Promise<void> {
  return explained(async () => {
    const parts = buildAppParts(processConfiguration({ app: name }), name);
    const { configuration, health, kafka, log, metrics } = parts;
    const directory = await openDirectory(parts);
    await prepareTopics(parts);
    const { stage, imports, callers = new Callers([]) } = compose(parts, () => health.broken(name));
    health.add(name, () => stage.isReady());
    watchKafka(health, kafka);
    measureBacklog(metrics, kafka, stage.readings());
    const front = HttpModule.register({ settings: configuration.http, callers, health, log, metrics });
    const app = await connectStages({ module: class {}, imports: [front, ...imports] }, [stage], HTTP_APPLICATION);
    const watch = logChanges(health, log);
    const unfollow = followCounty(parts, [stage], directory);
    const stop = async (): Promise<void> => {
      health.stopping();
      watch.end();
      unfollow();
      await stage.stop();
      await app.close();
      await directory.close();
      await kafka.close();
      log.info('app.stopped', { app: name });
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
    await app.startAllMicroservices();
    await untilReady([stage]);
    await listen(app, configuration.http, log);
    health.started();
    log.info('app.ready', { app: name, port: configuration.http.port });
  });
}

/**
 * Runs the start of a process. What the operator can mend (a setting, the county, Kafka away or not as it must be) is told
 * on standard error without a stack, and the process ends with 1; a bug keeps its stack.
 */
export async function explained(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    const line = startFailure(error);
    if (line === undefined) throw error;
    process.stderr.write(`${line}\n`);
    // Whatever was opened by then (a client that tries again) must not keep a process that does nothing.
    process.exit(1);
  }
}
