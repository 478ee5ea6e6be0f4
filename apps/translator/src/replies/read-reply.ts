import { localDate, type PartyEvent } from '#libs/domain';
import {
  isFaulty,
  namedByReply,
  type PlanningForm,
  type Reading,
  readReplyForm,
  readTaskReply,
  readTime,
  replyFaults,
  type ReplyForm,
  statementOf,
} from '#libs/forms';
import { fault } from '#libs/platform';
import { type Arrival, revisionOf, type Translation, type TranslatorParts } from '../translation.ts';

/**
 * A reply as a party writes it, over HTTP or on its own topic, becomes one party event. Who said it is the party that the
 * ingress authenticated, never what stands in the bytes; whether it was told that notice at all is for the router to know.
 */
export function readReply(arrival: Arrival, parts: TranslatorParts): Translation {
  const translation = translateReply(readReplyForm(arrival.bytes), arrival, parts);
  return translation.kind === 'rejection' ? { ...namedByReply(arrival.bytes), ...translation } : translation;
}

/** A reply that came as an update of a FHIR Task: the same event. */
export function readTaskReplyRecord(arrival: Arrival, parts: TranslatorParts): Translation {
  const read = readTaskReply(arrival.bytes, arrival.sender);
  return translateReply(read.ok ? { ok: true, value: read.value.form } : read, arrival, parts);
}

/**
 * A reply that has been read, by whichever way it came.
 * @param eventId of the event that it becomes, where its way in makes it otherwise
 */
export function translateReply(
  read: Reading<ReplyForm>,
  arrival: Arrival,
  { county, ids }: TranslatorParts,
  eventId = ids.event(arrival.inboundId, 0),
): Translation {
  const { inboundId, sender, intakeAt, intakeStamp } = arrival;
  const today = localDate(intakeAt);
  const party = county.directory.party(sender, today);
  if (party === undefined) return { kind: 'rejection', faults: [fault('unknown-party')] };
  if (!read.ok) return { kind: 'rejection', faults: read.faults };
  const form = read.value;
  const faults = replyFaults(form, party, (id) => county.directory.party(id, today) !== undefined);
  if (faults.length > 0) return { kind: 'rejection', faults, trigger: form.code, controlId: form.about };
  const origin = { eventId, inboundId, ordinal: 0, revision: revisionOf(undefined), intakeAt, intakeStamp };
  return wordEvents(form, { ...origin, stayId: form.stay, party: sender }, ids);
}

/** Where a word comes from: who says it, in which stay, and how it was taken in. */
export type WordOrigin = Omit<PartyEvent, 'about' | 'sentAt' | 'says' | 'grounds' | 'answeredBy'>;

/**
 * The events of what somebody says of a stay, by whichever way it came: one, or two where it replaces an earlier word, which
 * then never was.
 * @param form without faults
 * @param origin of the event of the word; that of what it replaces has the next ordinal
 */
export function wordEvents(
  form: (ReplyForm | PlanningForm) & { readonly about?: string },
  origin: WordOrigin,
  ids: TranslatorParts['ids'],
): Translation {
  const { intakeAt, inboundId, ordinal } = origin;
  const sent = form.sent === undefined ? undefined : readTime(form.sent, '$.sent');
  const event: PartyEvent = {
    ...origin,
    ...(form.about !== undefined && { about: form.about }),
    // A word is not said after it was heard.
    sentAt: sent && !isFaulty(sent) ? Math.min(sent.start, intakeAt) : intakeAt,
    says: statementOf(form, origin.eventId),
    ...(form.grounds && { grounds: form.grounds }),
    ...(form.answeredBy !== undefined && { answeredBy: form.answeredBy }),
  };
  if (form.replaces === undefined) return { kind: 'party-events', events: [event] };
  const undone: PartyEvent = {
    ...event,
    ...{ eventId: ids.event(inboundId, ordinal + 1), ordinal: ordinal + 1 },
    says: { kind: 'undone', eventId: form.replaces, code: form.code },
  };
  return { kind: 'party-events', events: [event, undone] };
}
