import { type Act, type Instant, localDate, type PartyId } from '#libs/domain';
import { type ChainLink, type NoticeInput, writeNoticeBundle } from '#libs/fhir';
import type { OutRecord } from '#libs/messaging';
import { childTrace } from '#libs/platform';
import type { Withdrawal } from './reconcile.ts';
import type { RoutingRules } from '../routing-rules.ts';
import type { StayNotices } from './stay-notices.ts';
import { contentHash, type ToldNotice } from './told-notices.ts';

/** What a delivery is made of besides the act. */
export interface Envelope {
  readonly stayId: string;
  /** Id of the agreement of the event that states the act: the one who gets the receipt. */
  readonly sender: string;
  readonly traceparent: string;
  /** All that was told of the stay before. */
  readonly told: StayNotices;
  /** The person is protected in every stay; without it a protection is of this visit alone (DEC-23). */
  readonly personProtected: boolean;
}

export interface Delivery {
  readonly record: OutRecord;
  /** The rows that are new or changed. */
  readonly rows: readonly ToldNotice[];
}

/** Tells an act: a new generation when the same act was told and withdrawn before. */
export function tell(act: Act, { stayId, sender, traceparent, told }: Envelope, rules: RoutingRules): Delivery {
  const { ids } = rules;
  const generation = told.timesTold(act.key);
  const actId = ids.delivery(stayId, act.key, 0);
  const id = generation === 0 ? actId : ids.delivery(stayId, act.key, generation);
  const toldAt = rules.now();
  const follows = act.follows === undefined ? undefined : told.standing(act.follows)?.id;
  const bundle = writeNoticeBundle({
    ...addressed(act, stayId, sender, rules, toldAt),
    deliveryId: id,
    actId,
    chain: chainOf(told, act),
    // The party's view of the stay changes with each message to it, and with nothing else (architecture 3).
    version: told.sentTo(act.recipient) + 1,
    ...(follows !== undefined && { follows: { deliveryId: follows } }),
  });
  const { key: actKey, kind, recipient, slot, statedBy } = act;
  const row: ToldNotice = {
    ...{ id, actId, stayId, actKey, kind, recipient, slot, statedBy, generation, toldAt },
    ordinal: told.size,
    contentHash: contentHash(act.content),
    act: JSON.stringify(act),
    known: act,
    ...(follows !== undefined && { follows }),
  };
  return { record: recordOf(recipient, stayId, id, traceparent, bundle, rules), rows: [row] };
}

/** Takes back all that stands in a slot: one delivery, which answers to each notice that the party had (contract 4). */
export function withdraw(
  withdrawal: Withdrawal,
  { stayId, sender, traceparent, told, personProtected }: Envelope,
  rules: RoutingRules,
): Delivery {
  const { ids } = rules;
  const { act, kind, recipient, slot, statedBy, sent, of, key, protection } = withdrawal;
  const idOf = (generation: number): string => ids.withdrawal(stayId, kind, recipient, slot, statedBy, generation);
  let generation = 0;
  while (told.isWithdrawal(idOf(generation))) generation++;
  const id = idOf(generation);
  const at = rules.now();
  const bundle = writeNoticeBundle({
    ...addressed(act, stayId, sender, rules, at),
    deliveryId: id,
    actId: ids.delivery(stayId, key, 0),
    withdrawal: {
      ofIds: of.map((notice) => notice.id),
      sent,
      ...(protection && { protection, ...(!personProtected && { ofVisitAlone: true }) }),
    },
    chain: chainOf(told, act),
    version: told.sentTo(recipient) + 1,
  });
  return {
    record: recordOf(recipient, stayId, id, traceparent, bundle, rules),
    rows: of.map((notice) => ({ ...notice, withdrawn: { by: id, at } })),
  };
}

type Addressed = Pick<NoticeInput, 'stayId' | 'act' | 'patientIdForParty' | 'recipient' | 'replyAddress' | 'timestamp'>;

function addressed(act: Act, stayId: string, sender: string, rules: RoutingRules, timestamp: Instant): Addressed {
  const { ids, county } = rules;
  const { system, value } = act.content.person.identity;
  const name = county.nameOf(act.recipient, localDate(timestamp)) ?? act.recipient;
  return {
    stayId,
    act,
    patientIdForParty: ids.patientOf(act.recipient, system, value),
    recipient: { id: act.recipient, name },
    replyAddress: ids.replyAddress(sender, stayId),
    timestamp,
  };
}

function recordOf(
  recipient: PartyId,
  stayId: string,
  id: string,
  traceparent: string,
  bundle: ReturnType<typeof writeNoticeBundle>,
  rules: RoutingRules,
): OutRecord {
  return {
    topic: rules.topics.deliveries(recipient),
    key: stayId,
    id,
    kind: 'notice',
    schemaVersion: 1,
    traceparent: childTrace(traceparent),
    value: JSON.stringify(bundle),
  };
}

/**
 * So many earlier notices of a slot a message names. Without a bound a message would grow with each change of a notice, until
 * the broker takes none that large and the party is told nothing more (`docs/decisions/long-stays.md`).
 */
const MOST_LINKS = 100;

/** The earlier messages of the slot to this party, so that one who missed a message can see that (standards 1.6). */
function chainOf(told: StayNotices, act: Act): ChainLink[] {
  const inSlot = told.latestOfSlot(act.recipient, act.slot, MOST_LINKS);
  const links: ChainLink[] = inSlot.map(({ id, toldAt, follows }) => ({
    deliveryId: id,
    recorded: toldAt,
    ...(follows !== undefined && { role: 'revision' as const, previous: [follows] }),
  }));
  for (const [by, taken] of Map.groupBy(inSlot, ({ withdrawn }) => withdrawn?.by)) {
    const at = taken[0]?.withdrawn?.at;
    if (by === undefined || at === undefined) continue;
    links.push({ deliveryId: by, recorded: at, role: 'removal', previous: taken.map(({ id }) => id).reverse() });
  }
  return links.sort((a, b) => a.recorded - b.recorded);
}
