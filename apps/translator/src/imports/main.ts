import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { loadCounty } from '#libs/county';
import { GroupCommitProducer, topicNames } from '#libs/messaging';
import { createLog, IdMaker, keptIdSecret, openClock, processConfiguration, startFailure } from '#libs/platform';
import { connectToHub } from '../hub-kafka.ts';
import {
  type ImportedMessage,
  importFile,
  type ImportFile,
  importReport,
  OLD_SERVICES,
  type OldService,
} from './read-import.ts';

/** `npm run import`: exit code 0 when all is read, 1 when something is not or could not be stored, 2 when called wrongly. */
const USAGE = `npm run import -- FILE --from ${Object.keys(OLD_SERVICES).join('|')} --sender ID [--dry-run]
Puts the messages of a file that an old service exported on inbound, in the name of the sender with that agreement. With
--dry-run nothing is stored: it tells what would be read, and of every message that would not, why.`;

class UsageProblem extends Error {}

interface Choice {
  readonly file: string;
  readonly service: OldService;
  readonly sender: string;
  readonly isDry: boolean;
}

function readChoice(args: readonly string[]): Choice {
  const { positionals, values } = parsed(args);
  const [file, ...more] = positionals;
  const service = Object.keys(OLD_SERVICES).find((name) => name === values.from) as OldService | undefined;
  if (file === undefined || more.length > 0) throw new UsageProblem('one file is wanted');
  if (service === undefined) throw new UsageProblem('--from names the old service');
  if (values.sender === undefined) throw new UsageProblem('--sender names the agreement of the wards');
  return { file, service, sender: values.sender, isDry: values['dry-run'] === true };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { from: { type: 'string' }, sender: { type: 'string' }, 'dry-run': { type: 'boolean' } },
    });
  } catch (error) {
    throw new UsageProblem(error instanceof Error ? error.message : 'wrong arguments');
  }
}

async function main({ file, service, sender, isDry }: Choice): Promise<void> {
  const configuration = processConfiguration({ embedded: true });
  const topics = topicNames(configuration.kafka.topicPrefix);
  const parts = {
    ...{ county: loadCounty(configuration.countyDir), clock: openClock(configuration), topic: topics.inbound },
    // A dry run asks for no state: whatever the secret is, it reads the same.
    ids: new IdMaker(isDry ? Buffer.alloc(32) : keptIdSecret(configuration)),
  };
  const wanted: ImportFile = { service, sender, content: await readFile(file) };
  const messages = importFile(wanted, parts);
  for (const line of importReport(messages)) process.stdout.write(`${line}\n`);
  if ('unreadable' in messages) {
    process.exitCode = 1;
    return;
  }
  const read = messages.filter(({ translation }) => translation.kind !== 'rejection');
  if (!isDry) await store(read, configuration);
  process.stdout.write(isDry ? 'dry run: nothing was stored\n' : `stored ${read.length}\n`);
  if (read.length < messages.length || messages.length === 0) process.exitCode = 1;
}

/** What cannot be read stays out of the hub: its bytes are in the file, and nobody there can mend them. */
async function store(
  messages: readonly ImportedMessage[],
  configuration: ReturnType<typeof processConfiguration>,
): Promise<void> {
  const log = createLog({ ...configuration.log, level: 'error', name: 'import' });
  const kafka = connectToHub(configuration, 'bryggan-import', log);
  const producer = new GroupCommitProducer({ kafka, log });
  try {
    await producer.sendAll(messages.map(({ record }) => record));
  } finally {
    await producer.stop();
    await kafka.close();
  }
}

try {
  await main(readChoice(process.argv.slice(2)));
} catch (error) {
  const line = error instanceof UsageProblem ? `${error.message}\n${USAGE}` : startFailure(error);
  if (line === undefined) throw error;
  process.stderr.write(`${line}\n`);
  process.exitCode = error instanceof UsageProblem ? 2 : 1;
}
