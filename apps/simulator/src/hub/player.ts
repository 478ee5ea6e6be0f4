import type { Reply } from '../county/answering.ts';
import type { Standstill, StayPlan } from '../county/county.ts';
import { readable, type Instant } from '../county/county-time.ts';
import type { HospitalId } from '../county/hospitals.ts';
import type { Look } from '../county/truth.ts';
import type { Sending } from '../county/ward-stay.ts';
import { observe } from '../score/observation.ts';
import type { Difference } from '../score/scorer.ts';
import type { HubClient } from './hub-client.ts';
import type { MllpClient } from './mllp-client.ts';
import { PartyAnswers } from './party-answers.ts';
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

/** Of a county what is played: messages, and what parties answer; what must come of it the player does not know. */
export interface Played {
  readonly start: Instant;
  readonly end: Instant;
  readonly standstills: readonly Standstill[];
  readonly stays: readonly PlayedStay[];
}

type PlayedStay = Pick<StayPlan, 'visit' | 'sendings'> &
  Partial<Pick<StayPlan, 'truth' | 'looks' | 'scenario'>> & { readonly replies?: readonly Reply[] };

interface Arrival {
  readonly plan: PlayedStay;
  readonly sending: Sending;
}

/**
 * Plays a county in order of hub time. Before each moment the clock is moved there:
 *
 *   all stages run        what came before is settled, and what falls due on the way is judged
 *   a stage stands still  the clock is only set; judging follows when the stage has caught up
 *
 * @returns how many messages were sent, and what was not as it had to be on the way
 */
export async function play(county: Played, stage: Stage): Promise<{ played: number; seen: readonly Difference[] }> {
  const moments = Map.groupBy(arrivalsOf(county.stays), ({ sending }) => sending.arrives);
  const total = arrivalsOf(county.stays).length;
  const spoken = repliesOf(county.stays);
  const answers = new PartyAnswers(stage.hub);
  const looks = Map.groupBy(looksOf(county.stays), ({ look }) => look.at);
  const seen: Difference[] = [];
  let played = 0;
  await stage.hub.moveClock(county.start);
  for (const at of momentsOf([...moments.keys(), ...spoken.keys(), ...looks.keys()], county.standstills)) {
    const standstill = county.standstills.find(({ from, to }) => from < at && at <= to);
    await stage.hub.moveClock(at, standstill === undefined);
    await pullLevers(at, county.standstills, stage.hub);
    const arrivals = moments.get(at) ?? [];
    await Promise.all(arrivals.map(({ sending }) => deliver(sending, stage)));
    for (const { visit, reply } of spoken.get(at) ?? []) await answers.say(visit, reply);
    for (const one of looks.get(at) ?? []) seen.push(...(await lookedAt(one, stage.hub)));
    if (standstill?.stage === 'watcher' && at < standstill.to) await untilReceived(stage.hub, noticesOf(arrivals));
    played += arrivals.length;
    stage.progress(played, total);
  }
  await stage.hub.moveClock(county.end);
  await stage.hub.settle();
  return { played, seen };
}

interface LookedFor {
  readonly plan: PlayedStay;
  readonly look: Look;
}

function looksOf(stays: readonly PlayedStay[]): LookedFor[] {
  return stays.flatMap((plan) => (plan.looks ?? []).map((look) => ({ plan, look })));
}

/** How a deviation of a stay stands now, when that is not as it has to be. */
async function lookedAt({ plan, look }: LookedFor, hub: HubClient): Promise<Difference[]> {
  const seen = (await observe(hub)).get(plan.visit)?.deviations.find(({ code }) => code === look.code);
  const found = seen?.status ?? 'nothing';
  if (found === look.status) return [];
  const of = `${look.code} at ${readable(look.at)}`;
  return [{ visit: plan.visit, scenario: plan.scenario ?? '', of, expected: look.status, found }];
}

/** What parties say, by the moment at which they do. */
function repliesOf(stays: readonly PlayedStay[]): Map<Instant, { visit: string; reply: Reply }[]> {
  const all = stays.flatMap(({ visit, replies = [] }) => replies.map((reply) => ({ visit, reply })));
  return Map.groupBy(all, ({ reply }) => reply.at);
}

function arrivalsOf(stays: readonly PlayedStay[]): Arrival[] {
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
      const counts = [...(truth?.notices.values() ?? [])].flatMap((notices) => Object.values(notices));
      return [visit, counts.reduce((sum, count) => sum + count, 0)];
    }),
  );
}
