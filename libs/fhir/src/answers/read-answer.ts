import type { Communication, FhirResource } from 'fhir/r4.js';
import type { Ground, Instant, PartyId, PartyStatement } from '#libs/domain';
import { EXTENSION, IDENTIFIER_SYSTEM } from '../addresses.ts';
import { isGround } from '../codes.ts';
import { bundleIn, idIn, recipientOf } from '../entry.ts';
import { statementIn } from '../events/party-event-bundle.ts';
import { readInstant } from '../times.ts';
import { missing, reading, required, type Unreadable } from '../unreadable.ts';

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
