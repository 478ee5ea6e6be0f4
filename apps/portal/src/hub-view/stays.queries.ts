import type { Protection } from '#libs/domain';
import { textArray, type Tx } from '#libs/persistence';
import { HUB_SCHEMA } from './schema.ts';

/** A stay as the view knows it. */
export interface KnownStay {
  readonly stayId: string;
  /** Of the last record that counted; 0 while only receipts of the stay have come. */
  readonly version: number;
  /** HSA-id of its sender; undefined while no record has said it. */
  readonly organisation?: string | undefined;
  /** Patient.id in the sender's view. */
  readonly subject?: string | undefined;
  readonly protection?: Protection | undefined;
  /** PV1-19. */
  readonly visitId?: string | undefined;
  /** JSON of the lines on who was told why, each with who may see it (rules 12.5). */
  readonly lines?: string | undefined;
}

/**
 * Makes the row when there is none, in the order of the ids. A conflict that updates nothing is the lock: an update would write the
 * row anew, with the lines of who was told why.
 */
const LOCK = `
insert into ${HUB_SCHEMA}.stay as s (stay_id)
select id from unnest($1::text[]) as n (id) order by id
on conflict (stay_id) do update set stay_id = excluded.stay_id where false`;

/** A statement of its own, as it has to see what those committed who had the locks before. */
const LOCKED = `
select stay_id, version, organisation, subject, protection, visit_id from ${HUB_SCHEMA}.stay where stay_id = any($1)`;

interface StayRow {
  stay_id: string;
  version: string;
  organisation: string | null;
  subject: string | null;
  protection: Protection | null;
  visit_id: string | null;
}

/** Locks stays, whether they have been said or only a receipt has come. @returns what is known of each, but for its lines */
export async function lockStays(tx: Tx, stayIds: readonly string[]): Promise<Map<string, KnownStay>> {
  const values = [[...new Set(stayIds)]];
  // Sent together, and run in this order.
  const [, { rows }] = await Promise.all([
    tx.query({ name: 'portal-lock-stays', text: LOCK, values }),
    tx.query<StayRow>({ name: 'portal-stays', text: LOCKED, values }),
  ]);
  return new Map(
    rows.map((row): [string, KnownStay] => [
      row.stay_id,
      {
        stayId: row.stay_id,
        version: Number(row.version),
        organisation: row.organisation ?? undefined,
        subject: row.subject ?? undefined,
        protection: row.protection ?? undefined,
        visitId: row.visit_id ?? undefined,
      },
    ]),
  );
}

const KEEP = `
update ${HUB_SCHEMA}.stay s set version = n.version, organisation = n.organisation, subject = n.subject,
  protection = n.protection, visit_id = n.visit_id, lines = n.lines
from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
  as n (stay_id, version, organisation, subject, protection, visit_id, lines)
where s.stay_id = n.stay_id`;

/** Writes locked stays as they are now. */
export async function keepStays(tx: Tx, stays: readonly KnownStay[]): Promise<void> {
  if (stays.length === 0) return;
  await tx.query({
    name: 'portal-keep-stays',
    text: KEEP,
    values: [
      stays.map(({ stayId }) => stayId),
      stays.map(({ version }) => version),
      stays.map(({ organisation }) => organisation),
      stays.map(({ subject }) => subject),
      stays.map(({ protection }) => protection),
      stays.map(({ visitId }) => visitId),
      textArray(stays.map(({ lines }) => lines ?? '')),
    ],
  });
}

/** A stay whose events all went to another stay by a mend of the translation never was. */
export async function voidStays(tx: Tx, stayIds: readonly string[], at: number): Promise<void> {
  if (stayIds.length === 0) return;
  await tx.query(
    `update ${HUB_SCHEMA}.resource set status = 'entered-in-error', body = jsonb_set(body::jsonb, '{status}', '"entered-in-error"')::text,
       version = version + 1, updated_at = $2 where type = 'Encounter' and id = any($1) and status <> 'entered-in-error'`,
    [stayIds, at],
  );
}

/** Receipts that came before their stay was said get their sender. */
const CLAIM = `
update ${HUB_SCHEMA}.resource set audience = n.organisation
from unnest($1::text[], $2::text[]) as n (stay_id, organisation)
where encounter = n.stay_id and type = 'Communication' and audience is null`;

export async function claimCommunications(tx: Tx, stays: readonly KnownStay[]): Promise<void> {
  if (stays.length === 0) return;
  const values = [stays.map(({ stayId }) => stayId), stays.map(({ organisation }) => organisation)];
  await tx.query({ name: 'portal-claim', text: CLAIM, values });
}

const PROTECT = `
update ${HUB_SCHEMA}.resource r set protection = n.protection, version = r.version + 1, updated_at = $4
from unnest($1::text[], $2::text[], $3::text[]) as n (stay_id, subject, protection) where r.protection is null`;

/** Labels every row about stays that have become protected, and about their persons (rules 12.6). */
export async function protectStays(tx: Tx, stays: readonly KnownStay[], at: number): Promise<void> {
  if (stays.length === 0) return;
  const values = [
    stays.map(({ stayId }) => stayId),
    stays.map(({ subject }) => subject),
    stays.map(({ protection }) => protection),
    at,
  ];
  await Promise.all([
    tx.query(`${PROTECT} and r.encounter = n.stay_id`, values),
    tx.query(`${PROTECT} and r.type = 'Patient' and r.id = n.subject`, values),
  ]);
}
