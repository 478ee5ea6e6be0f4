import type { Instant } from '#libs/domain';
import { reached, type Ends, type OffsetReader, type Positions, type TopicNames } from '#libs/messaging';

/**
 * The watermark W (architecture 7): everything that the hub acknowledged at or before W has been applied by the watcher.
 *
 *   idle        no probe is under way
 *   asking      t = the hub's clock; the ends of `inbound` and `uptime` are read after it
 *   translating the translator's committed offsets have not reached the ends of `inbound`, or the watcher's stored
 *               positions not those of `uptime`
 *   applying    the ends of `events`, `rejected` and `receipts` are read; the stored positions have not reached them
 *   reached     W = t, and idle again
 *
 * A probe that does not get there within its patience is carried on by the next call with the same t and the same ends: a
 * log that always grows cannot starve it. Waiting alone never moves W.
 */
export interface WatermarkParts {
  readonly now: () => Instant;
  readonly offsets: Pick<OffsetReader, 'endOffsets' | 'committedOffsets'>;
  /** The watcher's stored positions, of all replicas and partitions. */
  readonly positions: () => Promise<Positions>;
  /** The last beat of any replica that was applied. */
  readonly lastBeat: () => Promise<Instant | undefined>;
  readonly topics: Pick<TopicNames, 'inbound' | 'uptime' | 'events' | 'rejected' | 'receipts'>;
  readonly translatorGroup: string;
  /** How far past the last beat no outage can hide a deadline: a silence allowed, and less than transport's grace, ms. */
  readonly pastBeat: number;
  /** How long one call waits, ms of the machine's clock. */
  readonly patience?: number;
}

interface Probe {
  readonly at: Instant;
  readonly taken: Ends;
  applied?: Ends;
}

export class Watermark {
  readonly #parts: WatermarkParts;
  #probe: Probe | undefined;

  constructor(parts: WatermarkParts) {
    this.#parts = parts;
  }

  /** Carries the probe on. Answers W, or undefined when it is not reached yet. Rejects when Kafka or PostgreSQL is away. */
  async probe(): Promise<Instant | undefined> {
    const giveUpAt = performance.now() + (this.#parts.patience ?? 1000);
    const probe = (this.#probe ??= await this.#begin());
    if (!(await this.#until(() => this.#isTranslated(probe), giveUpAt))) return undefined;
    const { topics, offsets } = this.#parts;
    const applied = (probe.applied ??= await offsets.endOffsets([topics.events, topics.rejected, topics.receipts]));
    if (!(await this.#until(async () => reached(await this.#parts.positions(), applied), giveUpAt))) return undefined;
    this.#probe = undefined;
    return this.#withinBeats(probe.at);
  }

  async #begin(): Promise<Probe> {
    const { now, offsets, topics } = this.#parts;
    const at = now();
    return { at, taken: await offsets.endOffsets([topics.inbound, topics.uptime]) };
  }

  async #isTranslated({ taken, applied }: Probe): Promise<boolean> {
    if (applied) return true;
    const { topics, offsets, translatorGroup } = this.#parts;
    const only = (topic: string): Ends => new Map([...taken].filter(([name]) => name === topic));
    const translated = await offsets.committedOffsets(translatorGroup, [topics.inbound]);
    return reached(translated, only(topics.inbound)) && reached(await this.#parts.positions(), only(topics.uptime));
  }

  /** An outage that is not over is not known: what is due inside it must not be said, so W stays with the beats. */
  async #withinBeats(at: Instant): Promise<Instant> {
    const beat = await this.#parts.lastBeat();
    return beat === undefined ? at : Math.min(at, beat + this.#parts.pastBeat);
  }

  async #until(check: () => Promise<boolean>, giveUpAt: number): Promise<boolean> {
    for (;;) {
      if (await check()) return true;
      if (performance.now() > giveUpAt) return false;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
