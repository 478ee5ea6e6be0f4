import type { Pool } from 'pg';
import type { DirectoryFiles } from '#libs/county';
import { foldStay, unitsOf, upgradeStoredEvent, type Directory, type Party, type StayEvent } from '#libs/domain';
import type { RoutingRules } from '../deciding/routing-rules.ts';

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
export interface StayToldElsewhere {
  readonly stayId: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const OPEN_AT_ONCE = 500;

const NEXT_STAYS = `
select stay_id::text as stay_id, array_agg(body::text) as bodies from router.event
where stay_id in (select distinct stay_id from router.event where stay_id > $1 order by stay_id limit $2)
group by stay_id order by stay_id`;

/**
 * The stays that go on and whose recorded need concerns others by the one directory than by the other. Read only; by the events
 * of the stay alone, without what other stays of the person bring.
 * @param date local day by which both directories are read
 */
export async function* staysToldElsewhere(
  pool: Pool,
  before: Directory,
  after: Directory,
  date: string,
  parameters: RoutingRules['parameters'],
): AsyncGenerator<StayToldElsewhere> {
  const { rows: tables } = await pool.query<{ there: boolean }>(
    `select to_regclass('router.event') is not null as there`,
  );
  if (!tables[0]?.there) return;
  for (let last = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await pool.query<{ stay_id: string; bodies: string[] }>(NEXT_STAYS, [last, OPEN_AT_ONCE]);
    for (const { stay_id: stayId, bodies } of rows) {
      last = stayId;
      const events = bodies.map((body) => upgradeStoredEvent(JSON.parse(body)));
      const [had, has] = [before, after].map((directory) => concernedIn(events, directory, date, parameters));
      if (had && has && had.join() !== has.join()) yield { stayId, before: had, after: has };
    }
    if (rows.length < OPEN_AT_ONCE) return;
  }
}

/** Ids of those concerned, and `?<role>` for a need that waits for a person; empty for a stay that is over or has no need. */
function concernedIn(
  events: readonly StayEvent[],
  directory: Directory,
  date: string,
  parameters: RoutingRules['parameters'],
): string[] {
  const stay = foldStay(events, { parameters });
  if (stay.state !== 'admitted' || stay.deceased) return [];
  const need = (stay.need?.scopes ?? []).map(({ scope }) => scope);
  const { resolved, unresolved } = unitsOf(stay, need, directory, date);
  return [...resolved.map(({ party }) => party.id), ...unresolved.map(({ role }) => `?${role}`)].sort();
}
