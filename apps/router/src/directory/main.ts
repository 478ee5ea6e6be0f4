import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { processConfiguration, rulesInForce, startFailure, type Configuration } from '#libs/platform';
import { carryOut, readCommand, USAGE, UsageProblem } from './directory-command.ts';

/** `npm run directory`: exit code 0 when it is done, 1 when it could not be, 2 when it was called wrongly. */
const args = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  if (args.includes('--help')) {
    say(USAGE);
    return;
  }
  const command = readCommand(args);
  // Embedded or not: it asks PostgreSQL alone, and no setting of Kafka shall be wanted.
  const configuration = processConfiguration({ embedded: true });
  const { rules } = configuration;
  await carryOut(command, {
    ...{
      databaseUrl: urlOf(configuration),
      parameters: rulesInForce(rules),
      importedBy: userInfo().username,
      now: new Date(),
    },
    say,
  });
}

try {
  await main();
} catch (error) {
  const line = error instanceof UsageProblem ? `${error.message}\n${USAGE}` : startFailure(error);
  if (line === undefined) throw error;
  process.stderr.write(`${line}\n`);
  process.exitCode = error instanceof UsageProblem ? 2 : 1;
}

/** That of the setting; of the embedded PostgreSQL the password is kept with the hub's state (`BRYGGAN_DATA`). */
function urlOf({ database, stateDir }: Pick<Configuration, 'database' | 'stateDir'>): string {
  const file = join(stateDir, 'postgres.password');
  if (database.stated || !existsSync(file)) return database.url;
  const url = new URL(database.url);
  [url.username, url.password] = ['bryggan', readFileSync(file, 'utf8').trim()];
  return url.href;
}
