import type { Pool } from 'pg';
import type { DirectoryFiles } from '#libs/county';
import {
  IntakeSequence,
  upgradeStoredEvent,
  type Directory,
  type DirectoryVersions,
  type Instant,
  type Party,
  type Rerouting,
} from '#libs/domain';
import { growingHistory, type RoutingRules } from '../routing-rules.ts';

/** What another directory changes: its rows, and who is told of the stays that are open. */

/** Rows by party and first day; of the register of addresses only how many, as it may have hundreds of thousands. */
export interface DirectoryChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly { readonly party: string; readonly fields: readonly string[] }[];
  readonly rangesAdded: number;
  readonly rangesRemoved: number;
}

/** Compares two directories. @param before absent: there was none */
export function directoryChange(before: DirectoryFiles | undefined, after: DirectoryFiles): DirectoryChange {
  const [had, has] = [rowsOf(before?.parties ?? []), rowsOf(after.parties)];
  const [hadRanges, hasRanges] = [textsOf(before?.addresses ?? []), textsOf(after.addresses)];
  return {
    added: [...has.keys()].filter((key) => !had.has(key)),
    removed: [...had.keys()].filter((key) => !has.has(key)),
    changed: [...has].flatMap(([party, row]) => {
      const fields = changedFields(had.get(party) ?? row, row);
      return fields.length === 0 ? [] : [{ party, fields }];
    }),
    rangesAdded: notIn(hadRanges, hasRanges),
    rangesRemoved: notIn(hasRanges, hadRanges),
  };
}

/** How many of some texts the others have not. */
function notIn(others: ReadonlySet<string>, texts: ReadonlySet<string>): number {
  return [...texts].filter((text) => !others.has(text)).length;
}

function rowsOf(parties: readonly Party[]): Map<string, Party> {
  return new Map(parties.map((party) => [`${party.id} (${party.from})`, party]));
}

function textsOf(rows: readonly object[]): Set<string> {
  return new Set(rows.map((row) => JSON.stringify(row)));
}

function changedFields(before: Party, after: Party): string[] {
  const [had, has] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const names = new Set([...had.keys(), ...has.keys()]);
  return [...names].filter((name) => JSON.stringify(had.get(name)) !== JSON.stringify(has.get(name)));
}

/** An open stay whose need would go to others. Ids alone: nothing of a person. */
export interface StayToldElsewhere extends Rerouting {
  readonly stayId: string;
}

const OPEN_AT_ONCE = 500;

const IS_KNOWN = `
select exists (
  select from information_schema.columns
  where table_schema = 'router' and table_name = 'stay' and column_name = 'routed_at'
) as there`;

const NEXT_STAYS = `
select stay_id::text as stay_id, array_agg(body::text) as bodies from router.event
where stay_id in (
  select stay_id from router.stay where routed_at is not null and stay_id > $1 order by stay_id limit $2
)
group by stay_id order by stay_id`;

/**
 * The stays that go on and that another directory makes be told elsewhere, as the router finds them when it comes into force.
 * Read only; by the events of the stay alone, without what other stays of the person bring.
 * @param before by which they have been decided
 * @param at the instant as of which the other one is asked
 */
export async function* staysToldElsewhere(
  pool: Pool,
  before: DirectoryVersions,
  after: Directory,
  at: Instant,
  parameters: RoutingRules['parameters'],
): AsyncGenerator<StayToldElsewhere> {
  const { rows: tables } = await pool.query<{ there: boolean }>(IS_KNOWN);
  if (!tables[0]?.there) return;
  for (let last = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await pool.query<{ stay_id: string; bodies: string[] }>(NEXT_STAYS, [last, OPEN_AT_ONCE]);
    for (const { stay_id: stayId, bodies } of rows) {
      last = stayId;
      const events = bodies.map((body) => upgradeStoredEvent(JSON.parse(body)));
      const growing = growingHistory({ county: { directory: before }, parameters });
      growing.of(new IntakeSequence(events), undefined);
      const rerouted = growing.reroutedAt(at, after);
      if (rerouted) yield { stayId, ...rerouted };
    }
    if (rows.length < OPEN_AT_ONCE) return;
  }
}
