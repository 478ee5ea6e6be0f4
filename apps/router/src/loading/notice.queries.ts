import type { NoticeKind } from '#libs/domain';
import { textArray, type Tx } from '#libs/persistence';
import type { ToldNotice } from './told-notice.ts';

/** `act` as text: it is parsed only where it is needed. */
const NOTICES_OF = `
select id, act_id, stay_id, act_key, kind, recipient, slot, stated_by, generation, ordinal, content_hash,
  act::text as act, told_at, follows, withdrawn_by, withdrawn_at
from notice where stay_id = any($1::uuid[]) order by stay_id, ordinal`;

/** A told notice never changes but for its withdrawal. */
const PUT_NOTICES = `
insert into notice (id, stay_id, ordinal, act_id, act_key, kind, recipient, slot, stated_by, generation, status,
  content_hash, told_at, follows, withdrawn_by, withdrawn_at, act)
select n.id, n.stay_id, n.ordinal, n.act_id, n.act_key, n.kind, n.recipient, n.slot, n.stated_by, n.generation,
  case when n.withdrawn_by is null then 'told' else 'withdrawn' end,
  n.content_hash, n.told_at, n.follows, n.withdrawn_by, n.withdrawn_at, n.act
from unnest($1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::uuid[],
  $10::int[], $11::text[], $12::bigint[], $13::uuid[], $14::uuid[], $15::bigint[], $16::json[])
  as n (id, stay_id, ordinal, act_id, act_key, kind, recipient, slot, stated_by, generation, content_hash, told_at,
    follows, withdrawn_by, withdrawn_at, act)
on conflict (id) do update set
  status = excluded.status, withdrawn_by = excluded.withdrawn_by, withdrawn_at = excluded.withdrawn_at`;

interface NoticeRow {
  id: string;
  act_id: string;
  stay_id: string;
  act_key: string;
  kind: NoticeKind;
  recipient: string;
  slot: string;
  stated_by: string;
  generation: number;
  ordinal: number;
  content_hash: string;
  act: string;
  told_at: string;
  follows: string | null;
  withdrawn_by: string | null;
  withdrawn_at: string | null;
}

/** All that was told of these stays, in the order of telling. */
export async function noticesOf(tx: Pick<Tx, 'query'>, stayIds: readonly string[]): Promise<ToldNotice[]> {
  const { rows } = await tx.query<NoticeRow>({ name: 'router-notices-of', text: NOTICES_OF, values: [stayIds] });
  return rows.map((row) => ({
    id: row.id,
    actId: row.act_id,
    stayId: row.stay_id,
    actKey: row.act_key,
    kind: row.kind,
    recipient: row.recipient,
    slot: row.slot,
    statedBy: row.stated_by,
    generation: row.generation,
    ordinal: row.ordinal,
    contentHash: row.content_hash,
    act: row.act,
    toldAt: Number(row.told_at),
    ...(row.follows !== null && { follows: row.follows }),
    ...(row.withdrawn_by !== null && { withdrawn: { by: row.withdrawn_by, at: Number(row.withdrawn_at) } }),
  }));
}

/** Writes notices told, and withdrawals of notices told before. */
export async function putNotices(tx: Tx, notices: readonly ToldNotice[]): Promise<void> {
  if (notices.length === 0) return;
  await tx.query({
    name: 'router-put-notices',
    text: PUT_NOTICES,
    values: [
      notices.map((notice) => notice.id),
      notices.map((notice) => notice.stayId),
      notices.map((notice) => notice.ordinal),
      notices.map((notice) => notice.actId),
      notices.map((notice) => notice.actKey),
      notices.map((notice) => notice.kind),
      notices.map((notice) => notice.recipient),
      notices.map((notice) => notice.slot),
      notices.map((notice) => notice.statedBy),
      notices.map((notice) => notice.generation),
      notices.map((notice) => notice.contentHash),
      notices.map((notice) => notice.toldAt),
      notices.map((notice) => notice.follows ?? null),
      notices.map((notice) => notice.withdrawn?.by ?? null),
      notices.map((notice) => notice.withdrawn?.at ?? null),
      textArray(notices.map((notice) => notice.act)),
    ],
  });
}
