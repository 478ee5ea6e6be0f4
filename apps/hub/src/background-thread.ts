import type { Instant } from '#libs/domain';
import { PlainStage, type AppParts, type Stage } from '#libs/service';
import type { SendersReport } from '../../watcher/src/index.ts';
import { HubThread } from './hub-thread.ts';

/** The stages that nobody waits for, in the order of the line. */
const BACKGROUND_STAGES = ['dispatcher', 'watcher', 'portal'] as const;
export type BackgroundStage = (typeof BACKGROUND_STAGES)[number];

/** What their thread is asked. */
export type BackgroundQuestions = {
  /** Answers whether it is open; else the caller stops it and tries again. */
  readonly start: { readonly argument: BackgroundStage; readonly answer: boolean };
  readonly stop: { readonly argument: BackgroundStage; readonly answer: undefined };
  readonly ready: { readonly argument: BackgroundStage; readonly answer: boolean };
  /** The county is another now: what is read per party is read of those that there are now. */
  readonly followParties: { readonly argument: BackgroundStage; readonly answer: undefined };
  /** Whether the watcher has judged all that it can by now; true while it is stopped. */
  readonly judged: { readonly argument: undefined; readonly answer: boolean };
  readonly nextDue: { readonly argument: Instant; readonly answer: Instant | undefined };
  readonly judgeAt: { readonly argument: Instant; readonly answer: undefined };
  readonly senders: { readonly argument: Instant; readonly answer: SendersReport | undefined };
};

/**
 * The stages that nobody waits for (receipts, absences, views) in a thread of their own. They take the greater half of the
 * work that a message makes, and gather what comes, so that much of it is done at once: a notice that is on its way
 * through translator and router would wait behind each such piece, where they share one thread.
 */
export class BackgroundThread {
  readonly #thread: HubThread<BackgroundQuestions>;
  readonly stages: readonly Stage[];

  constructor(parts: AppParts) {
    this.#thread = new HubThread('background-worker', parts);
    this.stages = BACKGROUND_STAGES.map((name) => new StageInThread(name, this.#thread, parts));
  }

  /** See the watcher's. */
  judged(): Promise<boolean> {
    return this.#thread.ask('judged', undefined);
  }

  /** See the watcher's. */
  nextDue(upTo: Instant): Promise<Instant | undefined> {
    return this.#thread.ask('nextDue', upTo);
  }

  /** See the watcher's. */
  judgeAt(instant: Instant): Promise<void> {
    return this.#thread.ask('judgeAt', instant);
  }

  /** See the watcher's. */
  senders(since: Instant): Promise<SendersReport | undefined> {
    return this.#thread.ask('senders', since);
  }

  /** Ends the thread, in a few seconds at most. */
  end(): Promise<void> {
    return this.#thread.end();
  }
}

/** To the hub a stage as if it ran beside the others. */
class StageInThread extends PlainStage<true> {
  readonly #stage: BackgroundStage;
  readonly #thread: HubThread<BackgroundQuestions>;

  constructor(stage: BackgroundStage, thread: HubThread<BackgroundQuestions>, { log }: AppParts) {
    super(stage, log);
    this.#stage = stage;
    this.#thread = thread;
  }

  override isReady(): Promise<boolean> | boolean {
    return this.isOpen() && this.#thread.ask('ready', this.#stage);
  }

  override async followParties(): Promise<void> {
    await this.#thread.ask('followParties', this.#stage);
  }

  protected async openParts(): Promise<true> {
    if (await this.#thread.ask('start', this.#stage)) return true;
    await this.#thread.ask('stop', this.#stage);
    throw new Error(`the ${this.name} did not open`);
  }

  protected async closeParts(): Promise<void> {
    await this.#thread.ask('stop', this.#stage);
  }
}
