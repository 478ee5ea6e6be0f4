import type { Pool } from 'pg';
import { foldStay, HOUR, type Instant, type Parameters, type StayEvent } from '#libs/domain';
import { entryOf, ERRORS, faultOfCode, type Metrics } from '#libs/platform';
import { STAYS } from '../migrations/index.ts';
import { statement } from '../query.ts';

/** How often something that is wrong was met. */
export interface Count {
  readonly code: string;
  /** Swedish. */
  readonly text: string;
  readonly messages: number;
}

/** Of the stays of a ward that ended: need stated, stated as `NONE`, or never stated (DEC-09). */
export interface NeedShares {
  readonly stays: number;
  readonly stated: number;
  readonly none: number;
  readonly notStated: number;
}

export interface WardReport {
  /** HSA-id; empty for messages that name none. */
  readonly ward: string;
  readonly lastMessage: string;
  readonly messages: number;
  readonly perHour: number;
  /** Between when a message says that it was sent and when it was taken in, s: the middle one. Below 0 its clock is ahead. */
  readonly onTheWay: number;
  readonly findings: readonly (Count & { readonly grade: string })[];
  readonly discharges: NeedShares;
}

export interface SenderReport {
  readonly sender: string;
  readonly wards: readonly WardReport[];
  /** Messages that were acknowledged and could not be read, by reason, and what share of all that came they are. */
  readonly refusals: readonly (Count & { readonly share: number })[];
}

export interface SendersReport {
  readonly since: string;
  readonly until: string;
  readonly senders: readonly SenderReport[];
  /** Of all wards together: what a ward is held against (DEC-09). */
  readonly discharges: NeedShares;
}

/* Read from what is kept for judging: nothing is counted beside it, so that a replay or a restart counts nothing twice. */

/** What parties and the operator said is no sender's message. */
const OF_SENDERS = `body::jsonb #> '{beside,routing}' is null and body::jsonb #> '{beside,word}' is null`;

/** $1 an instant: messages taken in from then on, by sender and ward. */
const MESSAGES = statement(
  'sender-messages',
  `select body::jsonb ->> 'sender' as sender, coalesce(body::jsonb #>> '{encounter,ward}', '') as ward,
     max(intake_at)::float8 as last, count(*)::int as messages,
     (percentile_disc(0.5) within group (order by intake_at - (body::jsonb ->> 'sentAt')::bigint))::float8 as way
   from event where intake_at >= $1 and ${OF_SENDERS} group by 1, 2 order by 1, 2`,
);
/** $1 an instant: what was wrong in them. */
const FINDINGS = statement(
  'sender-findings',
  `select body::jsonb ->> 'sender' as sender, coalesce(body::jsonb #>> '{encounter,ward}', '') as ward,
     f ->> 'grade' as grade, f ->> 'code' as name, count(distinct event_id)::int as messages
   from event, jsonb_array_elements(coalesce(body::jsonb -> 'findings', '[]')) f
   where intake_at >= $1 group by 1, 2, 3, 4 order by 5 desc, 4`,
);
/** $1 an instant: messages that could not be read, by sender and code. */
const REFUSALS = statement(
  'sender-refusals',
  `select sender, code, count(*)::int as messages from rejected, unnest(codes) code
   where at >= $1 and sender is not null group by 1, 2 order by 3 desc, 2`,
);
const REFUSED = statement(
  'senders-refused',
  `select sender, count(*)::int as messages from rejected where at >= $1 and sender is not null group by 1`,
);
/** $1 an instant: stays of which a discharge was taken in from then on. */
const ENDED = statement(
  'stays-ended',
  `select distinct stay_id from event where intake_at >= $1 and body::jsonb ->> 'course' = 'discharge'`,
);

interface MessagesRow {
  readonly sender: string;
  readonly ward: string;
  readonly last: number;
  readonly messages: number;
  readonly way: number;
}
interface FindingRow extends Omit<MessagesRow, 'last' | 'way'> {
  readonly grade: string;
  readonly name: string;
}
interface RefusalRow {
  readonly sender: string;
  readonly code: string;
  readonly messages: number;
}

/** Stays folded between two questions to the database, which let others have their turn. */
const STAYS_AT_ONCE = 100;

/**
 * What each sender and ward has sent since an instant, and how well (SAL-5, DEC-09). It costs in proportion to what was sent
 * since then.
 */
export async function sendersReport(
  pool: Pool,
  { since, until }: { readonly since: Instant; readonly until: Instant },
  parameters: (date: string) => Parameters,
): Promise<SendersReport> {
  const rows = async <Row extends object>(query: typeof MESSAGES): Promise<Row[]> =>
    (await pool.query<Row>(query([since]))).rows;
  const messages = await rows<MessagesRow>(MESSAGES);
  const findings = await rows<FindingRow>(FINDINGS);
  const refusals = await rows<RefusalRow>(REFUSALS);
  const refused = await rows<Pick<RefusalRow, 'sender' | 'messages'>>(REFUSED);
  const needs = await needsOf(pool, since, parameters);
  const senders = [...new Set([...messages, ...refused].map(({ sender }) => sender))].sort();
  return {
    since: iso(since),
    until: iso(until),
    senders: senders.map((sender) => {
      const own = messages.filter((row) => row.sender === sender);
      const all = [...own, ...refused.filter((row) => row.sender === sender)].reduce(
        (sum, row) => sum + row.messages,
        0,
      );
      return {
        sender,
        wards: own.map((row) => wardReport(row, findings, needs, (until - since) / HOUR)),
        refusals: refusals
          .filter((row) => row.sender === sender)
          .map((row) => ({ ...count(row.code, row.messages), share: rounded(row.messages / all) })),
      };
    }),
    discharges: sharesOf([...needs.values()].flat()),
  };
}

function wardReport(
  { sender, ward, last, messages, way }: MessagesRow,
  findings: readonly FindingRow[],
  needs: ReadonlyMap<string, readonly NeedStatus[]>,
  hours: number,
): WardReport {
  return {
    ...{ ward, lastMessage: iso(last), messages, perHour: rounded(messages / hours), onTheWay: way / 1000 },
    findings: findings
      .filter((row) => row.sender === sender && row.ward === ward)
      .map((row) => ({ grade: row.grade, ...count(codeOf(row.name), row.messages) })),
    discharges: sharesOf(needs.get(`${sender}|${ward}`) ?? []),
  };
}

type NeedStatus = 'stated' | 'none' | 'notStated';

/** By sender and ward: of each of its stays that have ended and stand so, what was said of need. */
async function needsOf(
  pool: Pool,
  since: Instant,
  parameters: (date: string) => Parameters,
): Promise<Map<string, NeedStatus[]>> {
  const { rows } = await pool.query<{ stay_id: string }>(ENDED([since]));
  const ids = rows.map((row) => row.stay_id);
  const needs = new Map<string, NeedStatus[]>();
  for (let at = 0; at < ids.length; at += STAYS_AT_ONCE) {
    const kept = await STAYS.eventsOf(pool, ids.slice(at, at + STAYS_AT_ONCE));
    for (const events of Map.groupBy(
      kept.map(({ event }) => event),
      ({ stayId }) => stayId,
    ).values()) {
      const found = needOf(events, parameters);
      if (found) needs.set(found.place, [...(needs.get(found.place) ?? []), found.need]);
    }
  }
  return needs;
}

function needOf(events: readonly StayEvent[], parameters: (date: string) => Parameters) {
  const { state, need, ward } = foldStay(events, { parameters });
  const [first] = events;
  if (state !== 'discharged' || first === undefined) return undefined;
  const status: NeedStatus = need === undefined ? 'notStated' : need.scopes.length === 0 ? 'none' : 'stated';
  return { place: `${first.sender}|${ward ?? ''}`, need: status };
}

function sharesOf(needs: readonly NeedStatus[]): NeedShares {
  const of = (status: NeedStatus): number => needs.filter((need) => need === status).length;
  return { stays: needs.length, stated: of('stated'), none: of('none'), notStated: of('notStated') };
}

function count(code: string, messages: number): Count {
  const fault = faultOfCode(code);
  return { code, text: fault === undefined ? '' : entryOf(fault).text, messages };
}

/** Findings stand on events by name. */
function codeOf(name: string): string {
  return Object.hasOwn(ERRORS, name) ? ERRORS[name as keyof typeof ERRORS].code : name;
}

const iso = (instant: Instant): string => new Date(instant).toISOString();
const rounded = (number: number): number => Math.round(number * 1000) / 1000;

/** The report costs a look through a day's messages: it is made anew this often at most, however often it is asked for. */
const FRESH_MILLIS = 5 * 60_000;

/** Puts the report of the last 24 hours on `/metrics`. @param read answers it; undefined while the watcher is not open */
export function measureSenders(metrics: Metrics, read: () => Promise<SendersReport | undefined>): void {
  const labels = ['sender', 'ward'] as const;
  const last = metrics.gauge('sender_last_message_seconds', 'When a ward last sent, seconds since 1970', labels);
  const rate = metrics.gauge('sender_messages_per_hour', 'Messages of a ward an hour, over 24 hours', labels);
  const way = metrics.gauge(
    'sender_on_the_way_seconds',
    'From sending by its own clock to intake, the middle message',
    labels,
  );
  const refused = metrics.gauge('sender_refused_share', 'Share of messages that could not be read', ['sender', 'code']);
  const needs = metrics.gauge('sender_discharges', 'Stays that ended in 24 hours, by what was said of need', [
    ...labels,
    'outcome',
  ]);
  let madeAt = -Infinity;
  // One of them makes the report and sets the others, which show it from the next reading on.
  metrics.gauge(
    'sender_report_seconds',
    'When the report on senders was made, seconds since 1970',
    [],
    async function () {
      if (performance.now() - madeAt < FRESH_MILLIS) return;
      const report = await read().catch(() => undefined);
      if (report === undefined) return;
      madeAt = performance.now();
      this.set(Date.parse(report.until) / 1000);
      for (const gauge of [last, rate, way, refused, needs]) gauge.reset();
      for (const { sender, wards, refusals } of report.senders) {
        for (const { code, share } of refusals) refused.set({ sender, code }, share);
        for (const { ward, lastMessage, perHour, onTheWay, discharges } of wards) {
          last.set({ sender, ward }, Date.parse(lastMessage) / 1000);
          rate.set({ sender, ward }, perHour);
          way.set({ sender, ward }, onTheWay);
          needs.set({ sender, ward, outcome: 'stated' }, discharges.stated);
          needs.set({ sender, ward, outcome: 'none' }, discharges.none);
          needs.set({ sender, ward, outcome: 'not-stated' }, discharges.notStated);
        }
      }
    },
  );
}
