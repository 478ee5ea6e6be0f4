import { explained } from '#libs/hosting';
import { processConfiguration } from '#libs/platform';
import { startHub } from './start-hub.ts';

/** The hub against an operator's own Kafka and PostgreSQL; `npm start` brings both and uses `startHub` itself. */
await explained(async () => {
  const { kafka, database, stateDir } = processConfiguration();
  const hub = await startHub({ brokers: [...kafka.brokers], databaseUrl: database.url, stateDir });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void hub.stop());
  process.stdout.write(`Bryggan is ready  http=${hub.addresses.http} mllp=${hub.addresses.mllp}\n`);
});
