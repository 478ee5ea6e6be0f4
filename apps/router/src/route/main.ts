import { processConfiguration, startFailure } from '#libs/platform';
import { answer, FactsProblem, readQuestion, USAGE, UsageProblem } from './route.ts';

/** `npm run route`: exit code 0 when it is answered, 1 when facts or county are faulty, 2 when it was called wrongly. */
function failure(error: unknown): string | undefined {
  if (error instanceof UsageProblem) return `${error.message}\n${USAGE}`;
  return error instanceof FactsProblem ? error.message : startFailure(error);
}

const args = process.argv.slice(2);

function carriedOut(): string {
  if (args.includes('--help')) return USAGE;
  const question = readQuestion(args);
  // Embedded or not: it reads the county's folder alone, and no setting of a service shall be wanted.
  const { countyDir } = processConfiguration({ embedded: true });
  return answer(question, countyDir, Date.now());
}

try {
  process.stdout.write(`${carriedOut()}\n`);
} catch (error) {
  const line = failure(error);
  if (line === undefined) throw error;
  process.stderr.write(`${line}\n`);
  process.exitCode = error instanceof UsageProblem ? 2 : 1;
}
