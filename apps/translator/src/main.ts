import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { assertDurable, connectKafka, ensureTopics, topicDefinitions, topicNames } from '#libs/messaging';
import {
  ConfigurationError,
  createLog,
  Health,
  IdMaker,
  loadCounty,
  Metrics,
  operationsModule,
  processConfiguration,
  readIdSecret,
  type Configuration,
} from '#libs/platform';
import { Translator } from './translator.ts';
import { TranslatorModule } from './translator.module.ts';

/** The translator alone, against the environment's Kafka. */
async function main(configuration: Configuration): Promise<void> {
  const { http, kafka: settings } = configuration;
  const log = createLog({ ...configuration.log, name: 'translator' });
  const county = loadCounty(configuration.countyDir);
  const topics = topicNames(settings.topicPrefix);
  const kafka = connectKafka({
    brokers: [...settings.brokers],
    clientId: 'translator',
    log,
    ssl: settings.tls,
    ...(settings.login && { sasl: { mechanism: 'scram-sha-512', ...settings.login } }),
  });
  const definitions = topicDefinitions(topics, {
    parties: county.partyIds(),
    senders: county.senderIds(),
    embedded: configuration.embedded,
    replicationFactor: settings.replication.factor,
    minInsyncReplicas: settings.replication.minInsync,
    maxMessageBytes: settings.maxMessageBytes,
    inboundRetentionDays: configuration.retention.inboundDays,
  });
  await ensureTopics(kafka, definitions);
  if (configuration.environment === 'production') await assertDurable(kafka, [topics.events, topics.rejected]);
  const [health, metrics] = [new Health(), new Metrics({ ofProcess: true })];
  const ids = new IdMaker(readIdSecret(configuration));
  const parts = { configuration, county, ids, kafka, log, metrics, topics };
  const module = {
    module: class {},
    imports: [TranslatorModule.register(parts), await operationsModule({ health, metrics })],
  };
  const app = await NestFactory.create(module, { logger: false });
  app.enableShutdownHooks();
  await app.get(Translator).start();
  await app.listen(http.port, http.host);
  health.started();
  log.info('translator.started');
}

try {
  await main(processConfiguration());
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  // Every wrong setting with its remedy, before there is a log.
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
