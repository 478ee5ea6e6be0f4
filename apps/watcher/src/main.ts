import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { connectKafka, topicNames } from '#libs/messaging';
import {
  createLog,
  Health,
  IdMaker,
  loadCounty,
  Metrics,
  openClock,
  operationsModule,
  processConfiguration,
  readIdSecret,
} from '#libs/platform';
import type { WatcherParts } from './watcher-parts.ts';
import { WatcherStage } from './watcher-stage.ts';
import { WatcherModule } from './watcher.module.ts';

@Module({})
class WatcherApp {}

const configuration = processConfiguration();
const log = createLog({ ...configuration.log, name: 'watcher' });
const { brokers, login, tls } = configuration.kafka;
const kafka = connectKafka({
  brokers: [...brokers],
  clientId: 'bryggan-watcher',
  log,
  ssl: tls,
  ...(login && { sasl: { mechanism: 'scram-sha-512' as const, ...login } }),
});
const health = new Health();
const metrics = new Metrics({ ofProcess: true });
const parts: WatcherParts = {
  configuration,
  clock: openClock(configuration),
  county: loadCounty(configuration.countyDir),
  ids: new IdMaker(readIdSecret(configuration)),
  kafka,
  log,
  metrics,
  topics: topicNames(configuration.kafka.topicPrefix),
  fatal: () => health.broken('watcher'),
};
const stage = new WatcherStage(parts);
health.add('watcher', () => stage.isOpen());

const app = await NestFactory.create(
  { module: WatcherApp, imports: [await operationsModule({ health, metrics }), WatcherModule.register(parts, stage)] },
  { logger: false },
);

async function stop(): Promise<void> {
  health.stopping();
  await app.close();
  await kafka.close();
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());

await stage.start();
await app.listen(configuration.http.port, configuration.http.host);
health.started();
log.info('ready', { port: configuration.http.port });
