import { hash } from 'node:crypto';
import {
  heldElements,
  within,
  type Act,
  type Instant,
  type NoticeContent,
  type NoticeKind,
  type PartyId,
} from '#libs/domain';
import { jsonArray, type Tx } from '#libs/persistence';

/**
 * What the hub has told: one row per delivery, kept for good.
 *
 *   told        sent, and in force
 *   withdrawn   a later delivery took it back; it never comes into force again: the same act told anew is a new
 *               generation with an id of its own
 */
export interface ToldNotice {
  /** Delivery id. */
  readonly id: string;
  /** Delivery id of generation 0: names the act in receipts. */
  readonly actId: string;
  readonly stayId: string;
  readonly actKey: string;
  readonly kind: NoticeKind;
  readonly recipient: PartyId;
  readonly slot: string;
  readonly statedBy: string;
  readonly generation: number;
  /** Order of telling within the stay. */
  readonly ordinal: number;
  readonly contentHash: string;
  /** JSON of the act as it was told. */
  readonly act: string;
  /** The act itself, of a notice that was told since the stay came into memory: its history has it there anyway. */
  readonly known?: Act;
  readonly toldAt: Instant;
  /** Delivery id of the one that it corrects in its slot. */
  readonly follows?: string;
  readonly withdrawn?: Withdrawn;
}

export interface Withdrawn {
  /** Delivery id of the withdrawal. */
  readonly by: string;
  readonly at: Instant;
}

/** The act that a notice told. */
export function actOf(notice: ToldNotice): Act {
  return notice.known ?? (JSON.parse(notice.act) as Act);
}

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
      jsonArray(notices.map((notice) => notice.act)),
    ],
  });
}

const MOST_REMEMBERED = 2000;
/** Every event makes all acts of its stay anew, mostly as they were: the plain text is many times cheaper to make. */
const remembered = new Map<string, string>();

/** A fingerprint of what a notice says; the order of the fields does not matter, an absent and an undefined one are alike. */
export function contentHash(content: NoticeContent): string {
  const text = JSON.stringify(content);
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const made = hash('sha256', canonical(content), 'base64url');
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(text, made);
  return made;
}

/**
 * True when a notice that was told said this content. Versions before named the issuer of a local number (DEC-35), and kept what
 * the notice does not show, as the address in one of readiness: these alone are no other content, and nobody is told again.
 */
export function isSaidBy(content: NoticeContent, notice: ToldNotice): boolean {
  if (contentHash(content) === notice.contentHash) return true;
  const told = within(actOf(notice).content, heldElements(notice.kind));
  const { identity } = told.person;
  const unissued = identity.type === 'other' ? { ...identity, system: '' } : identity;
  return contentHash({ ...told, person: { ...told.person, identity: unissued } }) === contentHash(content);
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const name of Object.keys(fields).sort()) {
    if (fields[name] === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonical(fields[name])}`;
  }
  return `{${text}}`;
}
