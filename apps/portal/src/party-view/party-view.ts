import type { InRecord, TopicNames } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import type { Clock } from '#libs/platform';
import { deviationRow } from '../view/deviation-row.ts';
import { distinctRows } from '../view/distinct-rows.ts';
import { UnreadableRecord } from '../view/poison.queries.ts';
import { writeRows } from '../view/rows.queries.ts';
import { applyNotices } from './apply-notices.ts';
import { PARTY_KEY, PARTY_SCHEMA } from './schema.ts';

export interface PartyViewParts {
  readonly names: TopicNames;
  readonly clock: Clock;
  /** True for an organisation that the public directory has. */
  readonly isPublic: (organizationId: string) => boolean;
}

/**
 * What each party can read, built from its own two topics and nothing else (architecture 5). Whose view a record goes
 * into is told by the topic it lies in, where the router or the watcher put it, and by no field of its content.
 * @returns the applier of a batch of one topic
 */
export function partyView({ names, clock, isPublic }: PartyViewParts) {
  return async (tx: Tx, topic: string, records: readonly InRecord[]): Promise<void> => {
    const party = names.partyOf(topic);
    if (party === undefined) throw new UnreadableRecord('topic of no party');
    const now = clock.now();
    if (topic === names.deliveries(party)) return applyNotices(tx, party, records, now, isPublic);
    const rows = records.map((record) => deviationRow(record, party, now));
    await writeRows(tx, PARTY_SCHEMA, PARTY_KEY, distinctRows(rows));
  };
}
