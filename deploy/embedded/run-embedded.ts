import { runEmbedded, type StartHub } from './embedded.ts';
import { embeddedSettings } from './settings.ts';
import { StartProblem } from './start-problem.ts';
import { stopRequest } from './stop-request.ts';

/**
 * The process of the embedded hub, from its first line to its exit code: 0 after an orderly stop, 1 when it could not
 * start or broke. The launcher starts it in the folder of the repository and gives the folder of Kafka's jars.
 * @param loadHub see `runEmbedded`
 */
export async function embeddedProcess(loadHub: () => Promise<StartHub>): Promise<never> {
  const log = (line: string): void => void process.stdout.write(`${line}\n`);
  const stop = stopRequest();
  let code = 0;
  const fail = (line: string): void => {
    code = 1;
    process.stderr.write(`${line}\n`);
  };
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      fail(breakage(error));
      stop.request();
    });
  }
  try {
    const settings = embeddedSettings(process.env, process.cwd(), process.argv[2] ?? '.parts/kafka');
    await runEmbedded(settings, loadHub, stop.requested, log);
  } catch (error) {
    fail(startFailure(error));
  }
  process.exit(code);
}

/** What its user can mend is one line; anything else is a bug, with its frames. */
function startFailure(error: unknown): string {
  if (error instanceof StartProblem) return error.message;
  if (!(error instanceof Error)) return 'Bryggan could not start';
  const isCoded = 'code' in error && typeof error.code === 'string' && error.code.startsWith('BRY-');
  // Settings or a county that are wrong: the message names each of them.
  const isNamed = 'problems' in error && Array.isArray(error.problems);
  return isCoded || isNamed ? error.message : `Bryggan could not start: ${error.stack ?? error.message}`;
}

/** By now a message may quote what a sender wrote about a patient: the frames alone. */
function breakage(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  return [`Bryggan broke: ${name}`, ...frames].join('\n');
}
