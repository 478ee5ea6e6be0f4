import { processConfiguration, startFailure } from '#libs/platform';
import { runEmbedded } from './embedded.ts';
import type { StartHub } from './hub-start.ts';
import { StartProblem } from './start-problem.ts';

/**
 * The process of the embedded hub, from its first line to its exit code: 0 after an orderly stop, 1 when it could not
 * start or broke. The launcher starts it in the folder of the repository and gives the folder of Kafka's jars.
 * @param loadHub see `EmbeddedRun`
 */
export async function embeddedProcess(loadHub?: () => Promise<StartHub>): Promise<never> {
  const log = (line: string): void => void process.stdout.write(`${line}\n`);
  const stop = stopRequest();
  let code = 0;
  const fail = (line: string): void => {
    code = 1;
    process.stderr.write(`${line}\n`);
  };
  // Who reads what is printed may go away (`npm start | head`). Unheard, each line would be an exception, whose own line is the next.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      fail(breakage(error));
      stop.request();
    });
  }
  try {
    const configuration = processConfiguration({ embedded: true });
    const jarsDir = process.argv[2] ?? '.parts/kafka';
    await runEmbedded({
      configuration,
      jarsDir,
      untilStopped: stop.requested,
      log,
      ...(loadHub === undefined ? {} : { loadHub }),
    });
  } catch (error) {
    fail(failure(error));
  }
  process.exit(code);
}

/** What its user can mend is one line; anything else is a bug, with its frames. */
function failure(error: unknown): string {
  if (error instanceof StartProblem) return error.message;
  const frames = error instanceof Error ? (error.stack ?? error.message) : 'unknown';
  return startFailure(error) ?? `Bryggan could not start: ${frames}`;
}

/** By now a message may quote what a sender wrote about a patient: the frames alone. */
function breakage(error: unknown): string {
  // A full disk or an unreadable file quotes nobody.
  const line = error instanceof Error && 'syscall' in error ? startFailure(error) : undefined;
  if (line !== undefined) return `Bryggan broke: ${line}`;
  const name = error instanceof Error ? error.name : typeof error;
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  return [`Bryggan broke: ${name}`, ...frames].join('\n');
}

/** When everything is to stop. */
interface StopRequest {
  readonly requested: Promise<void>;
  request(): void;
}

const LOOK_MS = 250;

/**
 * A stop is asked for by SIGINT or SIGTERM, and by the death of our parent, the launcher: killed with -9 it
 * cannot pass anything on. SIGHUP has the hub read its county again; a terminal that hangs up ends the launcher. Asked again it stays one stop: a group's Ctrl-C comes twice, directly and by the launcher.
 */
function stopRequest(): StopRequest {
  let request = (): void => undefined;
  const requested = new Promise<void>((resolve) => {
    request = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => request());
  // Without anybody who listens, it would end the process while the hub is not there yet.
  process.on('SIGHUP', () => undefined);
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid !== parent) request();
  }, LOOK_MS);
  void requested.then(() => clearInterval(look));
  return { requested, request };
}
