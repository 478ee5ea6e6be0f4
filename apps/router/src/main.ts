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
  openCallers,
  openClock,
  operationsModule,
  processConfiguration,
  readIdSecret,
} from '#libs/platform';
import type { RouterParts } from './router-parts.ts';
import { RouterStage } from './router-stage.ts';
import { RouterModule } from './router.module.ts';

@Module({})
class RouterApp {}

const configuration = processConfiguration();
const log = createLog({ ...configuration.log, name: 'router' });
const county = loadCounty(configuration.countyDir);
const callers = openCallers(configuration.callersFile, county);
const { brokers, login, tls } = configuration.kafka;
const kafka = connectKafka({
  brokers: [...brokers],
  clientId: 'bryggan-router',
  log,
  ssl: tls,
  ...(login && { sasl: { mechanism: 'scram-sha-512' as const, ...login } }),
});
const health = new Health();
const metrics = new Metrics({ ofProcess: true });
const parts: RouterParts = {
  configuration,
  clock: openClock(configuration),
  county,
  ids: new IdMaker(readIdSecret(configuration)),
  kafka,
  log,
  metrics,
  topics: topicNames(configuration.kafka.topicPrefix),
  authenticate: (authorization) => callers.byAuthorization(authorization),
  fatal: () => health.broken('router'),
};
const stage = new RouterStage(parts);
health.add('router', () => stage.isOpen());

const app = await NestFactory.create(
  { module: RouterApp, imports: [await operationsModule({ health, metrics }), RouterModule.register(parts, stage)] },
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
