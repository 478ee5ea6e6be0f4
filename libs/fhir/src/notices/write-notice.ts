import type {
  Address,
  Bundle,
  Communication,
  Encounter,
  Extension,
  MessageHeader,
  Meta,
  Organization,
  Patient,
  Provenance,
} from 'fhir/r4.js';
import { mayHold, strictest, type Protection } from '#libs/domain';
import { EXTENSION, IDENTIFIER_SYSTEM, noticeProfile, PROFILE, SYSTEM } from '../addresses.ts';
import { ENCOUNTER_CLASS } from '../codes.ts';
import { entryOf, metaOf, reference } from '../resource.ts';
import { writeAddress, writeName, writeToldIdentity } from '../person.ts';
import { fhirDateTime, printableAddress, printableName, writeInstant } from '../times-and-texts.ts';
import { type NoticeInput, writeProvenance } from './notice.ts';
import { formOf, hasWithdrawalCode, NOTICE_NAMES, noticeCode, type NoticeCode, type NoticeElements } from './kinds.ts';

/** What all resources of one message go by. */
interface Message {
  readonly input: NoticeInput;
  readonly code: NoticeCode;
  readonly withdrawn: boolean;
  /** What the kind tells of its content: nothing in a withdrawal. */
  readonly elements: NoticeElements;
  readonly label: Protection | undefined;
  /** Id of the care provider's Organization. */
  readonly careProviderId: string;
}

function messageOf(input: NoticeInput): Message {
  const { kind, content } = input.act;
  const withdrawn = input.withdrawal !== undefined;
  return {
    input,
    code: noticeCode(kind, withdrawn),
    withdrawn,
    elements: withdrawn ? {} : formOf(kind).elements(content),
    label: labelOf(input),
    careProviderId: careProviderId(content.careProvider),
  };
}

/** A withdrawal is labelled by what is known when it is told, which may be more than the notice knew (DEC-23). */
function labelOf({ act, withdrawal }: NoticeInput): Protection | undefined {
  const told = act.content.person.protection;
  if (!withdrawal) return told;
  return strictest(strictest(told, act.ended?.protection), withdrawal.protection);
}

/**
 * The record of `deliveries.<party>` (architecture 3, rules 12.2 to 12.4): one notice, or its withdrawal, to one
 * recipient. What the content does not hold cannot come in here; the profile of its kind, in `schemas/`, enforces it.
 */
export function writeNoticeBundle(input: NoticeInput): Bundle {
  const message = messageOf(input);
  return {
    resourceType: 'Bundle',
    id: input.bundleId ?? input.deliveryId,
    meta: metaFor(message, noticeProfile(message.code, 'message')),
    type: 'message',
    timestamp: writeInstant(input.timestamp),
    entry: [
      header(message),
      communication(message),
      encounter(message),
      patient(message),
      ...organizations(message),
      ...chain(message),
    ].map(entryOf),
  };
}

/** Every resource takes its meta from here, so that none forgets the label (SE-24). */
function metaFor({ label }: Message, profile: string, version?: number): Meta | undefined {
  return metaOf(label, profile, version);
}

function header(message: Message): MessageHeader {
  const { input, code } = message;
  const { deliveryId, recipient, replyAddress } = input;
  return {
    resourceType: 'MessageHeader',
    id: deliveryId,
    meta: metaFor(message, PROFILE.noticeHeader),
    eventCoding: { system: SYSTEM.notice, code, display: NOTICE_NAMES[code] },
    destination: [
      {
        endpoint: `urn:bryggan:party:${recipient.id}`,
        receiver: reference('Organization', recipient.id),
      },
    ],
    sender: reference('Organization', message.careProviderId),
    source: { endpoint: `urn:uuid:${replyAddress}` },
    focus: [reference('Communication', deliveryId)],
  };
}

/** The act of telling: one per notice and recipient (architecture 3). */
function communication(message: Message): Communication {
  const { input, code, withdrawn, elements } = message;
  const { act, withdrawal } = input;
  const sent = withdrawal?.sent ?? (withdrawn ? act.ended?.sent : undefined) ?? act.sent;
  return {
    resourceType: 'Communication',
    id: input.deliveryId,
    meta: metaFor(message, noticeProfile(code, 'communication')),
    extension: [
      { url: EXTENSION.disclosureBasis, valueCoding: { system: SYSTEM.ground, code: act.ground } },
      ...(elements.communication ?? []),
    ],
    identifier: [{ system: IDENTIFIER_SYSTEM.act, value: `urn:uuid:${input.actId}` }],
    ...(withdrawal ? { inResponseTo: withdrawal.ofIds.map((id) => reference('Communication', id)) } : {}),
    // Withdrawals by a code of their own are ordinary notices; the others are the kind, entered in error (contract 4).
    status: withdrawn && !hasWithdrawalCode(act.kind) ? 'entered-in-error' : 'completed',
    category: [{ coding: [{ system: SYSTEM.notice, code, display: NOTICE_NAMES[code] }] }],
    subject: reference('Patient', input.patientIdForParty),
    encounter: reference('Encounter', input.stayId),
    sent: writeInstant(sent),
    recipient: [reference('Organization', input.recipient.id)],
    sender: reference('Organization', message.careProviderId),
    ...(elements.text === undefined ? {} : { payload: [{ contentString: elements.text }] }),
  };
}

/** The stay as this one notice may show it: no ward, no start, no class beyond inpatient (rules 12.4). */
function encounter(message: Message): Encounter {
  const { input, code, withdrawn, elements } = message;
  const { told, withdrawn: takenBack } = formOf(input.act.kind).encounterStatus;
  const extension = [...(elements.encounter ?? []), ...visitProtection(message)];
  return {
    resourceType: 'Encounter',
    id: input.stayId,
    meta: metaFor(message, noticeProfile(code, 'encounter'), input.version),
    ...(extension.length === 0 ? {} : { extension }),
    status: withdrawn ? takenBack : told,
    class: ENCOUNTER_CLASS.IMP,
    subject: reference('Patient', input.patientIdForParty),
    ...(elements.end === undefined ? {} : { period: { end: fhirDateTime(elements.end) } }),
  };
}

/** A protection of this visit alone is said beside the label, where the visit is: the label does not tell whose it is (DEC-23). */
function visitProtection({ input, label }: Message): Extension[] {
  const isOfVisit = label !== undefined && input.withdrawal?.ofVisitAlone === true;
  return isOfVisit ? [{ url: EXTENSION.protection, valueCode: label }] : [];
}

const MASKED: Address = { extension: [{ url: EXTENSION.dataAbsentReason, valueCode: 'masked' }] };

/** The address, where the kind may carry it (LUS 2:2); a protected one is shown to be hidden (SE-24, standards 4.1). */
function addressOf({ input, withdrawn, label }: Message): Address | undefined {
  const { kind, content } = input.act;
  if (withdrawn || !mayHold(kind, 'address')) return undefined;
  if (label !== undefined) return MASKED;
  return content.person.address && writeAddress(printableAddress(content.person.address));
}

/** The person as this one notice may show it. */
function patient(message: Message): Patient {
  const { input, code } = message;
  const { identity, name } = input.act.content.person;
  const address = addressOf(message);
  return {
    resourceType: 'Patient',
    id: input.patientIdForParty,
    meta: metaFor(message, noticeProfile(code, 'patient')),
    identifier: [writeToldIdentity(identity)],
    ...(name === undefined ? {} : { name: [writeName(printableName(name))] }),
    ...(address === undefined ? {} : { address: [address] }),
  };
}

/** The care provider by name only, and the recipient. */
function organizations(message: Message): Organization[] {
  const { recipient, act } = message.input;
  const meta = metaFor(message, PROFILE.noticeOrganization);
  return [
    { resourceType: 'Organization', id: message.careProviderId, meta, name: act.content.careProvider },
    { resourceType: 'Organization', id: recipient.id, meta, name: recipient.name },
  ];
}

/**
 * Id of the care provider's Organization: made of the name that the notice carries and of nothing else, so that it tells
 * neither ward nor hospital (12.4), and two providers are two in a party's view.
 */
function careProviderId(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const id = plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  return `care-provider-${id || 'unnamed'}`;
}

/** The Provenance of this message first, then those of the messages before it. */
function chain(message: Message): Provenance[] {
  const { deliveryId, timestamp: recorded, withdrawal, follows, chain: before = [] } = message.input;
  const own = withdrawal
    ? ({ deliveryId, recorded, role: 'removal', previous: withdrawal.ofIds } as const)
    : follows
      ? ({ deliveryId, recorded, role: 'revision', previous: [follows.deliveryId] } as const)
      : { deliveryId, recorded };
  const meta = metaFor(message, PROFILE.noticeProvenance);
  const links = [own, ...before.filter((link) => link.deliveryId !== deliveryId)];
  return links.map((link) => writeProvenance(link, meta));
}
