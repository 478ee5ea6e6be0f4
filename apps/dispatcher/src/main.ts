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
import type { DispatcherParts } from './dispatcher-parts.ts';
import { DispatcherStage } from './dispatcher-stage.ts';
import { DispatcherModule } from './dispatcher.module.ts';

@Module({})
class DispatcherApp {}

const configuration = processConfiguration();
const log = createLog({ ...configuration.log, name: 'dispatcher' });
const county = loadCounty(configuration.countyDir);
const { brokers, login, tls } = configuration.kafka;
const kafka = connectKafka({
  brokers: [...brokers],
  clientId: 'bryggan-dispatcher',
  log,
  ssl: tls,
  ...(login && { sasl: { mechanism: 'scram-sha-512' as const, ...login } }),
});
const health = new Health();
const metrics = new Metrics({ ofProcess: true });
const parts: DispatcherParts = {
  configuration,
  clock: openClock(configuration),
  county,
  ids: new IdMaker(readIdSecret(configuration)),
  kafka,
  log,
  metrics,
  topics: topicNames(configuration.kafka.topicPrefix),
  fatal: () => health.broken('dispatcher'),
};
const stage = new DispatcherStage(parts);
health.add('dispatcher', () => stage.isOpen());

const app = await NestFactory.create(
  { module: DispatcherApp, imports: [await operationsModule({ health, metrics }), DispatcherModule.register()] },
  { logger: false },
);

async function stop(): Promise<void> {
  health.stopping();
  await stage.stop();
  await kafka.close();
  await app.close();
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());

await stage.start();
await app.listen(configuration.http.port, configuration.http.host);
health.started();
log.info('ready', { port: configuration.http.port });
