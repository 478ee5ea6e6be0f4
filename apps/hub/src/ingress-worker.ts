import { parentPort, workerData } from 'node:worker_threads';
import type { Instant } from '#libs/domain';
import { CurrentCounty } from '#libs/county';
import { connectKafkaOf, StartRefused } from '#libs/hosting';
import { topicNames } from '#libs/messaging';
import {
  IdMaker,
  Metrics,
  readIdSecret,
  systemClock,
  traceIdOf,
  type Clock,
  type Log,
  type LogFields,
  type LogLevel,
} from '#libs/platform';
import { Ingress } from '../../ingress/src/ingress.ts';
import type { Asked, Question, Questions, Said, WorkerTold } from './ingress-thread.ts';

/** The thread of the hub's front door: the ingress of `npm run start:ingress`, without HTTP, told what to do by the hub. */
if (!parentPort) throw new Error('to be run as a thread of the hub');
const hub = parentPort;
const say = (said: Said): void => hub.postMessage(said);

/** Written by the hub's own log: two that write to one file would rotate it under each other. */
function logOf(more: LogFields = {}): Log {
  const at =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}): void =>
      say({ log: level, event, fields: { ...more, ...fields } });
  const log: Log = {
    ...{ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    child: (fields) => logOf({ ...more, ...fields }),
    withTrace: (traceparent) => {
      const trace = traceIdOf(traceparent);
      return trace === undefined ? log : logOf({ ...more, trace });
    },
  };
  return log;
}

function clockOf(time: SharedArrayBuffer | undefined): Clock {
  if (!time) return systemClock();
  const shared = new BigInt64Array(time);
  return { driven: true, now: () => Number(Atomics.load(shared, 0)) };
}

const { configuration, time } = workerData as WorkerTold;
const log = logOf();
const metrics = new Metrics();
const county = new CurrentCounty(configuration.countyDir);
const kafka = connectKafkaOf(configuration, 'hub-ingress', log);
const ingress = new Ingress({
  ...{ configuration, county, kafka, log, metrics },
  clock: clockOf(time),
  ids: new IdMaker(readIdSecret(configuration)),
  topics: topicNames(configuration.kafka.topicPrefix),
});

const answers: { readonly [Q in Question]: (argument: Questions[Q]['argument']) => Promise<Questions[Q]['answer']> } = {
  start: async () => {
    await ingress.start();
    return { open: ingress.isOpen(), ...ingress.address };
  },
  stop: async () => {
    await ingress.stop();
    return undefined;
  },
  hold: async () => {
    await ingress.hold();
    return undefined;
  },
  release: () => {
    ingress.release();
    return Promise.resolve(undefined);
  },
  beat: (steppedFrom: Instant | undefined) => ingress.beat(steppedFrom),
  county: () => {
    county.reload();
    return Promise.resolve(undefined);
  },
  metrics: () => metrics.snapshot(),
  end: async () => {
    await ingress.stop();
    await kafka.close();
    hub.close();
    return undefined;
  },
};

hub.on('message', ({ n, ask, argument }: Asked) => {
  (answers[ask] as (argument: unknown) => Promise<unknown>)(argument).then(
    (answer) => say({ n, answer }),
    (error: unknown) => {
      const failed = error instanceof Error ? error.message : 'failed';
      say({ n, failed, refused: error instanceof StartRefused });
    },
  );
});
