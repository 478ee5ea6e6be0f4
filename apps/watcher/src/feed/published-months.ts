import {
  HOUR,
  isInFeed,
  isReadmission,
  localDate,
  monthOf,
  monthTable,
  pairCounts,
  pairRates,
  parametersOn,
  ratesOf,
  READMISSIONS,
  recurringPairs,
  recurringUnits,
  startOfLocalDay,
  type CountedStay,
  type Instant,
  type PairCounts,
  type PairKind,
  type PairRate,
  type PublishedMonth,
  type Rate,
  type StayProfile,
} from '#libs/domain';
import { lockLane, Outbox, type TopicNames } from '#libs/messaging';
import { retryingTransaction, type Tx } from '#libs/persistence';
import { childTrace, type IdMaker } from '#libs/platform';
import type { Pool } from 'pg';
import { SCHEMA } from '../migrations/index.ts';
import { statement } from '../query.ts';

const LANE = 'feed';

/** $1 the latest month that may be published. */
const UNPUBLISHED = statement(
  'unpublished-months',
  `select distinct f.month from followed_stay f where f.month <= $1
     and not exists (select from feed_month p where p.month = f.month) order by 1`,
);
/** $1 month, $2 codes that are counted without a case: what is counted in it, and the codes that lead what stands of each stay. */
const COUNTED = statement(
  'counted-stays',
  `select f.stay_id, f.profile,
     array(select code from deviation_case d where d.stay_id = f.stay_id and d.standing and d.state <> 'rejected')
       || array(select code from deviation r where r.stay_id = f.stay_id and r.status = 'final' and r.code = any($2)) as codes
   from followed_stay f where f.month = $1`,
);
/** $1 month, $2 when, $3 the table, $4 what was counted. */
const PUBLISH = statement(
  'publish-month',
  `insert into feed_month (month, published_at, body, counted) values ($1, $2, $3, $4) on conflict do nothing`,
);
/** $1 month, $2 its pairs. */
const KEEP_PAIRS = statement('keep-pairs', `insert into month_pairs (month, pairs) values ($1, $2)`);
const PUBLISHED = statement(
  'published-month',
  `select published_at::float8 as at, body, counted from feed_month where month = $1`,
);
const MONTHS = statement('published-months', `select month from feed_month order by month`);
/** $1 from, $2 to. */
const TABLES = statement(
  'published-tables',
  `select body from feed_month where month between $1 and $2 order by month`,
);
const WATERMARK = statement('watermark-of-feed', `select at::float8 as at from watermark`);

/** What months are published with. */
export interface PublishingParts {
  readonly topics: Pick<TopicNames, 'deviationFeed'>;
  readonly ids: Pick<IdMaker, 'other'>;
}

/**
 * Publishes each month that has closed: the watermark has passed its last day by the days of its row (`monthClosingDays`). A month is published
 * once, on `deviation-feed` and here, and never changed: the difference of two versions would tell whom a correction was
 * of. What came later is told as a rounded number of corrections.
 * @returns the lane to be kicked, when something was said
 */
export async function publishClosedMonths(pool: Pool, parts: PublishingParts): Promise<number | undefined> {
  const { rows } = await pool.query<{ at: Instant | null }>(WATERMARK([]));
  const watermark = rows[0]?.at ?? undefined;
  if (watermark === undefined) return undefined;
  const closed = lastClosed(watermark);
  if ((await pool.query(UNPUBLISHED([closed]))).rowCount === 0) return undefined;
  return retryingTransaction(pool, async (tx) => {
    const lane = await lockLane(tx, SCHEMA, LANE);
    const { rows: months } = await tx.query<{ month: string }>(UNPUBLISHED([closed]));
    for (const { month } of months) await publish(tx, month, { watermark, lane, parts });
    return lane;
  });
}

/** The latest month that has closed at an instant; the row of the day of the instant says how long after its end. */
export function lastClosed(instant: Instant): string {
  const { monthClosingDays } = parametersOn(localDate(instant));
  const first = `${monthOf(instant - monthClosingDays * 24 * HOUR)}-01`;
  return monthOf(startOfLocalDay(first) - 1);
}

async function publish(
  tx: Tx,
  month: string,
  { watermark, lane, parts }: { watermark: Instant; lane: number; parts: PublishingParts },
): Promise<void> {
  const counted = await countedIn(tx, month);
  const { smallNumber: threshold } = parametersOn(`${month}-01`);
  const stays = counted.map(({ stay }) => stay);
  const table = monthTable(stays, threshold);
  const publishedAt = new Date(watermark).toISOString();
  const before = await tx.query<{ body: string }>(TABLES(['0000-01', month]));
  const months = [...before.rows.map((row) => JSON.parse(row.body) as PublishedMonth), { month, ...table }];
  const recurring = {
    units: recurringUnits(months, month),
    pairs: recurringPairs(stays, table.lines, threshold),
  };
  const body = JSON.stringify({ month, publishedAt, threshold, ...table, recurring } satisfies PublishedMonth);
  const marks = JSON.stringify(Object.fromEntries(counted.map(({ stayId, stay }) => [stayId, markOf(stay)])));
  if ((await tx.query(PUBLISH([month, watermark, body, marks]))).rowCount === 0) return;
  await tx.query(KEEP_PAIRS([month, JSON.stringify(pairCounts(stays))]));
  const id = parts.ids.other('feed-month', month);
  await Outbox.append(tx, SCHEMA, lane, [
    {
      ...{ topic: parts.topics.deviationFeed, key: id, id, kind: 'deviation-month', schemaVersion: 1 },
      ...{ traceparent: childTrace(undefined), value: body },
    },
  ]);
}

interface Counted {
  readonly stayId: string;
  readonly stay: CountedStay;
}

async function countedIn(tx: Pick<Tx, 'query'>, month: string): Promise<Counted[]> {
  const { rows } = await tx.query<{ stay_id: string; profile: string; codes: string[] }>(
    COUNTED([month, READMISSIONS]),
  );
  return rows.map(({ stay_id: stayId, profile, codes }) => ({
    stayId,
    stay: { profile: JSON.parse(profile) as StayProfile, codes: [...new Set(codes)].filter(isInMonth).sort() },
  }));
}

const isInMonth = (code: string): boolean => isInFeed(code) || isReadmission(code);

/** All of a stay that the table is made of. */
function markOf({ profile, codes }: CountedStay): string {
  const { unit, hospitalKind, careType, municipality, board, sex, age, need, call } = profile;
  return [unit, hospitalKind, careType, municipality ?? '', board ?? '', sex, age, need, call ?? '', ...codes].join(
    '|',
  );
}

/** A closed month as it was published, and how many stays would be counted otherwise today; undefined while it is not closed. */
export async function publishedMonth(
  pool: Pool,
  month: string,
): Promise<(PublishedMonth & { corrections: string }) | undefined> {
  const { rows } = await pool.query<{ body: string; counted: string }>(PUBLISHED([month]));
  const [row] = rows;
  if (!row) return undefined;
  const before = new Map(Object.entries(JSON.parse(row.counted) as Record<string, string>));
  const now = new Map(
    (await countedIn(pool as Pick<Tx, 'query'>, month)).map(({ stayId, stay }) => [stayId, markOf(stay)]),
  );
  const stays = new Set([...before.keys(), ...now.keys()]);
  const changed = [...stays].filter((stay) => before.get(stay) !== now.get(stay)).length;
  const published = JSON.parse(row.body) as PublishedMonth;
  return { ...published, corrections: roundedCorrections(changed, published.threshold) };
}

/** In whole thresholds: asked day after day the number never tells of a single one. */
function roundedCorrections(changed: number, threshold: number): string {
  if (changed === 0) return 'none';
  return changed < threshold ? `fewer-than-${threshold}` : `at-least-${changed - (changed % threshold)}`;
}

/** The months that are published, oldest first. */
export async function publishedMonths(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ month: string }>(MONTHS([]));
  return rows.map(({ month }) => month);
}

const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/;

/** True of a month as it is written in addresses and answers: `2026-05`. */
export function isMonth(text: string): boolean {
  return MONTH.test(text);
}

/** The months from one to another, both `2026-05`. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** Rates of a measure per unit over the months that are published. */
export async function patternsOf(pool: Pool, measure: string, { from, to }: Period): Promise<Rate[]> {
  const { rows } = await pool.query<{ body: string }>(TABLES([from, to]));
  const months = rows.map(({ body }) => JSON.parse(body) as PublishedMonth);
  return ratesOf(months, measure);
}

/** $1 from, $2 to: the months in which a stay ended, with the pairs of those that were published. */
const MONTHS_OF_PAIRS = statement(
  'months-of-pairs',
  `select m.month, p.pairs from (select distinct month from followed_stay where month between $1 and $2) m
   left join month_pairs p using (month) order by m.month`,
);

/**
 * Rates of a measure per pair over months: of a month that was published as it was then, of any other as it is known now. For the
 * operator alone, as small numbers stand in them.
 */
export async function pairsOf(pool: Pool, kind: PairKind, measure: string, { from, to }: Period): Promise<PairRate[]> {
  const { rows } = await pool.query<{ month: string; pairs: string | null }>(MONTHS_OF_PAIRS([from, to]));
  const counts: PairCounts[] = [];
  for (const { month, pairs } of rows) {
    if (pairs !== null) counts.push(...(JSON.parse(pairs) as PairCounts[]));
    else counts.push(...pairCounts((await countedIn(pool, month)).map(({ stay }) => stay)));
  }
  return pairRates(counts, kind, measure);
}
