import { localDate } from '#libs/domain';
import { namedByReply, readReplyForm, readTaskReply, replyFaults, type Reading, type ReplyForm } from '#libs/forms';
import { fault } from '#libs/platform';
import { revisionOf, type Arrival, type Translation, type TranslatorParts } from '../translation.ts';
import { wordEvents } from './word-events.ts';

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
