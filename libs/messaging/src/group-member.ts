import { ConsumerSession, type SessionOptions } from './consumer-session.ts';
import { BackOff, pause, within } from './waiting.ts';

/** A session that lived so long was no failure to start. */
const WENT_WELL_MS = 10_000;

/**
 * Keeps one member of a group alive. States: working (a session with its kafkajs consumer), between sessions (a pause, then a new one), stopped.
 *
 * working -> between: the session ended by itself (crash, Kafka away, silence); the pause grows from 0.2 s to 2 s.
 * working -> working: topics were added; kafkajs resolves topics only at subscribe, so that takes a new consumer.
 * any -> stopped: `stop`.
 */
export class GroupMember {
  readonly #options: SessionOptions;
  readonly #topics: Set<string>;
  readonly #life: Promise<void>;
  readonly ready: Promise<void>;
  #becomeReady: () => void = () => undefined;
  #session: ConsumerSession;
  #stopped = false;
  #interrupt: () => void = () => undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#topics = new Set(options.topics);
    this.ready = new Promise((resolve) => (this.#becomeReady = resolve));
    this.#session = this.#newSession();
    this.#life = this.#live();
  }

  /** In: topics, known ones included. Resolves when the member has joined with all of them. */
  async addTopics(topics: readonly string[]): Promise<void> {
    const before = this.#topics.size;
    for (const topic of topics) this.#topics.add(topic);
    if (this.#topics.size === before || this.#hasStopped()) return;
    const old = this.#session;
    old.retire('topics added');
    while (!this.#hasStopped() && this.#session === old) await pause(5);
    await Promise.race([this.#session.joined, this.#life]);
  }

  /** Leaves the group; at most 5 s, whatever Kafka does. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#session.retire('stopped');
    this.#interrupt();
    await within(4800, this.#life);
    this.#becomeReady();
  }

  #newSession(): ConsumerSession {
    const session = new ConsumerSession({ ...this.#options, topics: [...this.#topics] });
    void session.joined.then(() => this.#becomeReady());
    return session;
  }

  async #live(): Promise<void> {
    const backOff = new BackOff(200, 2000);
    while (!this.#stopped) {
      const began = Date.now();
      void this.#session.open();
      const reason = await this.#session.ended;
      await this.#session.close();
      if (this.#hasStopped()) return;
      if (reason !== 'topics added') {
        if (Date.now() - began > WENT_WELL_MS) backOff.reset();
        const wait = backOff.next();
        this.#options.log.warn('consumer.rebuilt', { group: this.#options.group, reason, afterMs: wait });
        await this.#between(wait);
      }
      this.#session = this.#newSession();
    }
  }

  /** Read through a method: the flag changes during every await. */
  #hasStopped(): boolean {
    return this.#stopped;
  }

  async #between(ms: number): Promise<void> {
    await Promise.race([pause(ms), new Promise<void>((resolve) => (this.#interrupt = resolve))]);
  }
}
