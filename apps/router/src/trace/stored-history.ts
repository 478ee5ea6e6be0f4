import { continuedHistories, patientsIn, type History } from '#libs/domain';
import { relatedStays, type Reader } from '#libs/stays';
import type { RoutingRules } from '../deciding/routing-rules.ts';
import { stayHistory } from '../deciding/stay-history.ts';
import { STAYS } from '../router-schema.ts';

/**
 * The history of one stay as it is stored, with what the person's other stays bring to it. For a reader: locks nothing.
 * @returns undefined for a stay without events
 */
export async function storedHistory(reader: Reader, stayId: string, rules: RoutingRules): Promise<History | undefined> {
  const kept = await STAYS.eventsOf(reader, [stayId]);
  const related = await relatedStays(reader, STAYS, patientsIn(kept.map(({ event }) => event)));
  const byId = new Map(related.map((stay) => [stay.stayId, stay]));
  const histories = continuedHistories(related, rules, (id, continuation) => {
    const stay = byId.get(id);
    const history = stayHistory(stay?.events ?? [], stay?.protection, rules, continuation);
    if (!history) throw new Error('a stay without events is none');
    return history;
  });
  return histories.get(stayId);
}
