import { parentPort, workerData } from 'node:worker_threads';
import { CurrentCounty, type CountyFiles } from '#libs/county';
import { openDirectory, StartRefused } from '#libs/service';
import { IdMaker, Metrics, readIdSecret, systemClock, traceIdOf } from '#libs/platform';
import type { Clock, Configuration, Log, LogFields, LogLevel } from '#libs/platform';
import type { Asked, CommonQuestions, Questions, Said, WorkerTold } from './hub-thread.ts';

/** What a thread of the hub works with; the same as the hub's own, and what it logs and counts goes there. */
export interface WorkerParts {
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly county: CurrentCounty;
  readonly ids: IdMaker;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Takes up at once what was imported into the directory since the last look; nothing in a thread that asks for none. */
  readonly refreshDirectory: () => Promise<unknown>;
  /** A part cannot mend itself: the hub is not live any more. */
  readonly broken: (part: string) => void;
}

/** How a thread answers what it is asked. */
export type Answers<Own extends Questions> = {
  readonly [Q in keyof Own]: (argument: Own[Q]['argument']) => Promise<Own[Q]['answer']> | Own[Q]['answer'];
};

/**
 * Runs a thread of the hub: answers until it is told to end.
 * @param open what makes its answers, and what closes all that they have opened
 * @param options.directory how much it goes by of the directory that is kept in PostgreSQL, as the hub does: the parties are
 *   enough to answer about them, whoever decides needs the whole
 */
export async function runWorker<Own extends Questions>(
  open: (parts: WorkerParts) => { readonly answers: Answers<Own>; readonly close: () => Promise<void> },
  { directory: asked }: { readonly directory?: 'parties' | 'whole' } = {},
): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('to be run as a thread of the hub');
  const say = (said: Said): void => port.postMessage(said);
  const { configuration, county: files, time } = workerData as WorkerTold;
  const metrics = new Metrics();
  const county = new CurrentCounty(files);
  const ids = new IdMaker(readIdSecret(configuration));
  const parts = { configuration, clock: clockOf(time), county, log: logBy(say) };
  const directory = asked && (await openDirectory(parts, { partiesAlone: asked === 'parties' }));
  directory?.follow(() => Promise.resolve());
  const broken = (part: string): void => say({ broken: part });
  const refreshDirectory = async (): Promise<unknown> => directory?.refresh();
  const { answers, close } = open({ ...parts, ids, metrics, broken, refreshDirectory });
  const common: Answers<Record<keyof CommonQuestions, Questions[string]>> = {
    county: (read) => void county.take(read as CountyFiles),
    metrics: () => metrics.snapshot(),
    end: async () => {
      await close();
      await directory?.close();
    },
  };
  const all: Readonly<Record<string, (argument: unknown) => unknown>> = { ...answers, ...common };
  port.on('message', ({ n, ask, argument }: Asked) => {
    const answered = Promise.resolve().then(() => all[ask]?.(argument));
    const said = answered.then(
      (answer) => say({ n, answer }),
      (error: unknown) => {
        const failed = error instanceof Error ? error.message : 'failed';
        say({ n, failed, refused: error instanceof StartRefused });
      },
    );
    // Not before the answer: it would be lost with the port, and the hub wait for it as long as it waits for anything.
    if (ask === 'end') void said.then(() => port.close());
  });
}

/** Written by the hub's own log: two that write to one file would rotate it under each other. */
function logBy(say: (said: Said) => void, more: LogFields = {}): Log {
  const at =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}): void =>
      say({ log: level, event, fields: { ...more, ...fields } });
  const log: Log = {
    ...{ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    child: (fields) => logBy(say, { ...more, ...fields }),
    withTrace: (traceparent) => {
      const trace = traceIdOf(traceparent);
      return trace === undefined ? log : logBy(say, { ...more, trace });
    },
  };
  return log;
}

function clockOf(time: SharedArrayBuffer | undefined): Clock {
  if (!time) return systemClock();
  const shared = new BigInt64Array(time);
  return { driven: true, now: () => Number(Atomics.load(shared, 0)) };
}
