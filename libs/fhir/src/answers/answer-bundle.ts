import type { Bundle, Communication, MessageHeader } from 'fhir/r4.js';
import { answerCodeOf, type Ground, type Instant, type PartyEvent, type PartyId, type Protection } from '#libs/domain';
import { EXTENSION, IDENTIFIER_SYSTEM, PROFILE, SYSTEM } from '../addresses.ts';
import { entryOf, reference } from '../entry.ts';
import { answerExtension } from '../events/party-event-bundle.ts';
import { metaOf } from '../security-label.ts';
import { writeInstant } from '../times.ts';

/** What a party says, told on to one recipient. All ids are ready-made (architecture 2.4). */
export interface AnswerInput {
  readonly event: PartyEvent;
  readonly deliveryId: string;
  readonly recipient: { readonly id: PartyId; readonly name: string };
  readonly party: { readonly id: PartyId; readonly name: string };
  /** Absent for what goes free (rules 12.2). */
  readonly ground?: Ground;
  /** The ward's own number of the visit, for the ward alone: it knows no id of ours. */
  readonly visitId?: string;
  readonly protection?: Protection;
  /** When the hub put the message together. */
  readonly timestamp: Instant;
}

/**
 * The record of `deliveries.<party>` for an answer: who says what about which notice in which stay, and on which ground. No
 * person stands in it: who gets it has the stay already.
 */
export function writeAnswerBundle(input: AnswerInput): Bundle {
  const { event, party, recipient, visitId, protection, timestamp } = input;
  const meta = metaOf(protection);
  const labelled = meta === undefined ? {} : { meta };
  return {
    resourceType: 'Bundle',
    id: input.deliveryId,
    meta: metaOf(protection, PROFILE.answerMessage),
    type: 'message',
    timestamp: writeInstant(timestamp),
    entry: [
      entryOf({ ...headerOf(input), ...labelled }),
      entryOf({ ...communicationOf(input), ...labelled }),
      entryOf({
        resourceType: 'Encounter',
        id: event.stayId,
        ...labelled,
        ...(visitId === undefined ? {} : { identifier: [{ system: IDENTIFIER_SYSTEM.visit, value: visitId }] }),
        status: 'unknown',
        class: { system: SYSTEM.actCode, code: 'IMP' },
      }),
      entryOf({ resourceType: 'Organization', id: party.id, ...labelled, name: party.name }),
      entryOf({ resourceType: 'Organization', id: recipient.id, ...labelled, name: recipient.name }),
    ],
  };
}

function headerOf({ event, deliveryId, party, recipient }: AnswerInput): MessageHeader {
  return {
    resourceType: 'MessageHeader',
    id: deliveryId,
    eventCoding: { system: SYSTEM.notice, code: answerCodeOf(event.says) },
    destination: [{ endpoint: `urn:bryggan:party:${recipient.id}`, receiver: reference('Organization', recipient.id) }],
    sender: reference('Organization', party.id),
    source: { endpoint: `urn:bryggan:party:${party.id}` },
    focus: [reference('Communication', deliveryId)],
  };
}

function communicationOf({ event, deliveryId, ground, recipient }: AnswerInput): Communication {
  const { about, says } = event;
  const text = 'text' in says ? says.text : undefined;
  return {
    resourceType: 'Communication',
    id: deliveryId,
    extension: [
      answerExtension(event),
      ...(ground === undefined
        ? []
        : [{ url: EXTENSION.disclosureBasis, valueCoding: { system: SYSTEM.ground, code: ground } }]),
    ],
    // By this a later answer names the question, whoever has it under which id.
    identifier: [{ system: IDENTIFIER_SYSTEM.act, value: `urn:uuid:${event.eventId}` }],
    ...(about === undefined ? {} : { inResponseTo: [reference('Communication', about)] }),
    status: says.kind === 'undone' ? 'entered-in-error' : 'completed',
    category: [{ coding: [{ system: SYSTEM.notice, code: answerCodeOf(says) }] }],
    encounter: reference('Encounter', event.stayId),
    sent: writeInstant(event.sentAt),
    recipient: [reference('Organization', recipient.id)],
    sender: reference('Organization', event.party),
    ...(text === undefined ? {} : { payload: [{ contentString: text }] }),
  };
}
