import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/*
 * A measured process and the one that measures: the child says `ready` with what it is, then answers questions by name
 * until it is asked to `stop`. Load is made in the measuring process, for both sides alike.
 */

interface Question {
  readonly n: number;
  readonly ask: string;
  /** A number of whatever is asked for. */
  readonly count?: number;
}
interface Answer {
  readonly n: number;
  readonly answer?: unknown;
  readonly failed?: string;
}

/** The measuring side. */
export class Child {
  readonly ready: unknown;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  #asked = 0;

  private constructor(process: ChildProcess, ready: unknown) {
    this.#process = process;
    this.ready = ready;
    process.on('message', (message) => this.#answered(message as Answer));
    process.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the measured process has ended'));
    });
  }

  /** In: the file beside this one, what it is told, its environment, Node's options. Resolves when it is ready. */
  static async start(
    file: string,
    told: object,
    environment: Record<string, string> = {},
    nodeOptions: readonly string[] = [],
  ): Promise<Child> {
    const path = fileURLToPath(new URL(file, import.meta.url));
    const env = { ...withoutSettings(process.env), ...environment, KAFKAJS_NO_PARTITIONER_WARNING: '1' };
    // As the launcher starts every process of ours.
    const execArgv = [...process.execArgv, ...nodeOptions];
    const child = fork(path, [JSON.stringify(told)], { env, execArgv });
    const ended = once(child, 'exit').then((): never => {
      throw new Error(`${file} ended before it was ready`);
    });
    const [ready] = (await Promise.race([once(child, 'message'), ended])) as [Answer];
    ended.catch(() => undefined);
    return new Child(child, ready.answer);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  ask(question: string, count?: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const n = ++this.#asked;
      this.#waiting.set(n, { resolve, reject });
      this.#process.send({ n, ask: question, ...(count !== undefined && { count }) } satisfies Question);
    });
  }

  async stop(): Promise<void> {
    const gone = once(this.#process, 'exit');
    const force = setTimeout(() => this.#process.kill('SIGKILL'), 20_000);
    this.#process.send({ n: 0, ask: 'stop' } satisfies Question);
    await gone;
    clearTimeout(force);
  }

  #answered({ n, answer, failed }: Answer): void {
    const waiting = this.#waiting.get(n);
    this.#waiting.delete(n);
    if (failed === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(failed));
  }
}

/** A setting of the person at the keyboard must not reach one side only. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('BRYGGAN_')));
}

/** What a measured process does. */
export interface Measured {
  /** What the measuring side needs to know. */
  readonly ready: object;
  readonly answers: Readonly<Record<string, (count: number) => unknown>>;
  readonly stop: () => Promise<void>;
}

/** The measured side: what the parent told. */
export function told(): unknown {
  return JSON.parse(process.argv[2] ?? '{}');
}

/** The measured side: says that it is ready and answers until it is asked to stop, or its parent has gone. */
export function serve({ ready, answers, stop }: Measured): void {
  const end = (): void => void stop().finally(() => process.exit(0));
  const reply = (answer: Answer): void => void process.send?.(answer);
  process.on('disconnect', end);
  process.on('message', (message) => {
    const { n, ask, count = 0 } = message as Question;
    if (ask === 'stop') {
      end();
      return;
    }
    Promise.resolve()
      .then(() => answers[ask]?.(count))
      .then(
        (answer) => reply({ n, answer }),
        (error: unknown) => reply({ n, failed: error instanceof Error ? error.message : 'failed' }),
      );
  });
  reply({ n: 0, answer: ready });
}

/** Answer to `memory`, in MB. */
export interface MemoryUse {
  readonly rss: number;
  readonly heap: number;
}

export function memoryUse(): MemoryUse {
  const { rss, heapUsed } = process.memoryUsage();
  return { rss: rss / 1e6, heap: heapUsed / 1e6 };
}
