import { continuedHistories } from '../acts/continuation.ts';
import { GrowingHistory, historyOf, type History, type HistoryRules } from '../acts/history.ts';
import { judge } from '../deviations/registry.ts';
import { IntakeSequence } from '../events/intake-sequence.ts';
import type { PersonEvent } from '../events/person-event.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { inItsStay, joinedStays } from '../person/joined-stays.ts';
import { inStay, knownSince } from '../person/person-in-stay.ts';
import { claimOf, protectionIn } from '../person/protection.ts';
import { parametersOn } from '../rules/parameters.ts';
import { judgedTime } from '../rules/judged-time.ts';
import { HOUR, type Instant } from '../time/time.ts';
import { DIRECTORY } from './generated-county.fixture.ts';

/** What the hub makes of generated events, as router and watcher put it together. */

const RULES: HistoryRules = {
  directory: DIRECTORY,
  parameters: (date) => parametersOn(date),
  judge: (event) => judgedTime(event, parametersOn('2026-05-04')),
};

/**
 * The histories of all stays among these events.
 * @param growing those that go on from the call before; else each is told anew
 * @param said what was said of their persons beside them
 */
export function historiesOf(
  events: readonly StayEvent[],
  growing?: (stayId: string) => GrowingHistory,
  said: readonly PersonEvent[] = [],
): Map<string, History> {
  const joined = joinedStays(said);
  const byStay = Map.groupBy(
    events.map((event) => inItsStay(event, joined)),
    (event) => event.stayId,
  );
  const stays = new Map(
    [...byStay].map(([stayId, own]) => {
      const all = [...own, ...inStay(own, said, (id) => `${id} ${stayId}`)];
      return [stayId, { stayId, events: all }];
    }),
  );
  const claims = [...stays.values()].flatMap((stay) => stay.events.flatMap((event) => claimOf(event) ?? []));
  return continuedHistories([...stays.values()], RULES, (stayId, continuation) => {
    const own = stays.get(stayId)?.events ?? [];
    const protection = protectionIn(knownSince(own), claims);
    if (growing) return growing(stayId).of(new IntakeSequence(own), protection, continuation);
    return historyOf({ ...RULES, events: own, continuation, ...(protection && { protection }) });
  });
}

/** The events up to each instant at which something was taken in, the earliest first. */
export function prefixesOf(events: readonly StayEvent[]): { readonly now: Instant; readonly taken: StayEvent[] }[] {
  const instants = [...new Set(events.map(({ intakeAt }) => intakeAt))].sort((a, b) => a - b);
  return instants.map((now) => ({ now, taken: events.filter(({ intakeAt }) => intakeAt <= now) }));
}

/** Everything that is said of the stays: their state, the acts, what is withheld, the duties, and the deviations as time goes on. */
export function saidOf(histories: ReadonlyMap<string, History>): unknown {
  return [...histories]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([stayId, history]) => {
      const said = Object.fromEntries(Object.entries(history).filter(([name]) => name !== 'ward'));
      const last = Math.max(...history.acts.map(({ at }) => at), history.stay.admittedAt ?? 0);
      const deviations = [0, 25, 24 * 20].map((hours) => judge(history, circumstances(last + hours * HOUR)));
      return { stayId, ...said, deviations };
    });
}

function circumstances(watermark: Instant): Parameters<typeof judge>[1] {
  return {
    watermark,
    parameters: RULES.parameters,
    outages: [],
    received: new Map(),
    deliveryId: (key) => key,
    suspected: false,
  };
}

/** Keeps the growing history of each stay from one cut of a batch to the next, as the router and the watcher do. */
export function growingHistories(): (stayId: string) => GrowingHistory {
  const growing = new Map<string, GrowingHistory>();
  return (stayId) => {
    const known = growing.get(stayId) ?? new GrowingHistory(RULES);
    growing.set(stayId, known);
    return known;
  };
}
