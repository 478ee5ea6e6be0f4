import { isDeepStrictEqual } from 'node:util';
import type { DeviationRecord } from '#libs/fhir';
import { list, object, text } from '../../apps/simulator/src/hub/hub-client.ts';
import type { Load } from './load.ts';
import { byParty, type Outcome } from './outcome.ts';
import type { TestHub } from './test-hub.ts';
import { until } from './until.ts';

/**
 * What a storm did to the stays of a load, in words; nothing when it did nothing: every acknowledged message is there,
 * each had its effect once and in order, no deviation was raised twice, and the parties see over FHIR what they were sent.
 */
export async function harmDone(hub: TestHub, load: Load): Promise<string[]> {
  await settled(hub);
  const outcome = await hub.outcome();
  return [
    ...lostMessages(hub, outcome, load),
    ...wrongStays(hub, outcome, load),
    ...wrongReceipts(hub, outcome),
    ...wrongVersions(outcome.deviationVersions),
    ...(await wrongViews(hub, outcome)),
  ];
}

/** Catching up after a storm takes as long as it takes. */
export async function settled(hub: TestHub, millis = 300_000): Promise<void> {
  await until('the hub has settled', () => hub.client.settle().then(() => true), millis);
}

function lostMessages(hub: TestHub, outcome: Outcome, load: Load): string[] {
  const stored = new Set(outcome.on(hub.topics.inbound).map(({ value }) => value.toString().split('|')[9]));
  return load.acknowledged.filter((id) => !stored.has(id)).map((id) => `acknowledged and lost: ${id}`);
}

function wrongStays(hub: TestHub, outcome: Outcome, load: Load): string[] {
  const notices = Map.groupBy(outcome.notices, ({ stayId }) => stayId);
  return load.stays.flatMap(({ ward, plot }) => {
    const stayId = hub.stayId(ward.sender, ward.visit);
    const told = byParty(notices.get(stayId) ?? []);
    const open = outcome.open(stayId);
    return [
      ...(plot.told.some((one) => isDeepStrictEqual(told, one))
        ? []
        : [`${ward.visit} was told as ${JSON.stringify(told)}`]),
      ...(isDeepStrictEqual(open, plot.flagged) ? [] : [`${ward.visit} is flagged ${open.join(' ')}`]),
    ];
  });
}

/** One receipt for each notice that lies on its party's topic, and none for another. */
function wrongReceipts(hub: TestHub, outcome: Outcome): string[] {
  const received = outcome.on(hub.topics.receipts).map(({ value }) => text(object(JSON.parse(value.toString()))['id']));
  const told = outcome.notices.map(({ deliveryId }) => deliveryId);
  return isDeepStrictEqual([...received].sort(), [...told].sort())
    ? []
    : [`${received.length} receipts for ${told.length} notices`];
}

/** Versions of one deviation count from 1 without a gap, and each says something else than the one before. */
function wrongVersions(versions: readonly DeviationRecord[]): string[] {
  return [...Map.groupBy(versions, ({ id }) => id)].flatMap(([id, all]) => {
    const inOrder = all.map(({ version }) => version).every((version, n) => version === n + 1);
    const isNews = all.every(({ status }, n) => n === 0 || status !== all[n - 1]!.status);
    return inOrder && isNews ? [] : [`deviation ${id}: ${all.map((one) => `${one.version} ${one.status}`).join(', ')}`];
  });
}

async function wrongViews(hub: TestHub, outcome: Outcome): Promise<string[]> {
  const sent = Map.groupBy(outcome.notices, ({ recipient }) => recipient);
  const wrong: string[] = [];
  for (const [party, notices] of sent) {
    const seen = await hub.client.search(party, 'Communication', { _count: '200' });
    const ids = seen.map(({ id }) => text(id));
    const expected = notices.map(({ deliveryId }) => deliveryId);
    if (!isDeepStrictEqual([...ids].sort(), [...expected].sort())) {
      wrong.push(`${party} sees ${ids.length} notices of ${expected.length}`);
    }
    if (list(ids).length !== new Set(ids).size) wrong.push(`${party} sees a notice twice`);
  }
  return wrong;
}
