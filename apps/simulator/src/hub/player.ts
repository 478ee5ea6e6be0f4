import type { County, Standstill, StayPlan } from '../county/county.ts';
import type { Instant } from '../county/county-time.ts';
import type { HospitalId } from '../county/hospitals.ts';
import type { Sending } from '../county/ward-stay.ts';
import type { HubClient } from './hub-client.ts';
import type { MllpClient } from './mllp-client.ts';
import { untilReceived } from './receipts.ts';

/** The hub as a county plays to it: one connection per sender, and the operator's levers. */
export interface Stage {
  readonly hub: HubClient;
  readonly senders: Readonly<Record<HospitalId, MllpClient>>;
  /** Called now and then with how many messages have been played. */
  readonly progress: (played: number, of: number) => void;
}

/** A message that the hub did not accept: then nothing that follows can be compared. */
class NotAccepted extends Error {}

interface Arrival {
  readonly plan: StayPlan;
  readonly sending: Sending;
}

/**
 * Plays a county in order of hub time. Before each moment the clock is moved there:
 *
 *   all stages run        what came before is settled, and what falls due on the way is judged
 *   a stage stands still  the clock is only set; judging follows when the stage has caught up
 *
 * @returns how many messages were sent
 */
export async function play(county: County, stage: Stage): Promise<number> {
  const moments = Map.groupBy(arrivalsOf(county.stays), ({ sending }) => sending.arrives);
  const total = arrivalsOf(county.stays).length;
  let played = 0;
  await stage.hub.moveClock(county.start);
  for (const at of momentsOf(moments.keys(), county.standstills)) {
    const standstill = county.standstills.find(({ from, to }) => from < at && at <= to);
    await stage.hub.moveClock(at, standstill === undefined);
    await pullLevers(at, county.standstills, stage.hub);
    const arrivals = moments.get(at) ?? [];
    await Promise.all(arrivals.map(({ sending }) => deliver(sending, stage)));
    if (standstill?.stage === 'watcher' && at < standstill.to) await untilReceived(stage.hub, noticesOf(arrivals));
    played += arrivals.length;
    stage.progress(played, total);
  }
  await stage.hub.moveClock(county.end);
  await stage.hub.settle();
  return played;
}

function arrivalsOf(stays: readonly StayPlan[]): Arrival[] {
  return stays.flatMap((plan) => plan.sendings.map((sending) => ({ plan, sending })));
}

function momentsOf(arrivals: Iterable<Instant>, standstills: readonly Standstill[]): Instant[] {
  return [...new Set([...arrivals, ...standstills.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
}

async function pullLevers(at: Instant, standstills: readonly Standstill[], hub: HubClient): Promise<void> {
  for (const { stage, from, to } of standstills) {
    if (at === from) await hub.changeStages({ stop: [stage] });
    if (at !== to) continue;
    await hub.changeStages({ start: [stage] });
    await hub.settle();
  }
}

async function deliver({ sender, bytes }: Sending, { senders }: Stage): Promise<void> {
  const { code } = await senders[sender].send(bytes);
  if (code !== 'AA') throw new NotAccepted(`a message of ${sender} was answered ${code}`);
}

/** How many notices each of the stays leads to in the end: a stay in a standstill of the watcher has only one message. */
function noticesOf(arrivals: readonly Arrival[]): Map<string, number> {
  return new Map(
    arrivals.map(({ plan: { visit, truth } }) => {
      const counts = [...truth.notices.values()].flatMap((notices) => Object.values(notices));
      return [visit, counts.reduce((sum, count) => sum + count, 0)];
    }),
  );
}
