import { isUnplanned, type Instant, type LaterStay, type StayEvent, type StayProfile } from '#libs/domain';
import type { Tx } from '#libs/persistence';
import type { StayEvents } from '#libs/stays';
import { statement } from '../query.ts';

/*
 * A readmission is a word on the stay before, and what shows it is another stay (rules 6.2 ATI-*): so each stay is noted with its
 * times by every id of its person. Whoever is judged reads the next ones after its discharge; whoever was noted otherwise than
 * before has the stay before it judged again, through a deadline, as its lock is not ours.
 */

/** From when to when a stay was, as the person's other stays are judged by it. */
export interface StaySpan {
  readonly patients: readonly string[];
  readonly admittedAt: Instant;
  readonly dischargedAt?: Instant;
  readonly unplanned: boolean;
  readonly statedBy: string;
}

/** The span of a stay that really was. @param cancelled it never was (DEC-15) */
export function spanOf(
  profile: StayProfile | undefined,
  patients: readonly string[],
  events: ReadonlyMap<string, StayEvent>,
  cancelled: boolean,
): StaySpan | undefined {
  if (profile?.admittedAt === undefined || cancelled) return undefined;
  const { admittedAt, dischargedAt } = profile;
  const inpatient = [...events.values()].find(({ encounter }) => encounter.class === 'IMP');
  return {
    ...{ patients: [...patients].sort(), admittedAt, unplanned: isUnplanned(events.values()) },
    statedBy: inpatient?.eventId ?? '',
    ...(dischargedAt !== undefined && { dischargedAt }),
  };
}

/** Of each stay and person: $1 stay, $2 person, $3 the earliest instant at which it may have ended. The next few stays. */
const LATER_STAYS = statement(
  'later-stays',
  `select s.stay_id, o.admitted_at::float8 as admitted_at, o.unplanned, o.stated_by
   from unnest($1::text[], $2::text[], $3::bigint[]) as s (stay_id, patient_id, ended_at)
   cross join lateral (
     select admitted_at, unplanned, stated_by from stay_span o
     where o.patient_id = s.patient_id and o.admitted_at > s.ended_at and o.stay_id <> s.stay_id
     order by o.admitted_at, o.stay_id limit 5) o
   order by o.admitted_at, o.stated_by`,
);
/** $1 stay ids. */
const NOTED = statement(
  'noted-spans',
  `select stay_id, patient_id, admitted_at::float8 as admitted_at, discharged_at::float8 as discharged_at, unplanned, stated_by
   from stay_span where stay_id = any($1)`,
);
/** Of each stay and person: $1 stay, $2 person. */
const FORGET = statement(
  'forget-spans',
  `delete from stay_span s using unnest($1::text[], $2::text[]) as gone (stay_id, patient_id)
   where s.stay_id = gone.stay_id and s.patient_id = gone.patient_id`,
);
/** Of each stay and person: $1 stay, $2 person, $3 admitted, $4 discharged, $5 unplanned, $6 stated by. */
const NOTE = statement(
  'note-spans',
  `insert into stay_span (stay_id, patient_id, admitted_at, discharged_at, unplanned, stated_by)
   select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bool[], $6::text[])
   on conflict (stay_id, patient_id) do update set admitted_at = excluded.admitted_at,
     discharged_at = excluded.discharged_at, unplanned = excluded.unplanned, stated_by = excluded.stated_by`,
);
/** Of each person: $1 id, $2 an admission. The stays that ended last before it: their locks' versions move, so that none is kept. */
const WAKE = statement(
  'wake-stays-before',
  `with before as (
     select distinct b.stay_id from unnest($1::text[], $2::bigint[]) as a (patient_id, admitted_at)
     cross join lateral (
       select stay_id from stay_span s
       where s.patient_id = a.patient_id and s.discharged_at <= a.admitted_at order by s.discharged_at desc limit 2) b),
   locked as (select s.stay_id from stay s join before using (stay_id) order by s.stay_id for update of s),
   moved as (update stay s set lock_version = s.lock_version + 1 from locked where s.stay_id = locked.stay_id returning s.stay_id)
   insert into deadline (stay_id, name, at) select stay_id, 'readmission', $3::bigint from moved
   on conflict (stay_id, name) do update set at = least(deadline.at, excluded.at)`,
);

/** The next stays of the persons of stays that may have ended, by stay id, the earliest admission first. */
export async function laterStays(
  tx: Tx,
  stays: readonly { readonly stayId: string; readonly events: StayEvents }[],
): Promise<ReadonlyMap<string, readonly LaterStay[]>> {
  const asked = stays.flatMap(({ stayId, events }) => {
    const ended = endedFrom(events.byId.values());
    return ended === undefined ? [] : events.patients().map((patientId) => ({ stayId, patientId, ended }));
  });
  if (asked.length === 0) return new Map();
  const { rows } = await tx.query<{ stay_id: string; admitted_at: Instant; unplanned: boolean; stated_by: string }>(
    LATER_STAYS([
      asked.map(({ stayId }) => stayId),
      asked.map(({ patientId }) => patientId),
      asked.map(({ ended }) => ended),
    ]),
  );
  const later = new Map<string, LaterStay[]>();
  for (const { stay_id: stayId, admitted_at: admittedAt, unplanned, stated_by: statedBy } of rows) {
    later.set(stayId, [...(later.get(stayId) ?? []), { admittedAt, unplanned, statedBy }]);
  }
  return later;
}

/** The earliest instant at which a stay may have ended, by its messages; undefined while none says that it did. */
function endedFrom(events: Iterable<StayEvent>): Instant | undefined {
  let earliest: Instant | undefined;
  for (const { course, encounter, at } of events) {
    const end = encounter.end?.start ?? (course === 'discharge' ? at : undefined);
    if (end !== undefined) earliest = Math.min(end, earliest ?? Infinity);
  }
  return earliest;
}

/** A stay's span by one id of its person. */
interface Line {
  readonly stayId: string;
  readonly patientId: string;
  readonly admittedAt: Instant;
  readonly dischargedAt: Instant | null;
  readonly unplanned: boolean;
  readonly statedBy: string;
}

/**
 * Notes spans anew; the caller holds the locks of their stays. Only a stay that begins otherwise than before has those before it
 * judged again: else each of these would wake the next, back through all that the person ever had.
 * @param watermark at which the stays before them are judged again
 */
export async function noteSpans(
  tx: Tx,
  spans: readonly { readonly stayId: string; readonly span: StaySpan | undefined }[],
  watermark: Instant,
): Promise<void> {
  if (spans.length === 0) return;
  const lines = spans.flatMap(({ stayId, span }) => (span ? linesOf(stayId, span) : []));
  const noted = await notedLines(tx, spans);
  const put = lacking(lines, noted, (line) => JSON.stringify(line));
  const gone = lacking(noted, lines, ({ stayId, patientId }) => JSON.stringify([stayId, patientId]));
  if (put.length === 0 && gone.length === 0) return;
  if (gone.length > 0) await tx.query(FORGET([gone.map((line) => line.stayId), gone.map((line) => line.patientId)]));
  if (put.length > 0) {
    await tx.query(
      NOTE([
        put.map((line) => line.stayId),
        put.map((line) => line.patientId),
        put.map((line) => line.admittedAt),
        put.map((line) => line.dischargedAt),
        put.map((line) => line.unplanned),
        put.map((line) => line.statedBy),
      ]),
    );
  }
  await wakeStaysBefore(tx, lines, noted, watermark);
}

/** Lines that the others have none like. @param like what two that are alike have in common */
function lacking(some: readonly Line[], others: readonly Line[], like: (line: Line) => string): Line[] {
  const ofOthers = new Set(others.map(like));
  return some.filter((line) => !ofOthers.has(like(line)));
}

function linesOf(stayId: string, { patients, admittedAt, dischargedAt, unplanned, statedBy }: StaySpan): Line[] {
  return patients.map((patientId) => ({
    ...{ stayId, patientId, admittedAt, dischargedAt: dischargedAt ?? null, unplanned, statedBy },
  }));
}

async function notedLines(tx: Tx, spans: readonly { readonly stayId: string }[]): Promise<Line[]> {
  const { rows } = await tx.query<{
    stay_id: string;
    patient_id: string;
    admitted_at: Instant;
    discharged_at: Instant | null;
    unplanned: boolean;
    stated_by: string;
  }>(NOTED([spans.map(({ stayId }) => stayId)]));
  return rows.map((row) => ({
    ...{ stayId: row.stay_id, patientId: row.patient_id, admittedAt: row.admitted_at },
    ...{ dischargedAt: row.discharged_at, unplanned: row.unplanned, statedBy: row.stated_by },
  }));
}

/** How a stay began, as the stay before it is judged by it. */
const beginning = ({ patientId, admittedAt, unplanned, statedBy }: Line): string =>
  JSON.stringify([patientId, admittedAt, unplanned, statedBy]);

async function wakeStaysBefore(
  tx: Tx,
  lines: readonly Line[],
  noted: readonly Line[],
  watermark: Instant,
): Promise<void> {
  const other = [...lacking(lines, noted, beginning), ...lacking(noted, lines, beginning)];
  if (other.length === 0) return;
  const at = Number.isFinite(watermark) ? watermark : 0;
  await tx.query(WAKE([other.map(({ patientId }) => patientId), other.map(({ admittedAt }) => admittedAt), at]));
}
