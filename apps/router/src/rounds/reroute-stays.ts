import type { Pool } from 'pg';
import { DIRECTORY, type Instant } from '#libs/domain';
import { Rounds } from '#libs/service';
import { GroupCommitProducer, pause } from '#libs/messaging';
import { retryingTransaction } from '#libs/persistence';
import { errorFields, type Clock, type Log } from '#libs/platform';
import { CaseBook } from '../deciding/case-book.ts';
import { lockAndLoadStays } from '../deciding/load-stays.ts';
import { rulesNow, type RoutingRules } from '../routing-rules.ts';
import { decisionRecord } from '../deciding/decision-record.ts';
import { putSaidStays } from '../said-stays/said-stays.ts';

/** Few enough that a batch of messages that touches one of them hardly waits. */
const AT_ONCE = 25;
/** Between two looks when nothing was left, ms of the machine's clock. */
const IDLE = 1000;

const NEXT = `
select stay_id from stay where routed_at < $1 order by routed_at, stay_id limit ${AT_ONCE}`;

interface ReroutingParts {
  readonly pool: Pool;
  readonly rules: RoutingRules;
  readonly producer: Pick<GroupCommitProducer, 'sendAll'>;
  readonly clock: Clock;
}

/** The stays that were looked at, and of how many others are told now. */
interface Looked {
  readonly stays: number;
  readonly rerouted: number;
}

/**
 * Another directory reaches the stays that are open (RTE-24): one that is imported, and one whose rows begin or end on a day.
 *
 *   decided     by the directory of its latest event: `stay.routed_at` says up to which instant that has been looked at
 *   overtaken   a change has come into force since, and nobody has looked: found by an index, some at once
 *   looked at   the same are told: nothing happens. Others are told: that is said on `inbound`, as an event of the stay with an
 *               intake of its own, which router and watcher fold like any message; so a replay makes the same of it
 *
 * A message that was taken in before the change and comes to be applied after it takes its stay back to its own instant, and
 * so is looked at again. Killed between saying and keeping, the same is said once more under the same id.
 *
 * @param since the latest change that is in force at `now`
 */
async function lookAtStays(
  { pool, rules, producer, clock }: ReroutingParts,
  since: Instant,
  now: Instant,
): Promise<Looked> {
  return retryingTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ stay_id: string }>(NEXT, [since]);
    const stayIds = rows.map((row) => row.stay_id);
    if (stayIds.length === 0) return { stays: 0, rerouted: 0 };
    const going = rulesNow(rules);
    const book = new CaseBook(await lockAndLoadStays(tx, stayIds), going);
    const rerouted = book.lookAt(stayIds, since, now);
    await putSaidStays(tx, book.changes().said);
    const { version } = going.county.directory.at(now);
    await producer.sendAll(
      rerouted.map(({ stayId, routedAt }) => {
        const reason = 'Katalogen har ändrats.';
        const decision = { kind: 'directory-changed' as const, stay: stayId, reason, version, at: since };
        const claim = `${DIRECTORY}:${stayId}:${version}:${since}:${routedAt}`;
        return decisionRecord(decision, { sender: DIRECTORY, claim, at: now }, going, clock);
      }),
    );
    return { stays: stayIds.length, rerouted: rerouted.length };
  });
}

/** Lets changes of the directory reach the open stays, beside the consumer, until it is stopped. */
export class ReroutedStays {
  readonly #parts: ReroutingParts & { readonly producer: GroupCommitProducer; readonly log: Log };
  readonly #rounds: Rounds;

  /** @param parts.producer of its own: it is stopped with this */
  constructor(parts: ReroutingParts & { readonly producer: GroupCommitProducer; readonly log: Log }) {
    this.#parts = parts;
    this.#rounds = new Rounds(() => this.#lookAtAll(), {
      idleMillis: IDLE,
      // PostgreSQL or Kafka away: nothing is kept, and the next round says the same again.
      onFailure: (error) => parts.log.debug('stays-rerouted', errorFields(error)),
    });
  }

  async stop(): Promise<void> {
    await this.#rounds.stop();
    await this.#parts.producer.stop();
  }

  /**
   * Looks at all stays that a change has overtaken by now.
   * @returns of how many others are told
   */
  catchUp(): Promise<number> {
    return this.#rounds.between(() => this.#lookAtAll());
  }

  async #lookAtAll(): Promise<number> {
    const { rules, clock, log } = this.#parts;
    let [stays, rerouted] = [0, 0];
    for (;;) {
      const now = clock.now();
      const since = rules.county.directory.changes.findLast((at) => at <= now);
      if (since === undefined || this.#rounds.isStopped) return rerouted;
      const began = performance.now();
      const looked = await lookAtStays(this.#parts, since, now);
      if (looked.stays === 0) break;
      stays += looked.stays;
      rerouted += looked.rerouted;
      // As long for the line as for this.
      if (!clock.driven) await pause(performance.now() - began);
    }
    if (stays > 0) log.info('stays.rerouted', { stays, rerouted, directory: rules.county.directory.version });
    return rerouted;
  }
}
