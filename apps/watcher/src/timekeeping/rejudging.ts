import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { DEVIATIONS, parametersOn, type Parameters } from '#libs/domain';
import { lockLane, Outbox } from '#libs/messaging';
import { retryingTransaction, type Tx } from '#libs/persistence';
import { judgeStays, judgingNow, type Judging, type JudgingParts } from '../judging/judge-stays.ts';
import { keepStays, lockAll, type WatchedStay } from '../judging/watched-stay.ts';
import { SCHEMA } from '../migrations/index.ts';
import { statement } from '../query.ts';
import type { HubTimes } from '../watermark/hub-time.ts';

/*
 * After a change of rules every stay is judged again, whether or not anything comes of it or falls due.
 *
 *   at rest   the stays were judged by these rules
 *   passing   the rules are others than those that were written down: stay after stay in the order of their ids, some at a time,
 *             between the sweeps, so that what falls due meanwhile is said in time
 *
 * at rest -> passing at a start with other rules (a pass that was under way begins anew); passing -> at rest at the last stay.
 * How far it has come commits with what was judged: a restart goes on from there.
 */

/** $1 the rules. The first start writes them down and passes nothing: what comes is judged by them anyhow. */
const BEGIN = statement(
  'begin-rejudging',
  `insert into rejudging as r (id, rules, after_stay)
   values (1, $1, case when exists (select 1 from stay) then '' end)
   on conflict (id) do update set rules = excluded.rules, after_stay = ''
   where r.rules <> excluded.rules`,
);
/** Another replica that passes holds the row: then there is nothing to do here. */
const PLACE = statement(
  'rejudging-place',
  `select after_stay from rejudging where id = 1 and after_stay is not null for update skip locked`,
);
/** $1 the last stay that was judged, $2 how many. */
const NEXT = statement('rejudging-next', `select stay_id from stay where stay_id > $1 order by stay_id limit $2`);
/** $1 the last stay that was judged; null: all are. */
const REACHED = statement('rejudging-reached', `update rejudging set after_stay = $1 where id = 1`);

/** Stays of one transaction: as many as take this long, ms, so that a sweep or a message of one of them waits no longer for it. */
const SLICE = 200;
const [FEWEST, FIRST, MOST] = [20, 100, 400];

/** A name of all that judgements go by: the rows of the codes and the numbers in force. */
function rulesName(parameters: (date: string) => Parameters): string {
  const rows = DEVIATIONS.map(({ code, rows }) => [code, rows]);
  const dates = [...new Set(DEVIATIONS.flatMap((one) => one.rows.map(({ from }) => from)))].sort();
  const numbers = [...dates, '9999-12-31'].map((date) => [parameters(date), parametersOn(date)]);
  return createHash('sha256')
    .update(JSON.stringify([rows, numbers]))
    .digest('base64url')
    .slice(0, 22);
}

export interface RejudgingParts {
  readonly pool: Pool;
  readonly judging: JudgingParts;
  readonly hubTimes: HubTimes;
  /** Called after each commit that had something to say. */
  readonly onSaid: (lane: number, records: number) => void;
  /** Of a pass under way: what share of the stays has been judged. 1: it is through. */
  readonly onProgress: (share: number) => void;
}

export class Rejudging {
  readonly #parts: RejudgingParts;
  #atOnce = FIRST;

  constructor(parts: RejudgingParts) {
    this.#parts = parts;
  }

  /** Begins a pass when the rules are others than those that the stays were judged by. */
  async begin(): Promise<void> {
    await this.#parts.pool.query(BEGIN([rulesName(this.#parts.judging.rules.parameters)]));
  }

  /** Judges some more stays of a pass under way. @returns true while there are more */
  async goOn(): Promise<boolean> {
    const { pool, judging, onSaid, onProgress } = this.#parts;
    const now = judgingNow(judging);
    const begun = performance.now();
    const step = await retryingTransaction(pool, (tx) => this.#step(tx, now));
    if (!step) return false;
    const fitting = (step.stays.length * SLICE) / (performance.now() - begun);
    this.#atOnce = Math.round(Math.min(MOST, Math.max(FEWEST, fitting)));
    keepStays(step.stays, now.kept);
    if (step.said > 0) onSaid(step.lane, step.said);
    onProgress(step.last === undefined ? 1 : shareOf(step.last));
    return step.last !== undefined;
  }

  async #step(tx: Tx, judging: Judging): Promise<Step | undefined> {
    const { rows: places } = await tx.query<{ after_stay: string }>(PLACE([]));
    const place = places[0];
    if (!place) return undefined;
    const lane = await lockLane(tx, SCHEMA, LANE);
    const time = await this.#parts.hubTimes.read(tx);
    const { rows } = await tx.query<{ stay_id: string }>(NEXT([place.after_stay, this.#atOnce]));
    const ids = rows.map((row) => row.stay_id);
    const stays = await lockAll(tx, ids, judging.kept);
    const records = await judgeStays(tx, stays, time, judging);
    await Outbox.append(tx, SCHEMA, lane, records);
    const last = rows.length < this.#atOnce ? undefined : ids.at(-1);
    await tx.query(REACHED([last ?? null]));
    return { stays, lane, said: records.length, last };
  }
}

const LANE = 'timers';

interface Step {
  readonly stays: readonly WatchedStay[];
  readonly lane: number;
  readonly said: number;
  readonly last: string | undefined;
}

/** Ids are spread evenly: the first digits of the last one tell how many came before it. */
function shareOf(stayId: string): number {
  return parseInt(stayId.slice(0, 8), 16) / 2 ** 32;
}
