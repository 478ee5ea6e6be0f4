import { userInfo } from 'node:os';
import { processConfiguration, rulesInForce, startFailure } from '#libs/platform';
import { carryOut, readCommand, USAGE, UsageProblem } from './directory-command.ts';

/** `npm run directory`: exit code 0 when it is done, 1 when it could not be, 2 when it was called wrongly. */
try {
  const command = readCommand(process.argv.slice(2));
  // Embedded or not: it asks PostgreSQL alone, and no setting of Kafka shall be wanted.
  const { database, rules } = processConfiguration({ embedded: true });
  await carryOut(command, {
    ...{ databaseUrl: database.url, parameters: rulesInForce(rules), importedBy: userInfo().username, now: new Date() },
    say: (line) => void process.stdout.write(`${line}\n`),
  });
} catch (error) {
  const line = error instanceof UsageProblem ? `${error.message}\n${USAGE}` : startFailure(error);
  if (line === undefined) throw error;
  process.stderr.write(`${line}\n`);
  process.exitCode = error instanceof UsageProblem ? 2 : 1;
}
