import {
  isInFeed,
  HOUR,
  monthOf,
  monthTable,
  ratesOf,
  startOfLocalDay,
  type CountedStay,
  type Instant,
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

/** Below this a number is small (rules 9, an inference). */
const THRESHOLD = 5;
/** Days after its end in which a month is still told late things; then it is published and never changed. */
const DAYS_TO_CLOSE = 14;
const LANE = 'feed';

/** $1 the latest month that may be published. */
const UNPUBLISHED = statement(
  'unpublished-months',
  `select distinct f.month from followed_stay f where f.month <= $1
     and not exists (select from feed_month p where p.month = f.month) order by 1`,
);
/** $1 month: what is counted in it, and the codes that lead what stands of each stay. */
const COUNTED = statement(
  'counted-stays',
  `select f.stay_id, f.profile, coalesce(array_agg(d.code) filter (where d.standing and d.state <> 'rejected'), '{}') as codes
   from followed_stay f left join deviation_case d on d.stay_id = f.stay_id
   where f.month = $1 group by f.stay_id, f.profile`,
);
/** $1 month, $2 when, $3 the table, $4 what was counted. */
const PUBLISH = statement(
  'publish-month',
  `insert into feed_month (month, published_at, body, counted) values ($1, $2, $3, $4) on conflict do nothing`,
);
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
 * Publishes each month that has closed: the watermark has passed its last day by {@link DAYS_TO_CLOSE} days. A month is published
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

/** The latest month that ended {@link DAYS_TO_CLOSE} days before an instant. */
function lastClosed(watermark: Instant): string {
  const first = `${monthOf(watermark - DAYS_TO_CLOSE * 24 * HOUR)}-01`;
  return monthOf(startOfLocalDay(first) - 1);
}

async function publish(
  tx: Tx,
  month: string,
  { watermark, lane, parts }: { watermark: Instant; lane: number; parts: PublishingParts },
): Promise<void> {
  const counted = await countedIn(tx, month);
  const table = monthTable(
    counted.map(({ stay }) => stay),
    THRESHOLD,
  );
  const publishedAt = new Date(watermark).toISOString();
  const body = JSON.stringify({ month, publishedAt, threshold: THRESHOLD, ...table } satisfies PublishedMonth);
  const marks = JSON.stringify(Object.fromEntries(counted.map(({ stayId, stay }) => [stayId, markOf(stay)])));
  if ((await tx.query(PUBLISH([month, watermark, body, marks]))).rowCount === 0) return;
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
  const { rows } = await tx.query<{ stay_id: string; profile: string; codes: string[] }>(COUNTED([month]));
  return rows.map(({ stay_id: stayId, profile, codes }) => ({
    stayId,
    stay: { profile: JSON.parse(profile) as StayProfile, codes: [...new Set(codes)].filter(isInFeed).sort() },
  }));
}

/** All of a stay that the table is made of. */
function markOf({ profile, codes }: CountedStay): string {
  const { unit, hospitalKind, careType, municipality, sex, age, need } = profile;
  return [unit, hospitalKind, careType, municipality ?? '', sex, age, need, ...codes].join('|');
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
  return { ...(JSON.parse(row.body) as PublishedMonth), corrections: roundedCorrections(changed) };
}

/** In whole thresholds: asked day after day the number never tells of a single one. */
function roundedCorrections(changed: number): string {
  if (changed === 0) return 'none';
  return changed < THRESHOLD ? `fewer-than-${THRESHOLD}` : `at-least-${changed - (changed % THRESHOLD)}`;
}

/** The months that are published, oldest first. */
export async function publishedMonths(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ month: string }>(MONTHS([]));
  return rows.map(({ month }) => month);
}

/** Rates of a measure per unit over the months that are published. */
export async function patternsOf(pool: Pool, measure: string, from: string, to: string): Promise<Rate[]> {
  const { rows } = await pool.query<{ body: string }>(TABLES([from, to]));
  const months = rows.map(({ body }) => JSON.parse(body) as PublishedMonth);
  return ratesOf(months, measure);
}
