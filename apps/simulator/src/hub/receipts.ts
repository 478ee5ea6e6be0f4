import { setTimeout as sleep } from 'node:timers/promises';
import { list, object, text, type HubClient } from './hub-client.ts';

const PATIENCE_MILLIS = 60_000;
const BETWEEN_LOOKS_MILLIS = 50;

/**
 * Waits until the hub has so many receipts for each visit. While the watcher stands still nothing can be settled, but the
 * rest of the line goes on: the clock may not run ahead of it, or a notice looks late that was there at once. What is not
 * there after a minute of the machine's clock is not waited for any more: the score shows that it is missing.
 */
export async function untilReceived(hub: HubClient, wanted: ReadonlyMap<string, number>): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MILLIS;
  while (performance.now() < giveUpAt) {
    const received = await receiptsByVisit(hub);
    if ([...wanted].every(([visit, count]) => (received.get(visit) ?? 0) >= count)) return;
    await sleep(BETWEEN_LOOKS_MILLIS);
  }
}

async function receiptsByVisit(hub: HubClient): Promise<Map<string, number>> {
  const visits = new Map<string, string>();
  for (const encounter of await hub.search('operator', 'Encounter')) {
    const visit = text(object(list(encounter['identifier'])[0])['value']);
    if (visit !== undefined) visits.set(`Encounter/${text(encounter['id']) ?? ''}`, visit);
  }
  const received = new Map<string, number>();
  for (const { encounter, received: at } of await hub.search('operator', 'Communication')) {
    const visit = visits.get(text(object(encounter)['reference']) ?? '');
    if (visit !== undefined && at !== undefined) received.set(visit, (received.get(visit) ?? 0) + 1);
  }
  return received;
}
