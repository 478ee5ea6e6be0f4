import type { Instant } from '#libs/domain';
import type { GroupCommitProducer, OutRecord } from '#libs/messaging';
import { rootTrace, type Clock, type IdMaker } from '#libs/platform';

export interface BeatsOptions {
  readonly producer: Pick<GroupCommitProducer, 'send'>;
  readonly topic: string;
  readonly replica: string;
  readonly clock: Clock;
  readonly ids: IdMaker;
  /** Of the machine's clock. */
  readonly everyMillis: number;
  /** True while the hub moves its clock: a beat at an instant half way would read as an outage before it. */
  readonly silent: () => boolean;
}

/**
 * Says once a second of the machine's clock that this replica can store, with the hub's time (architecture 7). More than
 * a few seconds without a beat of any replica is an outage of the hub, so a beat goes the way of the messages and is
 * written only when it can be stored.
 */
export class Beats {
  readonly #options: BeatsOptions;
  #timer: NodeJS.Timeout | undefined;
  #seq = 0;
  #unanswered = 0;

  constructor(options: BeatsOptions) {
    this.#options = options;
  }

  start(): void {
    void this.beat();
    this.#timer = setInterval(() => this.#tick(), this.#options.everyMillis);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Writes a beat with the clock's time; `steppedFrom` names where the driven clock stood before. Tells whether it is stored. */
  async beat(steppedFrom?: Instant): Promise<boolean> {
    // The record is made at once: the clock may move while the producer waits.
    const record = this.#record(steppedFrom);
    this.#unanswered++;
    try {
      await this.#options.producer.send(record);
      return true;
    } catch {
      return false;
    } finally {
      this.#unanswered--;
    }
  }

  /** While Kafka is away one beat waits, not one more every second. */
  #tick(): void {
    if (this.#unanswered === 0 && !this.#options.silent()) void this.beat();
  }

  #record(steppedFrom: Instant | undefined): OutRecord {
    const { topic, replica, clock, ids } = this.#options;
    const seq = ++this.#seq;
    const id = ids.other('beat', replica, `${seq}`);
    const at = new Date(clock.now()).toISOString();
    const stepped = steppedFrom === undefined ? {} : { steppedFrom: new Date(steppedFrom).toISOString() };
    return {
      topic,
      key: replica,
      id,
      kind: 'beat',
      schemaVersion: 1,
      traceparent: rootTrace(id),
      value: JSON.stringify({ at, replica, seq, ...stepped }),
    };
  }
}
