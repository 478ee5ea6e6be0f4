import {
  claimOf,
  continuedHistories,
  historyOf,
  inStay,
  judge,
  judgedTime,
  knownSince,
  localDate,
  parametersOn,
  protectionIn,
  type Parameters,
  type PersonEvent,
  type StayEvent,
} from '#libs/domain';
import { loadCounty } from '#libs/county';
import { IdMaker } from '#libs/platform';
import { isOfPerson } from '#libs/stays';
import { readHl7v2 } from '../../apps/translator/src/hl7v2/read-hl7v2.ts';
import type { County } from '../../apps/simulator/src/county/county.ts';

/** A deviation that the rules name, and whose it is. */
export interface Named {
  readonly code: string;
  readonly party: string;
}

const COUNTY = loadCounty('deploy/county');
const IDS = new IdMaker(Buffer.alloc(32, 7));
const parameters = (date: string): Parameters => parametersOn(date);

/**
 * What translator and rules make of a county's messages at its end, without the hub: the same bytes at the same times, every
 * notice received at once. It proves nothing of the hub, and finds within seconds where rules and county part.
 * @returns by visit id
 */
export function judgedByRules(county: County): Map<string, readonly Named[]> {
  const { visits, stays, said } = read(county);
  const claims = [...stays.values()].flat().flatMap((event) => claimOf(event) ?? []);
  const all = [...stays].map(([stayId, own]) => ({
    stayId,
    events: [...own, ...inStay(own, said, (id) => `${id} ${stayId}`)],
  }));
  const found = new Map<string, readonly Named[]>();
  // A patient's stays matter to each other only: by person the work grows with the county, not with its square.
  for (const related of byPerson(all)) {
    const byId = new Map(related.map((one) => [one.stayId, one.events]));
    const histories = continuedHistories(related, { parameters }, (stayId, continuation) => {
      const events = byId.get(stayId) ?? [];
      const protection = protectionIn(knownSince(events), claims);
      return historyOf({
        ...{ events, continuation, parameters, directory: COUNTY.directory },
        judge: (event) => judgedTime(event, parameters(localDate(event.intakeAt))),
        ...(protection && { protection }),
      });
    });
    for (const [stayId, history] of histories) {
      const received = new Map(history.acts.map((act) => [act.key, act.at]));
      const circumstances = { watermark: county.end, parameters, outages: [], received, suspected: false };
      const { deviations } = judge(history, circumstances);
      found.set(
        visits.get(stayId) ?? stayId,
        deviations.filter(({ code }) => code !== 'TEK-01').map(({ code, party }) => ({ code, party })),
      );
    }
  }
  return found;
}

interface Read {
  /** Stay id -> visit id. */
  readonly visits: ReadonlyMap<string, string>;
  readonly stays: ReadonlyMap<string, readonly StayEvent[]>;
  readonly said: readonly PersonEvent[];
}

function read({ stays: plans }: County): Read {
  const arrivals = plans.flatMap(({ visit, sendings }) => sendings.map((sending) => ({ visit, ...sending })));
  arrivals.sort((a, b) => a.arrives - b.arrives);
  const visits = new Map<string, string>();
  const events = new Map<string, StayEvent>();
  const said = new Map<string, PersonEvent>();
  for (const [intakeStamp, { visit, sender, bytes, arrives: intakeAt }] of arrivals.entries()) {
    const inboundId = IDS.inbound(sender, bytes);
    const read = readHl7v2({ inboundId, sender, bytes, intakeAt, intakeStamp }, { county: COUNTY, ids: IDS });
    if (read.kind === 'rejection') throw new Error(`${visit}: ${read.faults.map(({ code }) => code).join()}`);
    for (const { event } of read.events) {
      if (isOfPerson(event)) {
        if (!said.has(event.eventId)) said.set(event.eventId, event);
        continue;
      }
      visits.set(event.stayId, visit);
      if (!events.has(event.eventId)) events.set(event.eventId, event);
    }
  }
  return { visits, stays: Map.groupBy(events.values(), ({ stayId }) => stayId), said: [...said.values()] };
}

function byPerson<Stay extends { readonly events: readonly StayEvent[] }>(stays: readonly Stay[]): Stay[][] {
  return [...Map.groupBy(stays, ({ events }) => events.at(-1)?.patientId ?? '').values()];
}
