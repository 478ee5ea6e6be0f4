import { Rounds } from '#libs/service';
import { lockLane, Outbox } from '#libs/messaging';
import { retryingTransaction, type Tx } from '#libs/persistence';
import { errorFields, rootTrace, type Log } from '#libs/platform';
import type { Pool } from 'pg';
import { CaseBook } from '../deciding/case-book.ts';
import type { RoutingRules } from '../routing-rules.ts';
import { lockAndLoadStays } from '../deciding/load-stays.ts';
import { ROUTER_SCHEMA } from '../router-schema.ts';
import { putSaidStays } from '../said-stays/said-stays.ts';

/** Few enough that the partition, whose position is locked meanwhile, hardly waits. */
const AT_ONCE = 50;
/** Between two looks when there was nothing to say, ms of the machine's clock. */
const IDLE = 1000;

/** Stays that are to be said on one lane: those that an event of that partition made be said last, or no event yet. */
const NEXT = `
select stay_id, part from stay
where unsaid and part is not distinct from (select part from stay where unsaid order by stay_id limit 1)
order by stay_id limit ${AT_ONCE}`;

const LOCK_POSITION = `
select lane from position where grp = $1 and topic = $2 and part = $3 for update`;

/** Stays of which something is still to leave on another lane; what can never be sent is waited for by nobody. */
const WAITING = `
select distinct key from outbox where topic = $1 and key = any($2::text[]) and lane <> $3 and stuck_reason is null`;

export interface UnsaidParts {
  readonly pool: Pool;
  /** The consumer group whose positions are the lanes of the partitions. */
  readonly group: string;
  readonly rules: RoutingRules;
}

/**
 * Says the stays that are marked `unsaid`, at most some at once.
 *
 *   a state of the version before   all its stays are marked: each is said once, in chunks, on a lane of their own
 *   said on another lane than last  said once more, on the lane that its next event is likely to use, as soon as nothing of
 *                                   it waits on any other lane: its newest record is then the last one (said-stays.ts)
 *
 * @returns the lane on which something was said; undefined when nothing could be
 */
export async function sayUnsaidStays({ pool, group, rules }: UnsaidParts): Promise<number | undefined> {
  return retryingTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ stay_id: string; part: number | null }>(NEXT);
    const [first] = rows;
    if (!first) return undefined;
    const lane = await lockLaneOf(tx, first.part, group, rules.topics.events);
    const waiting = await tx.query<{ key: string }>(WAITING, [
      rules.topics.stays,
      rows.map((row) => row.stay_id),
      lane,
    ]);
    const held = new Set(waiting.rows.map(({ key }) => key));
    const stayIds = rows.map((row) => row.stay_id).filter((stayId) => !held.has(stayId));
    if (stayIds.length === 0) return undefined;
    const known = await lockAndLoadStays(tx, stayIds);
    // One that was said on another lane meanwhile is looked at anew.
    const still = known.said.filter(({ unsaid, part }) => unsaid && (part ?? null) === first.part);
    const wanted = new Set(stayIds);
    const book = new CaseBook(known, rules);
    const records = book.sayUnsaid(
      still.map(({ stayId }) => stayId).filter((stayId) => wanted.has(stayId)),
      rootTrace(),
    );
    await putSaidStays(tx, book.changes().said);
    await Outbox.append(tx, ROUTER_SCHEMA, lane, records);
    return lane;
  });
}

/** First in the transaction, as a consumer locks its position first: one order for all. */
async function lockLaneOf(tx: Tx, part: number | null, group: string, topic: string): Promise<number> {
  if (part !== null) {
    const { rows } = await tx.query<{ lane: number }>(LOCK_POSITION, [group, topic, part]);
    if (rows[0]) return rows[0].lane;
  }
  return lockLane(tx, ROUTER_SCHEMA, 'unsaid stays');
}

/** Says what is marked `unsaid`, beside the consumer, until it is stopped. */
export function unsaidStays(parts: UnsaidParts & { readonly kick: (lane: number) => void; readonly log: Log }): Rounds {
  const rounds: Rounds = new Rounds(
    async () => {
      while (!rounds.isStopped) {
        const lane = await sayUnsaidStays(parts);
        if (lane === undefined) return;
        parts.kick(lane);
      }
    },
    // PostgreSQL away: nothing is said, and the next round tries again.
    { idleMillis: IDLE, onFailure: (error) => parts.log.debug('stays-unsaid', errorFields(error)) },
  );
  return rounds;
}
