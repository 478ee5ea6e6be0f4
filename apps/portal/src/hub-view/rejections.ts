import type { Pool } from 'pg';
import type { Instant } from '#libs/domain';
import type { InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { ERRORS, UnreadableRecord } from '#libs/platform';
import { HUB_SCHEMA } from './schema-name.ts';

/** What is wrong with a message, where, and what its sender can do about it. Swedish. */
export interface RejectedFault {
  readonly code: string;
  readonly place?: string;
  readonly text: string;
  readonly remedy?: string;
}

/** A message that was not taken (contract 3). Nothing of its content. */
export interface Rejection {
  readonly id: string;
  /** Id of the agreement, or of the party whose reply it is. */
  readonly sender?: string;
  /** By which the sender finds it: MSH-10, or the Communication.id that a reply answers. */
  readonly controlId?: string;
  readonly trigger?: string;
  readonly receivedAt: string;
  readonly faults: readonly RejectedFault[];
  /** It was read, and an event of it could not be applied by the router: nobody has been told of it. */
  readonly setAside?: true;
}

/** Where on `inbound` the bytes of a message lie, or on `events` an event that was set aside. */
export interface InboundPlace {
  readonly partition: number;
  readonly offset: bigint;
}

export interface RejectionQuestion {
  /** Ids of agreements and parties; all when left out. */
  readonly senders?: readonly string[] | undefined;
  readonly since: Instant;
  readonly most: number;
  /** The latest ones instead of the earliest. */
  readonly lastFirst?: boolean;
}

interface NewRejection extends Omit<Rejection, 'receivedAt' | 'setAside'> {
  readonly at: Instant;
  readonly setAside: boolean;
  /** It has been read since: a replay says so with the same record once more. */
  readonly mended: boolean;
  readonly place?: InboundPlace;
}

const PUT = `
insert into ${HUB_SCHEMA}.rejection as known
  (id, sender, control_id, trigger, at, faults, mended, inbound_partition, inbound_offset, set_aside)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::boolean[],
  $8::int[], $9::bigint[], $10::boolean[])
on conflict (id) do update set mended = known.mended or excluded.mended,
  at = case when excluded.set_aside then excluded.at else known.at end,
  inbound_partition = case when excluded.set_aside then excluded.inbound_partition else known.inbound_partition end,
  inbound_offset = case when excluded.set_aside then excluded.inbound_offset else known.inbound_offset end
where (excluded.mended and not known.mended) or excluded.set_aside`;

const find = (order: 'asc' | 'desc'): string => `
select id, sender, control_id, trigger, at, faults, set_aside from ${HUB_SCHEMA}.rejection
where at >= $1 and ($2::text[] is null or sender = any($2)) and not mended
order by at ${order}, id ${order} limit $3`;

/**
 * Keeps records of `rejected`; the same record again is dropped by its id. An event that was set aside once more, when it had been
 * read anew, is known by the time and the place of the last.
 * @param events the topic of events. @throws UnreadableRecord
 */
export async function applyRejected(tx: Tx, records: readonly InRecord[], events: string): Promise<void> {
  const byId = new Map<string, NewRejection>();
  for (const rejection of records.map((record) => newRejectionIn(record, events))) {
    byId.set(rejection.id, { ...rejection, mended: rejection.mended || byId.get(rejection.id)?.mended === true });
  }
  const rows = [...byId.values()];
  await tx.query({
    name: 'portal-put-rejections',
    text: PUT,
    values: [
      rows.map(({ id }) => id),
      rows.map(({ sender }) => sender ?? null),
      rows.map(({ controlId }) => controlId ?? null),
      rows.map(({ trigger }) => trigger ?? null),
      rows.map(({ at }) => at),
      rows.map(({ faults }) => JSON.stringify(faults)),
      rows.map(({ mended }) => mended),
      rows.map(({ place }) => place?.partition ?? null),
      rows.map(({ place }) => (place === undefined ? null : `${place.offset}`)),
      rows.map(({ setAside }) => setAside),
    ],
  });
}

const ONE = `
select id, sender, control_id, trigger, at, faults, set_aside, inbound_partition, inbound_offset
from ${HUB_SCHEMA}.rejection where id = $1 and not mended`;

/** One message that was not taken, and still is not, with the place of its bytes where that is known. */
export async function rejectionOf(
  pool: Pool,
  id: string,
): Promise<{ readonly rejection: Rejection; readonly place?: InboundPlace } | undefined> {
  const { rows } = await pool.query<Row & { inbound_partition: number | null; inbound_offset: string | null }>(ONE, [
    id,
  ]);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { inbound_partition: partition, inbound_offset: offset } = row;
  return {
    rejection: rejectionIn(row),
    ...(partition !== null && offset !== null && { place: { partition, offset: BigInt(offset) } }),
  };
}

/** Messages that were not taken, and still are not, the oldest first unless asked otherwise. */
export async function rejectionsIn(
  pool: Pool,
  { senders, since, most, lastFirst = false }: RejectionQuestion,
): Promise<Rejection[]> {
  const { rows } = await pool.query<Row>(find(lastFirst ? 'desc' : 'asc'), [since, senders ?? null, most]);
  return rows.map(rejectionIn);
}

function rejectionIn(row: Row): Rejection {
  return {
    id: row.id,
    ...(row.sender !== null && { sender: row.sender }),
    ...(row.control_id !== null && { controlId: row.control_id }),
    ...(row.trigger !== null && { trigger: row.trigger }),
    ...(row.set_aside && { setAside: true as const }),
    receivedAt: new Date(Number(row.at)).toISOString(),
    faults: (JSON.parse(row.faults) as RejectedFault[]).map(withRemedy),
  };
}

interface Row {
  readonly id: string;
  readonly sender: string | null;
  readonly control_id: string | null;
  readonly trigger: string | null;
  readonly at: string;
  readonly faults: string;
  readonly set_aside: boolean;
}

const REMEDIES: ReadonlyMap<string, string> = new Map(Object.values(ERRORS).map(({ code, remedy }) => [code, remedy]));

/** The remedy comes from the table of today: what helps is learned after the message was refused. */
function withRemedy(fault: RejectedFault): RejectedFault {
  const remedy = REMEDIES.get(fault.code);
  return remedy === undefined ? fault : { ...fault, remedy };
}

type Fields = Readonly<Record<string, unknown>>;

function newRejectionIn(record: InRecord, events: string): NewRejection {
  const value = fieldsOf(parsed(record));
  const place = fieldsOf(value['inbound']);
  const at = Date.parse(textOf(value['receivedAt']) ?? '');
  const issues = fieldsOf(value['outcome'])['issue'];
  if (Number.isNaN(at) || !Array.isArray(issues)) throw new UnreadableRecord('rejected');
  const sender = textOf(value['sender']);
  const controlId = textOf(value['controlId']);
  const trigger = textOf(value['trigger']);
  return {
    ...{ id: record.id, at, faults: issues.map(faultIn), mended: record.kind === 'rejected-mended' },
    setAside: place['topic'] === events,
    ...(sender !== undefined && { sender }),
    ...(controlId !== undefined && { controlId }),
    ...(trigger !== undefined && { trigger }),
    ...placeIn(place),
  };
}

function placeIn({ partition, offset }: Fields): { readonly place?: InboundPlace } {
  if (typeof partition !== 'number' || typeof offset !== 'string' || !/^\d{1,18}$/.test(offset)) return {};
  return { place: { partition, offset: BigInt(offset) } };
}

function parsed(record: InRecord): unknown {
  try {
    return JSON.parse(record.value.toString('utf8'));
  } catch {
    throw new UnreadableRecord('rejected');
  }
}

function faultIn(issue: unknown): RejectedFault {
  const { details, expression } = fieldsOf(issue);
  const { coding, text } = fieldsOf(details);
  const code = Array.isArray(coding) ? textOf(fieldsOf(coding[0])['code']) : undefined;
  if (code === undefined) throw new UnreadableRecord('rejected.outcome');
  const place = Array.isArray(expression) ? textOf(expression[0]) : undefined;
  return { code, text: textOf(text) ?? '', ...(place !== undefined && { place }) };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
