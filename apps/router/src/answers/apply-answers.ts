import {
  answerPassage,
  endOf,
  hospitalEnd,
  localDate,
  mayAnswer,
  answerCodeOf,
  type AnswerPassage,
  type Party,
  type PartyEvent,
  type Protection,
} from '#libs/domain';
import { isUnreadable, readPartyEventBundle, writeAnswerBundle } from '#libs/fhir';
import type { InRecord, OutRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { childTrace, fault, type Fault } from '#libs/platform';
import { rulesNow, type RoutingRules } from '../deciding/routing-rules.ts';
import { actOf, noticesOf, type ToldNotice } from '../telling/told-notices.ts';
import { partiesOfAnswers, putAnswers, wardsOf, type TakenAnswer, type WardOfStay } from './answer.queries.ts';

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

/** An answer that this party may give, and all that telling it on needs. */
interface Lawful extends Read, TakenAnswer {
  readonly party: Party;
  readonly ward: WardOfStay;
  readonly told: readonly ToldNotice[];
  readonly protection: Protection | undefined;
}

/**
 * Applies answers of parties within the consumer's transaction (`libs/domain/src/events/party-event.ts` tells their way). No
 * stay is locked: an answer changes nothing of what the ward's messages say, and what it names was told before it came.
 * @returns what is told to the ward's organisation, and to those who are called to a plan; and what is refused
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
    partiesOfAnswers(
      tx,
      read.flatMap(({ event: { says } }) => (says.kind === 'undone' ? [says.eventId] : [])),
    ),
  ]);
  const toldOf = Map.groupBy(told, ({ stayId }) => stayId);
  const givenBy = new Map(earlier);
  const lawful: Lawful[] = [];
  for (const one of read) {
    const { event, record } = one;
    const examined = examine(one, toldOf.get(event.stayId) ?? [], wards.get(event.stayId), givenBy, now);
    if ('code' in examined) refused.push({ record, wrong: examined });
    else {
      lawful.push(examined);
      givenBy.set(event.eventId, event.party);
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

function examine(
  { event, record }: Read,
  told: readonly ToldNotice[],
  ward: WardOfStay | undefined,
  givenBy: ReadonlyMap<string, string>,
  { county }: RoutingRules,
): Lawful | Fault {
  const { about, intakeAt, says } = event;
  const date = localDate(intakeAt);
  const party = county.directory.party(event.party, date);
  const mine = told.filter(({ recipient }) => recipient === event.party);
  const answered = mine.find(({ id, withdrawn }) => id === about || (about !== undefined && withdrawn?.by === about));
  if (!party || !ward || !answered) return NOT_THERE;
  if (says.kind === 'undone' && givenBy.get(says.eventId) !== event.party) return NOT_THERE;
  if (!mayAnswer(answerCodeOf(says), party)) return fault('answer-not-theirs');
  const passage = answerPassage(event, party, hospitalEnd(ward.terms.legalForm), date);
  const { protection } = actOf(answered).content.person;
  return { event, record, passage, party, ward, told, protection };
}

function sayings(one: Lawful, rules: RoutingRules): OutRecord[] {
  const { event, party, passage, told, ward } = one;
  const toWard = delivery(one, ward.terms.organisation, passage, rules, ward.visitId);
  if (event.says.kind !== 'sip-called') return toWard;
  // Only who has a notice of the stay may learn that it is.
  const concerned = new Set(told.flatMap(({ recipient, withdrawn }) => (withdrawn ? [] : [recipient])));
  const date = localDate(event.intakeAt);
  const invited = event.says.invited.filter((id) => concerned.has(id) && id !== party.id);
  return [
    ...toWard,
    ...invited.flatMap((id) => {
      const called = rules.county.directory.party(id, date);
      return called ? delivery(one, id, answerPassage(event, party, endOf(called), date), rules) : [];
    }),
  ];
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
  const bundle = writeAnswerBundle({
    ...{ event, deliveryId: id, timestamp, recipient: { id: recipient, name }, party },
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
