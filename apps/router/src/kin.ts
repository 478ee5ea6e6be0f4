import { continuedHistories, protectionBy, type History } from '#libs/domain';
import type { Tx } from '#libs/persistence';
import { claimsOf, eventsOf } from './event.queries.ts';
import { staysOfPersons } from './lock.queries.ts';
import type { RoutingRules } from './routing-rules.ts';
import { stayHistory } from './stay-history.ts';

/**
 * The history of one stay as it is stored, with what the person's other stays bring to it. For a reader: locks nothing.
 * @returns undefined for a stay without events
 */
export async function historyWithKin(
  tx: Pick<Tx, 'query'>,
  stayId: string,
  rules: RoutingRules,
): Promise<History | undefined> {
  let stays = [stayId];
  for (;;) {
    const events = await eventsOf(tx, stays, []);
    const persons = [...new Set(events.map((event) => event.patientId))];
    const all = [...new Set([stayId, ...(await staysOfPersons(tx, persons))])];
    if (all.length > stays.length) {
      stays = all;
      continue;
    }
    const claims = Map.groupBy(await claimsOf(tx, persons), (claim) => claim.patientId);
    const byStay = Map.groupBy(events, (event) => event.stayId);
    const family = [...byStay].map(([id, own]) => ({ stayId: id, events: own }));
    const histories = continuedHistories(family, rules, (id, continuation) => {
      const own = byStay.get(id) ?? [];
      const protection = protectionBy(
        [...new Set(own.map((one) => one.patientId))].flatMap((p) => claims.get(p) ?? []),
      );
      const history = stayHistory(own, protection, rules, continuation);
      if (!history) throw new Error('a stay without events is none');
      return history;
    });
    return histories.get(stayId);
  }
}
