import type { PartyEvent } from '#libs/domain';
import { isFaulty, readTime, statementOf, type PlanningForm, type ReplyForm } from '#libs/forms';
import type { Translation, TranslatorParts } from '../translation.ts';

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
