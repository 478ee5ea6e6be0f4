import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaJars } from '../../deploy/embedded/jars.mjs';
import { startKafka } from '../../deploy/embedded/kafka.ts';
import type { EmbeddedPart } from '../../deploy/embedded/part.ts';
import { freePort } from '../../deploy/embedded/port.ts';
import { startPostgres } from '../../deploy/embedded/postgres.ts';
import { identityOf } from '../../deploy/embedded/process-identity.ts';
import { removeState, STATE_PREFIX } from './abandoned.ts';

/** A PostgreSQL or Kafka of one test's own, to be hurt: nobody else uses it. */
export interface Spare {
  readonly port: number;
  /** The process of now; another after `restart`. */
  pid(): number;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open and nobody answers. */
  pause(): void;
  resume(): void;
  /** Orderly, data kept. */
  shutDown(): Promise<void>;
  /** After `kill` or `shutDown`: the same data on the same port; ready when it resolves. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export interface SpareKafka extends Spare {
  readonly brokers: string[];
}

export interface SparePostgres extends Spare {
  readonly url: string;
}

/** Of a private Kafka. */
export interface SpareKafkaOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** What the broker tells its clients to connect to: the port of a proxy, which must be up and lead to `port`. */
  readonly advertisedPort?: number;
}

/** @returns a private Kafka, ready */
export async function startSpareKafka(options: SpareKafkaOptions = {}): Promise<SpareKafka> {
  const [stateDir, port, jarsDir] = [spareState(), options.port ?? (await freePort()), await kafkaJars()];
  const start = () => startKafka({ stateDir, log: () => undefined, jarsDir, fast: true, ...options, port });
  const first = await start();
  return { ...spareOf(stateDir, first, start), brokers: first.brokers };
}

/** @returns a private PostgreSQL with the empty database `bryggan`, ready */
export async function startSparePostgres(): Promise<SparePostgres> {
  const [stateDir, port] = [spareState(), await freePort()];
  const start = () => startPostgres({ stateDir, port, log: () => undefined });
  const first = await start();
  return { ...spareOf(stateDir, first, start), url: first.url };
}

/** @returns a state folder that the next run removes, with the processes in it, when this one is killed */
export function spareState(): string {
  const stateDir = mkdtempSync(join(tmpdir(), STATE_PREFIX));
  writeFileSync(join(stateDir, 'owner.json'), JSON.stringify(identityOf(process.pid)));
  return stateDir;
}

function spareOf(stateDir: string, first: EmbeddedPart, start: () => Promise<EmbeddedPart>): Spare {
  let part = first;
  return {
    port: first.port,
    pid: () => part.pid,
    kill: () => part.kill(),
    pause: () => part.pause(),
    resume: () => part.resume(),
    shutDown: () => part.stop(),
    async restart() {
      part = await start();
    },
    async stop() {
      part.resume();
      await part.stop();
      await removeState(stateDir);
    },
  };
}
