import {
  ADDED_KINDS,
  answerPassage,
  endOf,
  hospitalEnd,
  localDate,
  mayAnswer,
  within,
  answerCodeOf,
  type AnswerPassage,
  type End,
  type Party,
  type PartyEvent,
  type Protection,
} from '#libs/domain';
import { isUnreadable, readPartyEventBundle, writeAnswerBundle } from '#libs/fhir';
import type { InRecord, OutRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { childTrace, fault, type Fault } from '#libs/platform';
import { rulesNow, type RoutingRules } from '../routing-rules.ts';
import { actOf, noticesOf, type ToldNotice } from '../telling/told-notices.ts';
import { answersById, putAnswers, wardsOf, type TakenAnswer, type WardOfStay } from './answer.queries.ts';

/** What became of answers. */
export interface AnswersOutcome {
  readonly said: readonly { readonly because: InRecord; readonly records: readonly OutRecord[] }[];
  /** Not this party's to give: told in the same words whether the notice is another's or none (architecture 5). */
  readonly refused: readonly { readonly record: InRecord; readonly wrong: Fault }[];
  readonly taken: number;
  readonly withheld: number;
  readonly duplicates: number;
}

interface Read {
  readonly event: PartyEvent;
  readonly record: InRecord;
}

/** One who is told of a word, and by what right. */
interface Listener {
  readonly party: string;
  readonly passage: AnswerPassage;
}

/** An answer that this party may give, and all that telling it on needs. */
interface Lawful extends Read, TakenAnswer {
  readonly party: Party;
  readonly ward: WardOfStay;
  readonly listeners: readonly Listener[];
  readonly protection: Protection | undefined;
}

/**
 * Applies answers of parties within the consumer's transaction (`libs/domain/src/events/party-event.ts` tells their way). No
 * stay is locked: an answer changes nothing of what the ward's messages say, and what it names was told before it came.
 * @returns what is told to the ward's organisation, and to others whom it concerns; and what is refused
 */
export async function applyAnswers(tx: Tx, records: readonly InRecord[], rules: RoutingRules): Promise<AnswersOutcome> {
  const now = rulesNow(rules);
  const refused: { record: InRecord; wrong: Fault }[] = [];
  const read = records.flatMap((record): Read[] => {
    const event = readPartyEventBundle(JSON.parse(record.value.toString('utf8')));
    if (!isUnreadable(event)) return [{ event, record }];
    refused.push({ record, wrong: fault('bad-event', event.unreadable) });
    return [];
  });
  const stayIds = [...new Set(read.map(({ event }) => event.stayId))];
  // One client: its statements run in this order, whoever waits for them.
  const [told, wards, earlier] = await Promise.all([
    noticesOf(tx, stayIds),
    wardsOf(tx, stayIds),
    answersById(
      tx,
      read.flatMap(({ event: { says } }) => earlierIn(says) ?? []),
    ),
  ]);
  const toldOf = Map.groupBy(told, ({ stayId }) => stayId);
  const given = new Map(earlier);
  const lawful: Lawful[] = [];
  for (const one of read) {
    const { event, record } = one;
    const examined = examine(one, toldOf.get(event.stayId) ?? [], wards.get(event.stayId), given, now);
    if ('code' in examined) refused.push({ record, wrong: examined });
    else {
      lawful.push(examined);
      given.set(event.eventId, event);
    }
  }
  const fresh = new Set(await putAnswers(tx, onceEach(lawful)));
  const said = lawful.flatMap((one) =>
    // Of two copies in one batch the first is said.
    fresh.delete(one.event.eventId) ? [{ because: one.record, records: sayings(one, now) }] : [],
  );
  const withheld = lawful.filter(({ passage }) => passage.passes === 'withheld').length;
  return { said, refused, taken: said.length, withheld, duplicates: lawful.length - said.length };
}

/** PostgreSQL takes no row twice in one statement. */
function onceEach(lawful: readonly Lawful[]): Lawful[] {
  const highest = new Map<string, Lawful>();
  for (const one of lawful) {
    const known = highest.get(one.event.eventId);
    if (!known || known.event.revision < one.event.revision) highest.set(one.event.eventId, one);
  }
  return [...highest.values()];
}

const NOT_THERE = fault('no-such-notice');

/** The earlier word that a word is about. */
const earlierIn = (says: PartyEvent['says']): string | undefined =>
  says.kind === 'undone' ? says.eventId : says.kind === 'answered' ? says.thread : undefined;

function examine(
  { event, record }: Read,
  told: readonly ToldNotice[],
  ward: WardOfStay | undefined,
  given: ReadonlyMap<string, PartyEvent>,
  rules: RoutingRules,
): Lawful | Fault {
  const { about, intakeAt, says } = event;
  const party = rules.county.directory.party(event.party, localDate(intakeAt));
  // A ward's organisation speaks of its own stay; a party of a notice that it was told.
  const isWard = about === undefined && event.party === ward?.terms.organisation;
  const mine = told.filter(({ recipient }) => recipient === event.party);
  const answered = mine.find(({ id, withdrawn }) => id === about || (about !== undefined && withdrawn?.by === about));
  if (!party || !ward || (!isWard && !answered)) return NOT_THERE;
  const earlier = given.get(earlierIn(says) ?? '');
  if (says.kind === 'undone' && earlier?.party !== event.party) return NOT_THERE;
  if (isWard && says.kind === 'answered' && earlier?.stayId !== event.stayId) return NOT_THERE;
  if (!isWard && !mayAnswer(answerCodeOf(says), party)) return fault('answer-not-theirs');
  const listeners = listenersTo(event, { party, ward, told, earlier, isWard }, rules);
  const passage = listeners.find(({ passage: { passes } }) => passes !== 'withheld')?.passage ??
    listeners[0]?.passage ?? { passes: 'free', elements: [] };
  const { protection } = answered
    ? actOf(answered).content.person
    : (told.map((one) => actOf(one).content.person).find((person) => person.protection) ?? {});
  return { event, record, passage, party, ward, listeners, protection };
}

interface Speaker {
  readonly party: Party;
  readonly ward: WardOfStay;
  readonly told: readonly ToldNotice[];
  readonly earlier: PartyEvent | undefined;
  readonly isWard: boolean;
}

/** What parties say to each other for the plan, beside the ward. */
const FOR_ALL: ReadonlySet<PartyEvent['says']['kind']> = new Set([
  'sip-proposed',
  'sip-replied',
  'sip-declined',
  'sip-planned',
  'care-planned',
  'care-plan-adjusted',
]);

/**
 * Who is told of a word, each by a right of its own: the ward of what a party says, the others of what is for the plan, and of
 * what a ward says. Only who has a notice of the stay may learn that it is. That a word is taken back is told to those who
 * were told of it, and to nobody else: to them it would tell that it was said.
 */
function listenersTo(event: PartyEvent, speaker: Speaker, rules: RoutingRules): Listener[] {
  const { says } = event;
  const { earlier, party, ward, told, isWard } = speaker;
  if (says.kind === 'undone') {
    if (earlier === undefined || earlier.says.kind === 'undone') return [];
    const before = listenersTo(earlier, { ...speaker, earlier: undefined }, rules);
    const taken = { passes: 'free', elements: [] } as const;
    return before.map((one) => (one.passage.passes === 'withheld' ? one : { ...one, passage: taken }));
  }
  const date = localDate(event.intakeAt);
  const hospital = hospitalEnd(ward.terms.legalForm);
  const from = isWard ? hospital : endOf(party);
  const listener = (id: string, to: End) => ({ party: id, passage: answerPassage(event, from, to, date) });
  const concerned = new Set(told.flatMap(({ recipient, withdrawn }) => (withdrawn ? [] : [recipient])));
  const isTold = concerned.delete(party.id);
  // Whom a party adds has no notice of the stay: it is told by that party's word alone (rules 12.7).
  const adds =
    says.kind === 'recipient-added' && isTold ? rules.county.directory.party(says.recipient, date) : undefined;
  const meant = meantBy(says, isWard, [...concerned], earlier);
  return [
    ...(isWard ? [] : [listener(ward.terms.organisation, hospital)]),
    ...meant.flatMap((id) => {
      const meantParty = concerned.has(id) ? rules.county.directory.party(id, date) : undefined;
      return meantParty ? [listener(id, endOf(meantParty))] : [];
    }),
    ...(adds && ADDED_KINDS.has(adds.kind) ? [listener(adds.id, endOf(adds))] : []),
  ];
}

function meantBy(
  says: PartyEvent['says'],
  isWard: boolean,
  concerned: readonly string[],
  earlier: PartyEvent | undefined,
): readonly string[] {
  if (says.kind === 'sip-called') return says.invited;
  if (isWard && says.kind === 'answered') return earlier === undefined ? [] : [earlier.party];
  return isWard || FOR_ALL.has(says.kind) ? concerned : [];
}

function sayings(one: Lawful, rules: RoutingRules): OutRecord[] {
  const { ward, listeners } = one;
  return listeners.flatMap(({ party, passage }) =>
    delivery(one, party, passage, rules, party === ward.terms.organisation ? ward.visitId : undefined),
  );
}

function delivery(
  { event, party, protection, record }: Lawful,
  recipient: string,
  passage: AnswerPassage,
  { ids, county, topics, now }: RoutingRules,
  visitId?: string,
): OutRecord[] {
  if (passage.passes === 'withheld') return [];
  const timestamp = now();
  const code = answerCodeOf(event.says);
  const id = ids.delivery(event.stayId, `${code}|${recipient}|${event.eventId}`, 0);
  const name = county.nameOf(recipient, localDate(timestamp)) ?? recipient;
  const { says } = event;
  // What is taken back tells nothing; all else goes within its row of the table.
  const told = { ...event, says: says.kind === 'undone' ? says : within(says, passage.elements) };
  const bundle = writeAnswerBundle({
    ...{ event: told, deliveryId: id, timestamp, recipient: { id: recipient, name }, party },
    ...(passage.passes === 'on-ground' && { ground: passage.ground }),
    ...(visitId !== undefined && { visitId }),
    ...(protection && { protection }),
  });
  return [
    {
      topic: topics.deliveries(recipient),
      key: event.stayId,
      id,
      kind: 'answer',
      schemaVersion: 1,
      traceparent: childTrace(record.traceparent),
      value: JSON.stringify(bundle),
    },
  ];
}
