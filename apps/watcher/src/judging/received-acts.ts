import { withdrawalKey, type Act, type History, type Instant } from '#libs/domain';
import type { IdMaker } from '#libs/platform';
import type { WatchedStay } from './watched-stay.ts';

/**
 * When each act of a stay was first received, by the act's key. Receipts name acts by id; the rules name them by key.
 * An INFO whose time the ward stated is named by that as it was written; the version before named it by its instant. Its
 * notice stands as it was told then, so a receipt of that name is this act's: else a replay would call it undelivered.
 */
export function receivedActs(
  { stayId, receipts, events }: Pick<WatchedStay, 'stayId' | 'receipts' | 'events'>,
  history: Pick<History, 'acts'>,
  ids: Pick<IdMaker, 'delivery'>,
): Map<string, Instant> {
  const received = new Map<string, Instant>();
  if (receipts.size === 0) return received;
  const receiptOf = (key: string): Instant | undefined => receipts.get(ids.delivery(stayId, key, 0));
  for (const act of history.acts) {
    const former = formerKey(act, events);
    const at = receiptOf(act.key) ?? (former === undefined ? undefined : receiptOf(former));
    if (at !== undefined) received.set(act.key, at);
    const withdrawal = withdrawalKey(act);
    const endedAt = withdrawal === undefined ? undefined : receiptOf(withdrawal);
    if (withdrawal !== undefined && endedAt !== undefined) received.set(withdrawal, endedAt);
  }
  return received;
}

/** The key that the version before gave an INFO act: its slot ends in the instant of its fact. */
function formerKey({ kind, key, slot, statedBy }: Act, events: WatchedStay['events']): string | undefined {
  if (kind !== 'INFO') return undefined;
  const facts = events.get(statedBy)?.event.facts ?? [];
  const fact = facts.find(({ code, stated }) => code === 'INFO' && stated !== undefined && slot.endsWith(`@${stated}`));
  if (fact?.stated === undefined) return undefined;
  const former = `${slot.slice(0, -fact.stated.length)}${fact.at}`;
  return key.replace(`|${slot}|`, `|${former}|`);
}
