import { writeFileSync } from 'node:fs';
import { processConfiguration } from '#libs/platform';
import { readable } from '../../apps/simulator/src/county/county-time.ts';
import { readOptions, USAGE, UsageProblem, type SimulateOptions } from '../../apps/simulator/src/options.ts';
import { reportOf } from '../../apps/simulator/src/score/report.ts';
import type { Score } from '../../apps/simulator/src/score/scorer.ts';
import { simulate, type HubAddress } from '../../apps/simulator/src/simulation.ts';
import { startOwnHub } from './own-hub.ts';
import { saidOfDeviations } from './statements.ts';

/** `npm run simulate`: exit code 0 when the hub flagged what was injected and nothing else, 1 when not, 2 when it could not be seen. */
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(options: SimulateOptions): Promise<number> {
  const own = options.hub === undefined ? await started(options) : undefined;
  const stopping = (): void => void (own?.stop() ?? Promise.resolve()).then(() => process.exit(130));
  process.once('SIGTERM', stopping).once('SIGINT', stopping);
  try {
    const score = await simulate(own ?? running(options), options, say);
    say(`\n${reportOf(score)}`);
    if (options.report !== undefined) writeReport(options.report, options, score);
    return score.passed ? 0 : 1;
  } finally {
    if (own) say('Stopping the hub');
    await own?.stop();
  }
}

/** What was played and how each code was met, for a machine: anything but 0 in the last four columns is a fault. */
function writeReport(
  file: string,
  { stays, answering, seed, start, faults }: SimulateOptions,
  { byCode, passed, differences }: Score,
): void {
  const report = {
    stays,
    answering,
    ...(faults && { faults: Object.fromEntries(faults) }),
    seed,
    start: new Date(start).toISOString(),
    passed,
    codes: byCode,
    differences,
  };
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

function started({ start }: SimulateOptions): ReturnType<typeof startOwnHub> {
  say(`Starting a hub of its own; its clock stands at ${readable(start)}`);
  return startOwnHub(new Date(start).toISOString());
}

function running({ hub }: SimulateOptions): HubAddress {
  if (!hub) throw new Error('no hub');
  const { http, mllp, callers } = hub;
  // The callers of another hub: nothing here tells where its Kafka is.
  if (callers !== undefined) return { http, mllp, callersFile: callers };
  const configuration = processConfiguration({ embedded: true });
  return { http, mllp, callersFile: configuration.callersFile, said: () => saidOfDeviations(configuration) };
}

try {
  process.exitCode = await main(readOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'unknown error'}\n`);
  if (error instanceof UsageProblem) process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
}
