import { ConfigurationError, operationsModule, processConfiguration } from '#libs/platform';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { buildAppParts, prepareTopics, type AppParts } from './app-parts.ts';

import 'reflect-metadata';

/** A part of the line, as a process of its own runs it. */
export interface AloneApp {
  readonly stage: { start(): Promise<void>; stop(): Promise<void> };
  /** True while the stage does its work: what `/health/ready` asks. */
  readonly isOpen: () => boolean;
  /** The app's own HTTP side, if any. */
  readonly imports?: readonly DynamicModule[];
}

/**
 * Runs one app against the environment's Kafka and PostgreSQL until SIGTERM or SIGINT: `npm run start:<app>`. A wrong
 * setting is named with its remedy, all of them at once, and nothing is started.
 * @param compose makes the app of its parts; a fatal error of its position turns `/health/live` to 503
 */
export async function runAlone(
  name: string,
  compose: (parts: AppParts, fatal: (error: Error) => void) => AloneApp,
): Promise<void> {
  try {
    await run(name, compose);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

async function run(name: string, compose: Parameters<typeof runAlone>[1]): Promise<void> {
  const parts = buildAppParts(processConfiguration(), name);
  const { configuration, health, kafka, log, metrics } = parts;
  await prepareTopics(parts);
  const { stage, isOpen, imports } = compose(parts, () => health.broken(name));
  health.add(name, isOpen);
  const root = { module: class {}, imports: [await operationsModule({ health, metrics }), ...(imports ?? [])] };
  const app = await NestFactory.create(root, { logger: false });
  const stop = async (): Promise<void> => {
    health.stopping();
    await stage.stop();
    await app.close();
    await kafka.close();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
  await stage.start();
  await app.listen(configuration.http.port, configuration.http.host);
  health.started();
  log.info('app.ready', { app: name, port: configuration.http.port });
}
