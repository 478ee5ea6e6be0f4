import type { County, StayPlan } from '../county/county.ts';
import type { Instant } from '../county/county-time.ts';
import type { HospitalId } from '../county/hospitals.ts';
import type { Sending } from '../county/ward-stay.ts';
import type { HubClient } from './hub-client.ts';
import type { MllpClient } from './mllp-client.ts';

/** The hub as a county plays to it: one connection per sender, and the operator's levers. */
export interface Stage {
  readonly hub: HubClient;
  readonly senders: Readonly<Record<HospitalId, MllpClient>>;
  /** Called now and then with how many messages have been played. */
  readonly progress: (played: number, of: number) => void;
}

/** A message that the hub did not accept: then nothing that follows can be compared. */
export class NotAccepted extends Error {}

/**
 * Plays a county in order of hub time. Before each moment the clock is moved there, which settles all that came before and
 * judges what falls due on the way; while a stage stands still the clock is only set.
 */
export async function play(county: County, stage: Stage): Promise<number> {
  const moments = momentsOf(county.stays);
  const total = [...moments.values()].reduce((sum, sendings) => sum + sendings.length, 0);
  let played = 0;
  await stage.hub.moveClock(county.start);
  const levers = [
    ...county.standstills.flatMap(({ stage: name, from, to }) => [
      { at: from, stop: [name] },
      { at: to, start: [name] },
    ]),
  ];
  let standing = false;
  for (const at of [...new Set([...moments.keys(), ...levers.map((lever) => lever.at)])].sort((a, b) => a - b)) {
    await stage.hub.moveClock(at, !standing);
    for (const { stop, start } of levers.filter((lever) => lever.at === at) as Lever[]) {
      await stage.hub.changeStages({ ...(stop && { stop }), ...(start && { start }) });
      standing = stop !== undefined;
      if (start) await stage.hub.settle();
    }
    const sendings = moments.get(at) ?? [];
    await Promise.all(sendings.map((sending) => deliver(sending, stage)));
    played += sendings.length;
    stage.progress(played, total);
  }
  await stage.hub.moveClock(county.end);
  await stage.hub.settle();
  return played;
}

interface Lever {
  readonly at: Instant;
  readonly stop?: readonly string[];
  readonly start?: readonly string[];
}

async function deliver({ sender, bytes }: Sending, { senders }: Stage): Promise<void> {
  const { code } = await senders[sender].send(bytes);
  if (code !== 'AA') throw new NotAccepted(`a message of ${sender} was answered ${code}`);
}

/** All sendings by moment; at one moment in the order of the stays. */
function momentsOf(stays: readonly StayPlan[]): Map<Instant, Sending[]> {
  const moments = new Map<Instant, Sending[]>();
  for (const sending of stays.flatMap(({ sendings }) => sendings)) {
    const there = moments.get(sending.arrives);
    if (there) there.push(sending);
    else moments.set(sending.arrives, [sending]);
  }
  return moments;
}
