import { MessagingError, topicNames } from '#libs/messaging';
import { loadCounty } from '#libs/county';
import { createLog, IdMaker, keptIdSecret, processConfiguration, startFailure } from '#libs/platform';
import { connectToHub } from '../hub-kafka.ts';
import { type Progress, progressLine, readChoice, type ReplayChoice, USAGE, UsageProblem } from './command-line.ts';
import { AnotherSecret, replay } from './replay.ts';

/** `npm run replay`: exit code 0 when all is read anew, 1 when it could not be, 2 when it was called wrongly. */
const TELL_EVERY = 2000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(choice: ReplayChoice): Promise<void> {
  // Embedded or not: it asks Kafka alone, and no setting of PostgreSQL's shall be wanted.
  const configuration = processConfiguration({ embedded: true });
  const log = createLog({ ...configuration.log, level: 'error', name: 'replay' });
  const { topicPrefix } = configuration.kafka;
  const kafka = connectToHub(configuration, 'bryggan-replay', log);
  const ids = new IdMaker(keptIdSecret(configuration));
  const parts = { county: loadCounty(configuration.countyDir), ids, kafka, log, topics: topicNames(topicPrefix) };
  const began = performance.now();
  let told = began;
  const tell = (progress: Progress): void => {
    if (performance.now() - told < TELL_EVERY) return;
    told = performance.now();
    say(progressLine(progress, (told - began) / 1000));
  };
  try {
    const done = await replay(choice, parts, tell);
    say(`${progressLine(done, (performance.now() - began) / 1000)}: done`);
  } finally {
    await kafka.close();
  }
}

function failure(error: unknown): string | undefined {
  if (error instanceof UsageProblem) return `${error.message}\n${USAGE}`;
  if (error instanceof AnotherSecret) {
    return 'The events of this hub were made under another secret: set its BRYGGAN_DATA or BRYGGAN_ID_SECRET. Nothing was published.';
  }
  if (error instanceof MessagingError) {
    return `${error.message}: see that the hub runs, and whose Kafka BRYGGAN_KAFKA_BROKERS or BRYGGAN_DATA name; then run it again, it goes on.`;
  }
  return startFailure(error);
}

try {
  await main(readChoice(process.argv.slice(2)));
} catch (error) {
  const line = failure(error);
  if (line === undefined) throw error;
  process.stderr.write(`${line}\n`);
  process.exitCode = error instanceof UsageProblem ? 2 : 1;
}
