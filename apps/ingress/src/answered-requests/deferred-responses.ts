import type { Pool } from 'pg';
import { isDatabaseTrouble, type Tx } from '#libs/persistence';
import { errorFields, type Log, type Metrics } from '#libs/platform';
import { ANSWER_COLUMNS, answerIn, WITH_TEMPLATE, type AnswerRow } from './answer.ts';

/** Where the answer of a request goes instead of the answer to the request. */
export interface Deferred {
  readonly sender: string;
  readonly address: string;
}

const PUT = `
insert into deferred_response (request, sender, address)
select * from unnest($1::uuid[], $2::text[], $3::text[])
on conflict (request) do update set
  sender = excluded.sender, address = excluded.address, asked_at = now(), next_at = now(), tries = 0`;

/** Whoever takes a row has it for as long as a try can last; killed in it, somebody takes it again (at least once). */
const TAKE_DUE = `
update deferred_response d set next_at = now() + make_interval(secs => $2), tries = d.tries + 1
from answered_request a ${WITH_TEMPLATE}
where a.id = d.request and d.request in (
  select request from deferred_response where next_at <= now() order by next_at limit $1 for update skip locked
)
returning d.request, d.sender, d.address, d.tries, d.asked_at < now() - make_interval(hours => $3) as is_last,
  ${ANSWER_COLUMNS}`;

const DONE = 'delete from deferred_response where request = $1 and address = $2 and tries = $3';
const LATER =
  'update deferred_response set next_at = now() + make_interval(secs => $4) where request = $1 and address = $2 and tries = $3';

interface Row extends AnswerRow {
  readonly request: string;
  readonly sender: string;
  readonly address: string;
  readonly tries: number;
  readonly is_last: boolean;
}

const MOST_AT_ONCE = 4;
const TRY_SECONDS = 10;
/** Longer than a try with its database work can be. */
const LEASE_SECONDS = 60;
const FIRST_PAUSE_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 300;
/** After that it is left: the sender asks again with the same message, and gets the same answer. */
const GIVE_UP_HOURS = 24;
const LOOK_EVERY_MILLIS = 1000;

/** Registers where answers go, in the transaction in which they are registered. */
export async function defer(tx: Tx, deferred: readonly (Deferred & { readonly request: string })[]): Promise<void> {
  if (deferred.length === 0) return;
  await tx.query(PUT, [
    deferred.map(({ request }) => request),
    deferred.map(({ sender }) => sender),
    deferred.map(({ address }) => address),
  ]);
}

export interface DeferredResponsesParts {
  readonly pool: Pool;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Asked before each try: an address that the county has taken away is connected to no more. */
  readonly isAllowed: (sender: string, address: string) => boolean;
}

/**
 * Sends answers where their senders want them, at least once each:
 *
 *   due        its time has come
 *   tried      taken by one replica for a minute; killed in it, it is due again
 *   taken      the address answered 2xx: the row goes
 *   later      anything else: due again after a pause that doubles, up to five minutes
 *   given up   after a day, or when the county no longer allows the address: the row goes, and the log says so
 *
 * Nothing of where an answer goes comes from a message: a message names one of the addresses that the county allows its
 * sender, to the letter. Redirects are not followed, and what the address answers is not read. Pauses are of the
 * machine's clock (PostgreSQL's): no duty hangs on them.
 */
export class DeferredResponses {
  readonly #parts: DeferredResponsesParts;
  readonly #told;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(parts: DeferredResponsesParts) {
    this.#parts = parts;
    const help = 'Answers that were to be sent to an address of their sender';
    this.#told = parts.metrics.counter('ingress_deferred_responses_total', help, ['outcome']);
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MILLIS);
  }

  /** Looks for what is due; one look at a time. */
  look(): void {
    if (this.#abort.signal.aborted) return;
    this.#running ??= this.#sendDue().finally(() => (this.#running = undefined));
  }

  /** Ends the tries that are under way; they are made again at the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#abort.abort();
    await this.#running;
  }

  async #sendDue(): Promise<void> {
    const { pool, log } = this.#parts;
    try {
      for (;;) {
        const { rows } = await pool.query<Row>(TAKE_DUE, [MOST_AT_ONCE, LEASE_SECONDS, GIVE_UP_HOURS]);
        await Promise.all(rows.map((row) => this.#try(row)));
        if (rows.length < MOST_AT_ONCE || this.#abort.signal.aborted) return;
      }
    } catch (error) {
      // The next look finds what is due, whatever became of this one.
      if (!isDatabaseTrouble(error)) log.error('ingress.deferred-responses', errorFields(error));
    }
  }

  async #try(row: Row): Promise<void> {
    const { isAllowed, log, pool } = this.#parts;
    const { request, sender, address, tries, is_last: isLast } = row;
    const own = [request, address, tries];
    const isStill = isAllowed(sender, address);
    if (isStill && (await this.#sent(row))) {
      await pool.query(DONE, own);
      this.#told.inc({ outcome: 'taken' });
      return;
    }
    if (this.#abort.signal.aborted) return;
    if (isStill && !isLast) {
      const pause = Math.min(FIRST_PAUSE_SECONDS * 2 ** Math.min(tries - 1, 20), LONGEST_PAUSE_SECONDS);
      await pool.query(LATER, [...own, pause]);
      this.#told.inc({ outcome: 'later' });
      return;
    }
    await pool.query(DONE, own);
    this.#told.inc({ outcome: 'given-up' });
    log.warn('ingress.deferred-response-given-up', { sender, request, tries });
  }

  async #sent(row: Row): Promise<boolean> {
    const { mediaType, body } = answerIn(row);
    try {
      const response = await fetch(row.address, {
        ...{ method: 'POST', redirect: 'error', body, headers: { 'content-type': mediaType } },
        signal: AbortSignal.any([this.#abort.signal, AbortSignal.timeout(TRY_SECONDS * 1000)]),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }
}
