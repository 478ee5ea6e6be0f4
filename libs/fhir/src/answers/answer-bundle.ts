import type { Bundle, Communication, FhirResource, MessageHeader } from 'fhir/r4.js';
import {
  answerCodeOf,
  type Ground,
  type Instant,
  type PartyEvent,
  type PartyId,
  type PartyStatement,
  type Protection,
} from '#libs/domain';
import { EXTENSION, IDENTIFIER_SYSTEM, PROFILE, SYSTEM } from '../addresses.ts';
import { isGround } from '../codes.ts';
import { answerExtension, statementIn } from '../events/party-event-bundle.ts';
import {
  bundleIn,
  entryOf,
  idIn,
  metaOf,
  missing,
  reading,
  recipientOf,
  reference,
  required,
  type Unreadable,
} from '../resource.ts';
import { readInstant, writeInstant } from '../times-and-texts.ts';

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

/** An answer as it was told on: to the ward's organisation, or to one who is called or answered. */
export interface ToldAnswer {
  /** Id of the Communication at this recipient. */
  readonly id: string;
  /** Id of the event that it is, by which a later answer names it. */
  readonly eventId: string;
  readonly stayId: string;
  readonly party: PartyId;
  readonly recipient: PartyId;
  /** The notice that it is about. */
  readonly about?: string;
  readonly sent: Instant;
  readonly says: PartyStatement;
  /** Absent for what goes free (rules 12.2). */
  readonly ground?: Ground;
}

const ACT = /^urn:uuid:([0-9a-f-]{36})$/;

/** True for a Communication that is an answer; every other one is a notice. */
export function isAnswer({ extension }: Pick<Communication, 'extension'>): boolean {
  return extension?.some(({ url }) => url === EXTENSION.answer) === true;
}

/** What a told answer says, and whose it is. */
export function toldAnswer(communication: Communication): ToldAnswer | Unreadable {
  return reading('answer', () => answerIn(communication));
}

/**
 * A record of `deliveries.<party>` with the kind `answer`.
 * @returns the answer and its Communication as it came, or where it is unreadable. Never throws
 */
export function readAnswerBundle(
  value: unknown,
): { readonly answer: ToldAnswer; readonly communication: Communication } | Unreadable {
  return reading('answer', () => {
    const resources = (bundleIn(value).entry ?? []).map(({ resource }) => resource);
    const communication = required(resources.find(isCommunication), 'Communication');
    return { answer: answerIn(communication), communication };
  });
}

const isCommunication = (resource: FhirResource | undefined): resource is Communication =>
  resource?.resourceType === 'Communication';

function answerIn(communication: Communication): ToldAnswer {
  const { encounter, extension, id, identifier, inResponseTo, sender, sent } = communication;
  const act = identifier?.find(({ system }) => system === IDENTIFIER_SYSTEM.act)?.value;
  const about = idIn('Communication', inResponseTo?.[0]);
  const ground = extension?.find(({ url }) => url === EXTENSION.disclosureBasis)?.valueCoding?.code;
  return {
    id: required(id, 'Communication.id'),
    eventId: ACT.exec(act ?? '')?.[1] ?? missing('Communication.identifier'),
    stayId: required(idIn('Encounter', encounter), 'Communication.encounter'),
    party: required(idIn('Organization', sender), 'Communication.sender'),
    recipient: required(recipientOf(communication), 'Communication.recipient'),
    ...(about !== undefined && { about }),
    sent: readInstant(sent, 'Communication.sent'),
    says: statementIn(communication),
    ...(isGround(ground) && { ground }),
  };
}
