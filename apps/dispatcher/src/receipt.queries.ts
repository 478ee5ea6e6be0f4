import type { Tx } from '#libs/persistence';

const TAKE_IN = `
insert into receipt (delivery_id, stay_id, party, received_at)
select r.delivery_id, r.stay_id, r.party, $4
from unnest($1::uuid[], $2::uuid[], $3::text[]) as r (delivery_id, stay_id, party)
on conflict (delivery_id) do nothing
returning delivery_id`;

export interface Arrival {
  readonly deliveryId: string;
  readonly stayId: string;
  readonly recipient: string;
}

/** Notes that notices are there. @returns the ids of those that were not there before */
export async function takeIn(tx: Tx, arrivals: readonly Arrival[], receivedAt: number): Promise<Set<string>> {
  const { rows } = await tx.query<{ delivery_id: string }>({
    name: 'dispatcher-take-in',
    text: TAKE_IN,
    values: [
      arrivals.map((one) => one.deliveryId),
      arrivals.map((one) => one.stayId),
      arrivals.map((one) => one.recipient),
      receivedAt,
    ],
  });
  return new Set(rows.map((row) => row.delivery_id));
}
