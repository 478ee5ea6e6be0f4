import type { ProtectionClaim } from '#libs/domain';
import type { Tx } from '#libs/persistence';
import { UnreadableRecord } from '#libs/platform';
import { type ArrivedEvent, type KeptStays, lockAndLoad, NONE_KEPT } from '#libs/stays';
import { STAYS } from '../router-schema.ts';
import { saidStayOf } from '../said-stays/said-stays.ts';
import { type GivenTask, tasksOf } from '../telling/given-tasks.ts';
import { noticesOf, type ToldNotice } from '../telling/told-notices.ts';
import type { Known } from './case-book.ts';
import type { StayCase } from './stay-case.ts';

/** What is known of stays, and the version that the lock gave each, by stay id. */
export interface LoadedStays {
  readonly known: Known;
  readonly versions: ReadonlyMap<string, number>;
}

interface Own {
  readonly told: readonly ToldNotice[];
  readonly tasks: readonly GivenTask[];
  readonly claims: readonly ProtectionClaim[];
}

/**
 * All that is known of the stays and persons that these events can touch, under their locks until the end of the transaction.
 * @param kept stays in memory, which are not loaded when they are as they were left
 */
export async function loadStays(
  tx: Tx,
  events: readonly ArrivedEvent[],
  kept: KeptStays<StayCase>,
): Promise<LoadedStays> {
  const readOwn = async (stayIds: readonly string[], patientIds: readonly string[]): Promise<Own> => {
    const [told, tasks, { claims }] = await Promise.all([
      noticesOf(tx, stayIds),
      tasksOf(tx, stayIds),
      STAYS.personsOf(tx, patientIds),
    ]);
    return { told, tasks, claims };
  };
  const locked = await lockAndLoad(tx, events, { store: STAYS, readOwn, kept, tooMany });
  const { rows, inMemory, again, personEvents, sentOn, own } = locked;
  return {
    known: {
      ...own,
      ...{ inMemory, again, personEvents, sentOn },
      events: [...locked.events.values()].flat(),
      rows: [...rows.values()],
      said: [...rows.values()].map((row) => saidStayOf(row.stay_id, row)),
    },
    versions: new Map([...rows].map(([stayId, row]) => [stayId, row.lock_version])),
  };
}

const tooMany = (): Error => new UnreadableRecord('stays of the person', 'too-many-stays');

/**
 * Locks stays by way of their events, as a batch that brought these again would, and those without events by themselves, and
 * loads what is known of them.
 */
export async function lockAndLoadStays(tx: Tx, stayIds: readonly string[]): Promise<Known> {
  const stored = await STAYS.eventsOf(tx, stayIds);
  // Nothing is kept of them: their versions move, so that whoever keeps them loads them anew.
  const { known, versions } = await loadStays(
    tx,
    stored.map(({ event }) => event),
    NONE_KEPT,
  );
  const empty = await STAYS.lockStays(
    tx,
    stayIds.filter((stayId) => !versions.has(stayId)),
  );
  return {
    ...known,
    rows: [...known.rows, ...empty],
    said: [...known.said, ...empty.map((row) => saidStayOf(row.stay_id, row))],
  };
}
