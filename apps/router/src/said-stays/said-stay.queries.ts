import type { Tx } from '#libs/persistence';
import type { SaidStay } from './said-stays.ts';

/** The locks of all stays are taken already, in their order. */
const PUT = `
update stay s set visit_id = n.visit_id, version = n.version, fingerprint = n.fingerprint, part = n.part, unsaid = n.unsaid
from unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::int[], $6::boolean[])
  as n (stay_id, visit_id, version, fingerprint, part, unsaid)
where s.stay_id = n.stay_id`;

/** The columns of `stay` that hold what was last said of it, as they are read with its lock. */
export const SAID_STAY_COLUMNS = ['visit_id', 'version', 'fingerprint', 'part', 'unsaid'] as const;

export interface SaidStayRow {
  readonly visit_id: string | null;
  readonly version: string;
  readonly fingerprint: string | null;
  readonly part: number | null;
  readonly unsaid: boolean;
}

/** What was last said of a stay, as its row has it. */
export function saidStayOf(stayId: string, row: SaidStayRow): SaidStay {
  const { visit_id, version, fingerprint, part, unsaid } = row;
  return {
    stayId,
    visitId: visit_id ?? undefined,
    version: Number(version),
    fingerprint: fingerprint ?? undefined,
    part: part ?? undefined,
    unsaid,
  };
}

/** Writes what was said of locked stays. */
export async function putSaidStays(tx: Tx, stays: readonly SaidStay[]): Promise<void> {
  if (stays.length === 0) return;
  await tx.query({
    name: 'router-put-said-stays',
    text: PUT,
    values: [
      stays.map(({ stayId }) => stayId),
      stays.map(({ visitId }) => visitId),
      stays.map(({ version }) => version),
      stays.map(({ fingerprint }) => fingerprint),
      stays.map(({ part }) => part),
      stays.map(({ unsaid }) => unsaid),
    ],
  });
}
