import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { fault, type Log, type Metrics } from '#libs/platform';
import { HTTP_PARTS, type HttpParts } from './http-parts.ts';
import { refuse } from './refusal.ts';

const INTERVAL_MILLIS = 60_000;
/** Wrong tokens of one address within an interval that are answered at once: a mistyped setting is no attack. */
const AT_ONCE = 20;
const DELAY_MILLIS = 1000;
/** Answers held back at one time; what comes beyond that is refused without waiting, so that waiting costs no memory. */
const MOST_WAITING = 64;
/** Addresses that are told apart; whoever has more than these counts as one. */
const MOST_ADDRESSES = 10_000;

/**
 * Tokens that nobody has: counted, told in the log, and slowed. A right token is never slowed, whatever else comes from its
 * address (a proxy may stand for many).
 *
 *   calm     nothing wrong in this interval
 *   telling  the first wrong token was told at once; the rest of the interval is counted, and told in one line at its end
 */
@Injectable()
export class WrongTokens implements OnApplicationShutdown {
  readonly #log: Log;
  readonly #metrics: Metrics;
  #byAddress = new Map<string, number>();
  #untold = 0;
  #waiting = 0;
  #interval: NodeJS.Timeout | undefined;

  constructor(@Inject(HTTP_PARTS) { log, metrics }: Pick<HttpParts, 'log' | 'metrics'>) {
    this.#log = log;
    this.#metrics = metrics;
  }

  /**
   * Notes a wrong token, and waits when that address has had many.
   * @throws RefusedRequest (429) when too many wait already
   */
  async met(address: string): Promise<void> {
    this.#metrics.counter('http_wrong_tokens_total', 'Requests with a token that nobody has').inc();
    this.#untold += 1;
    if (this.#interval === undefined) this.#tell();
    if (this.#count(address) <= AT_ONCE) return;
    if (this.#waiting >= MOST_WAITING) refuse(fault('too-many-requests'));
    this.#waiting += 1;
    await sleep(DELAY_MILLIS, undefined, { ref: false });
    this.#waiting -= 1;
  }

  onApplicationShutdown(): void {
    clearTimeout(this.#interval);
  }

  #count(address: string): number {
    const key = this.#byAddress.has(address) || this.#byAddress.size < MOST_ADDRESSES ? address : 'others';
    const count = (this.#byAddress.get(key) ?? 0) + 1;
    this.#byAddress.set(key, count);
    return count;
  }

  /** Addresses stay out of the log: behind a home's connection an address is a person's. */
  #tell(): void {
    this.#log.warn('http.wrong-tokens', { count: this.#untold, addresses: Math.max(this.#byAddress.size, 1) });
    this.#untold = 0;
    this.#byAddress = new Map();
    this.#interval = setTimeout(() => {
      this.#interval = undefined;
      if (this.#untold > 0) this.#tell();
      else this.#byAddress = new Map();
    }, INTERVAL_MILLIS).unref();
  }
}
