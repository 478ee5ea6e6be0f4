import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CountyFiles } from '#libs/county';
import type { Instant } from '#libs/domain';
import { StartRefused, type AppParts } from '#libs/service';
import { within } from '#libs/messaging';
import {
  DrivenClock,
  type Configuration,
  type Health,
  type Log,
  type LogFields,
  type LogLevel,
  type MetricsSnapshot,
} from '#libs/platform';

/*
 * What the hub and a thread of it (hub-worker.ts) say to each other: the hub asks, each question with a number; the thread
 * answers with the same number, and logs on its own.
 */

/** What a thread is given at its start. */
export interface WorkerTold {
  readonly configuration: Configuration;
  /** As the hub has read it. */
  readonly county: CountyFiles;
  /** The driven clock's time, in one 64-bit element; undefined: the system's clock. */
  readonly time: SharedArrayBuffer | undefined;
}

/** Questions by name, each with its argument and its answer: both are copied from one thread to the other. */
export type Questions = Record<string, { readonly argument: unknown; readonly answer: unknown }>;

/** What every thread is asked. */
export interface CommonQuestions {
  /** What the county's folder says now. */
  readonly county: { readonly argument: CountyFiles; readonly answer: undefined };
  readonly metrics: { readonly argument: undefined; readonly answer: MetricsSnapshot };
  /** The thread has nothing open any more. */
  readonly end: { readonly argument: undefined; readonly answer: undefined };
}

export interface Asked {
  readonly n: number;
  readonly ask: string;
  readonly argument: unknown;
}

export type Said =
  | { readonly n: number; readonly answer: unknown }
  /** `refused`: a start that makes no sense at all (`StartRefused`). */
  | { readonly n: number; readonly failed: string; readonly refused: boolean }
  /** A part of it cannot mend itself: see `Health.broken`. */
  | { readonly broken: string }
  | { readonly log: LogLevel; readonly event: string; readonly fields: LogFields };

const END_LIMIT_MILLIS = 5000;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A thread of the hub, for work that must neither wait for whatever else the hub does just then nor hold it up. It has the
 * hub's configuration, clock and county, and what it logs and counts is the hub's. One that dies takes the process along, as
 * any bug of one thread does.
 */
export class HubThread<Own extends Questions> {
  readonly #name: string;
  readonly #worker: Worker;
  readonly #log: Log;
  readonly #health: Health;
  readonly #waiting = new Map<number, Waiting>();
  readonly #forget: readonly (() => void)[];
  #asked = 0;
  #ended = false;

  /** @param script name of the file beside this one that the thread runs, without its ending */
  constructor(script: string, { clock, configuration, county, health, log, metrics }: AppParts) {
    this.#name = script;
    this.#log = log;
    this.#health = health;
    const time = clock instanceof DrivenClock ? new SharedArrayBuffer(8) : undefined;
    // As source or as built.
    const url = new URL(`./${script}${extname(import.meta.filename)}`, import.meta.url);
    this.#worker = new Worker(url, { workerData: { configuration, county: county.files, time } satisfies WorkerTold });
    this.#worker.on('message', (said: Said) => this.#heard(said));
    this.#worker.on('exit', () => {
      if (!this.#ended) throw new Error(`a thread of the hub has ended: ${this.#name}`);
    });
    this.#forget = [
      ...(clock instanceof DrivenClock && time ? [shareTime(clock, time)] : []),
      county.onChange(() => void this.#ask('county', county.files)),
    ];
    metrics.alsoFrom(
      () => (this.#ended ? Promise.resolve([]) : this.#ask('metrics', undefined)) as Promise<MetricsSnapshot>,
    );
  }

  /** Asks the thread. Rejects with what it failed with. */
  ask<Q extends keyof Own & string>(question: Q, argument: Own[Q]['argument']): Promise<Own[Q]['answer']> {
    return this.#ask(question, argument);
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

  #ask(ask: string, argument: unknown): Promise<unknown> {
    const n = ++this.#asked;
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(n, { resolve, reject }));
    this.#worker.postMessage({ n, ask, argument } satisfies Asked);
    return answer;
  }

  #heard(said: Said): void {
    if ('log' in said) {
      this.#log[said.log](said.event, said.fields);
      return;
    }
    if ('broken' in said) {
      this.#health.broken(said.broken);
      return;
    }
    const waiting = this.#waiting.get(said.n);
    this.#waiting.delete(said.n);
    if ('answer' in said) waiting?.resolve(said.answer);
    else waiting?.reject(said.refused ? new StartRefused(said.failed) : new Error(said.failed));
  }
}

/** The driven clock's time where a thread reads it; it is there before anybody who moved the clock goes on. @returns what ends that */
function shareTime(clock: DrivenClock, time: SharedArrayBuffer): () => void {
  const shared = new BigInt64Array(time);
  const share = (now: Instant): void => void Atomics.store(shared, 0, BigInt(now));
  share(clock.now());
  return clock.onChange(share);
}
