import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Instant } from '#libs/domain';
import { StageTransport, StartRefused, type AppParts } from '#libs/hosting';
import { within } from '#libs/messaging';
import {
  DrivenClock,
  type Configuration,
  type Log,
  type LogFields,
  type LogLevel,
  type MetricsSnapshot,
} from '#libs/platform';

/*
 * What the hub and the thread of its front door (ingress-worker.ts) say to each other: the hub asks, each question with a
 * number; the thread answers with the same number, and logs on its own.
 */

/** What the thread is given at its start. */
export interface WorkerTold {
  readonly configuration: Configuration;
  /** The driven clock's time, in one 64-bit element; undefined: the system's clock. */
  readonly time: SharedArrayBuffer | undefined;
}

/** Questions by name, with their argument and their answer. */
export interface Questions {
  start: { argument: undefined; answer: { readonly open: boolean; readonly host: string; readonly port: number } };
  stop: { argument: undefined; answer: undefined };
  hold: { argument: undefined; answer: undefined };
  release: { argument: undefined; answer: undefined };
  /** Where the driven clock stood before, if it was moved; answers whether the beat is stored. */
  beat: { argument: Instant | undefined; answer: boolean };
  /** The county's folder says something else now. */
  county: { argument: undefined; answer: undefined };
  metrics: { argument: undefined; answer: MetricsSnapshot };
  /** The thread has nothing open any more. */
  end: { argument: undefined; answer: undefined };
}
export type Question = keyof Questions;

export interface Asked {
  readonly n: number;
  readonly ask: Question;
  readonly argument: unknown;
}

export type Said =
  | { readonly n: number; readonly answer: unknown }
  /** `refused`: a start that makes no sense at all (`StartRefused`). */
  | { readonly n: number; readonly failed: string; readonly refused: boolean }
  | { readonly log: LogLevel; readonly event: string; readonly fields: LogFields };

/** Nobody handles batches of it. */
const INGRESS_THREAD = Symbol('ingress in a thread');

const END_LIMIT_MILLIS = 5000;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The ingress as a stage of the hub, in a thread of its own: senders wait for their answers, and while one thread does all,
 * for whatever else it does just then. To the hub it is the stage that it is alone; a thread that dies takes the process along,
 * as any bug of the one thread did.
 */
export class IngressThread extends StageTransport<Worker> {
  readonly #worker: Worker;
  readonly #log: Log;
  readonly #waiting = new Map<number, Waiting>();
  readonly #forget: readonly (() => void)[];
  #asked = 0;
  #address: { readonly host: string; readonly port: number };
  #ended = false;

  constructor({ clock, configuration, county, log, metrics }: AppParts) {
    super('ingress', INGRESS_THREAD, log);
    this.#log = log;
    this.#address = configuration.mllp;
    const time = clock instanceof DrivenClock ? new SharedArrayBuffer(8) : undefined;
    // Beside this file, as source or as built.
    const script = new URL(`./ingress-worker${extname(import.meta.filename)}`, import.meta.url);
    this.#worker = new Worker(script, { workerData: { configuration, time } satisfies WorkerTold });
    this.#worker.on('message', (said: Said) => this.#heard(said));
    this.#worker.on('exit', () => {
      if (!this.#ended) throw new Error('the thread of the ingress has ended');
    });
    this.#forget = [
      ...(clock instanceof DrivenClock && time ? [shareTime(clock, time)] : []),
      county.onChange(() => void this.#ask('county', undefined)),
    ];
    metrics.alsoFrom(() => (this.#ended ? Promise.resolve([]) : this.#ask('metrics', undefined)));
  }

  /** Where senders connect. */
  get address(): { readonly host: string; readonly port: number } {
    return this.#address;
  }

  /** As the ingress's own. */
  async hold(): Promise<void> {
    await this.#ask('hold', undefined);
  }

  /** As the ingress's own. */
  release(): void {
    void this.#ask('release', undefined);
  }

  /** As the ingress's own. */
  beat(steppedFrom?: Instant): Promise<boolean> {
    return this.#ask('beat', steppedFrom);
  }

  /** Ends the thread, in a few seconds at most. */
  async end(): Promise<void> {
    if (this.#ended) return;
    for (const forget of this.#forget) forget();
    this.#ended = true;
    const gone = once(this.#worker, 'exit');
    await within(END_LIMIT_MILLIS, this.#ask('end', undefined));
    await within(END_LIMIT_MILLIS, gone);
    await this.#worker.terminate();
  }

  protected async openParts(): Promise<Worker> {
    const { open, host, port } = await this.#ask('start', undefined);
    this.#address = { host, port };
    if (open) return this.#worker;
    await this.#ask('stop', undefined);
    throw new Error('the ingress did not open');
  }

  protected async closeParts(): Promise<void> {
    await this.#ask('stop', undefined);
  }

  #ask<Q extends Question>(ask: Q, argument: Questions[Q]['argument']): Promise<Questions[Q]['answer']> {
    const n = ++this.#asked;
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(n, { resolve, reject }));
    this.#worker.postMessage({ n, ask, argument } satisfies Asked);
    return answer as Promise<Questions[Q]['answer']>;
  }

  #heard(said: Said): void {
    if ('log' in said) {
      this.#log[said.log](said.event, said.fields);
      return;
    }
    const waiting = this.#waiting.get(said.n);
    this.#waiting.delete(said.n);
    if ('answer' in said) waiting?.resolve(said.answer);
    else waiting?.reject(said.refused ? new StartRefused(said.failed) : new Error(said.failed));
  }
}

/** The driven clock's time where the thread reads it; it is there before anybody who moved the clock goes on. @returns what ends that */
function shareTime(clock: DrivenClock, time: SharedArrayBuffer): () => void {
  const shared = new BigInt64Array(time);
  const share = (now: Instant): void => void Atomics.store(shared, 0, BigInt(now));
  share(clock.now());
  return clock.onChange(share);
}
