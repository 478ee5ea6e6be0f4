import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HTTP_APPLICATION, HttpModule, listen } from '#libs/http';
import { Callers, processConfiguration, startFailure } from '#libs/platform';
import { buildAppParts, prepareTopics, type AppParts } from './app-parts.ts';

/** A part of the line, as a process of its own runs it. */
export interface AloneApp {
  readonly stage: { start(): Promise<void>; stop(): Promise<void> };
  /** True while the stage does its work: what `/health/ready` asks. */
  readonly isOpen: () => boolean;
  /** The app's own HTTP side, if any, and who may come in there. */
  readonly callers?: Callers;
  readonly imports?: readonly DynamicModule[];
}

/**
 * Runs one app against the environment's Kafka and PostgreSQL until SIGTERM or SIGINT: `npm run start:<app>`. A wrong
 * setting is named with its remedy, all of them at once, and nothing is started; what else its user can mend is a line.
 * @param compose makes the app of its parts; a fatal error of its position turns `/health/live` to 503
 */
export async function runAlone(
  name: string,
  compose: (parts: AppParts, fatal: (error: Error) => void) => AloneApp,
): Promise<void> {
  try {
    await run(name, compose);
  } catch (error) {
    const line = startFailure(error);
    if (line === undefined) throw error;
    process.stderr.write(`${line}\n`);
    process.exit(1);
  }
}

async function run(name: string, compose: Parameters<typeof runAlone>[1]): Promise<void> {
  const parts = buildAppParts(processConfiguration({ app: name }), name);
  const { configuration, health, kafka, log, metrics } = parts;
  await prepareTopics(parts);
  const { stage, isOpen, imports, callers = new Callers([]) } = compose(parts, () => health.broken(name));
  health.add(name, isOpen);
  const front = HttpModule.register({ settings: configuration.http, callers, health, log, metrics });
  const app = await NestFactory.create({ module: class {}, imports: [front, ...(imports ?? [])] }, HTTP_APPLICATION);
  const stop = async (): Promise<void> => {
    health.stopping();
    await stage.stop();
    await app.close();
    await kafka.close();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
  await stage.start();
  await listen(app, configuration.http, log);
  health.started();
  log.info('app.ready', { app: name, port: configuration.http.port });
}
