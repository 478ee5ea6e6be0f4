import {
  claimOf,
  continuedHistories,
  historyOf,
  inStay,
  isUnplanned,
  judge,
  judgedTime,
  knownSince,
  localDate,
  parametersOn,
  PartyDirectory,
  PLAN_ITEMS,
  PLAN_PARTICIPANTS,
  protectionIn,
  routingEventOf,
  stayProfile,
  wordEventOf,
  type Deviation,
  type History,
  type LaterStay,
  type Parameters,
  type PartyStatement,
  type PersonEvent,
  type StayEvent,
} from '#libs/domain';
import { loadCounty, readDirectory } from '#libs/county';
import { IdMaker } from '#libs/platform';
import { isOfPerson } from '#libs/stays';
import { readHl7v2 } from '../../apps/translator/src/hl7v2/read-hl7v2.ts';
import type { Reply } from '../../apps/simulator/src/county/answering.ts';
import { SAID_AT_ONCE } from '../../apps/simulator/src/score/code-report.ts';
import type { County } from '../../apps/simulator/src/county/county.ts';

/** A deviation that the rules name, whose it is, and its deadline. */
export interface Named {
  readonly code: string;
  readonly party: string;
  /** Absent where nobody but the rules can tell. */
  readonly due?: number;
  /** By what was known the moment before its deadline it was said already. */
  readonly isTooEarly?: boolean;
}

const COUNTY = loadCounty('deploy/county');
const FILES = readDirectory('deploy/county/parties.json', 'deploy/county/addresses.csv', []);

const DIRECTORY = new PartyDirectory({ version: 'simulation', ...FILES });
const IDS = new IdMaker(Buffer.alloc(32, 7));
const parameters = (date: string): Parameters => parametersOn(date);

/**
 * What translator and rules make of a county's messages at its end, without the hub: the same bytes at the same times, every
 * notice received at once. It proves nothing of the hub, and finds within seconds where rules and county part.
 * @returns by visit id
 */
export function judgedByRules(
  county: Pick<County, 'end'> & { readonly stays: readonly Played[] },
): Map<string, readonly Named[]> {
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
    /** A stay's history as it was known at an instant. */
    const known = new Map<string, (until: number) => History>();
    const histories = continuedHistories(related, { parameters }, (stayId, continuation) => {
      const events = byId.get(stayId) ?? [];
      const protection = protectionIn(knownSince(events), claims);
      const at = (until: number): History =>
        historyOf({
          ...{ events: events.filter(({ intakeAt }) => intakeAt <= until) },
          ...{ continuation, parameters, directory: DIRECTORY },
          judge: (event) => judgedTime(event, parameters(localDate(event.intakeAt))),
          ...(protection && { protection }),
        });
      known.set(stayId, at);
      return at(Infinity);
    });
    const spans = [...histories]
      .flatMap(([stayId, history]) => spanOf(stayId, history, byId.get(stayId) ?? []))
      .sort((a, b) => a.admittedAt - b.admittedAt);
    for (const [stayId, history] of histories) {
      const judgedAt = (seen: History, watermark: number): readonly Deviation[] => {
        const laterStays = spans.filter((span) => span.stayId !== stayId && span.admittedAt <= watermark);
        const received = new Map(seen.acts.map((act) => [act.key, act.at]));
        const circumstances = { ...{ watermark, parameters, received, deliveryId, laterStays }, ...UNDISTURBED };
        return judge(seen, circumstances).deviations;
      };
      const named = judgedAt(history, county.end).filter(({ code }) => code !== 'TEK-01');
      // Before its first message nothing could be said of a stay.
      const first = byId.get(stayId)?.reduce((least, { intakeAt }) => Math.min(least, intakeAt), Infinity) ?? Infinity;
      const moments = new Set(named.map(({ due }) => due - 1).filter((before) => before >= first));
      const early = new Set(
        [...moments].flatMap((before) =>
          judgedAt(known.get(stayId)?.(before) ?? history, before)
            .filter(({ code, due }) => due > before && !SAID_AT_ONCE.has(code))
            .map(({ code }) => code),
        ),
      );
      found.set(
        visits.get(stayId) ?? stayId,
        named.map(({ code, party, due }) => ({ code, party, due, isTooEarly: early.has(code) })),
      );
    }
  }
  return found;
}

/** Nothing stood still, and no source was silent. */
const UNDISTURBED = { outages: [], suspected: false } as const;

/** A stay as the person's others are judged by it, where it really was. */
function spanOf(
  stayId: string,
  { stay }: History,
  events: readonly StayEvent[],
): readonly (LaterStay & { readonly stayId: string })[] {
  const admittedAt = stay.state === 'cancelled' ? undefined : stayProfile(stay)?.admittedAt;
  if (admittedAt === undefined) return [];
  return [{ stayId, admittedAt, unplanned: isUnplanned(events), statedBy: events[0]?.eventId ?? '' }];
}

/** What is played of a stay: messages of its ward, and what its parties say. */
export type Played = Pick<County['stays'][number], 'visit' | 'sendings'> & { readonly replies?: readonly Reply[] };

/** Here an act goes by its kind and recipient, so that an answer can name it before it is told. */
const deliveryId = (key: string): string => key.split('|').slice(0, 2).join('|');

/** What a party said, as an event of its stay. @param undone the words that it may take back, by reply */
function wordOf(
  { party, at, about, says }: Reply,
  stayId: string,
  id: string,
  ids: ReadonlyMap<Reply, string>,
): StayEvent {
  const origin = { eventId: id, inboundId: id, ordinal: 0, revision: 1, intakeAt: at, intakeStamp: at * 1000 };
  const named = about === undefined ? {} : { about: `${about}|${party}` };
  const event = { ...origin, stayId, party, sentAt: at, says: statementOf(says, ids), ...named };
  return wordEventOf(event, routingEventOf(event));
}

function statementOf(says: Reply['says'], ids: ReadonlyMap<Reply, string>): PartyStatement {
  switch (says.code) {
    case 'KVI':
      return { kind: 'acknowledged' };
    case 'RET':
      return { kind: 'returned', reason: 'NOT-REGISTERED-HERE' };
    case 'PLAN':
      return { kind: 'planning-begun' };
    case 'FVK':
      return { kind: 'contact-appointed', confirmed: false };
    case 'OBSTACLE':
      return { kind: 'obstacle', exists: says.exists };
    case 'FOUND':
      return { kind: 'found', where: 'home' };
    case 'SIP-CALL':
      return { kind: 'sip-called', invited: says.invited };
    case 'SIP-DECLINED':
      return { kind: 'sip-declined', by: 'PERSON' };
    case 'SIP-PLAN': {
      const { items, consent, tookPart } = says;
      const isOf = <T extends string>(known: readonly T[], given: readonly string[]): T[] =>
        known.filter((one) => given.includes(one));
      const parts = { items: isOf(PLAN_ITEMS, items), tookPart: isOf(PLAN_PARTICIPANTS, tookPart) };
      return { kind: 'sip-planned', state: 'made', consent, ...parts };
    }
    case 'UNDONE':
      return { kind: 'undone', eventId: ids.get(says.of) ?? '', code: 'KVI' };
  }
}

interface Read {
  /** Stay id -> visit id. */
  readonly visits: ReadonlyMap<string, string>;
  readonly stays: ReadonlyMap<string, readonly StayEvent[]>;
  readonly said: readonly PersonEvent[];
}

function read({ stays: plans }: { readonly stays: readonly Played[] }): Read {
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
  const stayOf = new Map([...visits].map(([stayId, visit]) => [visit, stayId]));
  for (const { visit, replies = [] } of plans) {
    const ids = new Map(replies.map((reply, n) => [reply, `${visit} word ${n}`]));
    const stayId = stayOf.get(visit) ?? '';
    for (const [reply, id] of ids) events.set(id, wordOf(reply, stayId, id, ids));
  }
  return { visits, stays: Map.groupBy(events.values(), ({ stayId }) => stayId), said: [...said.values()] };
}

function byPerson<Stay extends { readonly events: readonly StayEvent[] }>(stays: readonly Stay[]): Stay[][] {
  return [...Map.groupBy(stays, ({ events }) => events.at(-1)?.patientId ?? '').values()];
}
