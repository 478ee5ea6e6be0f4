import type { Bundle, FhirResource, MessageHeader, Provenance } from 'fhir/r4.js';
import type { Ground } from '#libs/domain';
import { EXTENSION, noticeProfile, PROFILE } from './addresses.ts';
import { isGround, isNoticeCode, NOTICE_NAMES, noticeCode, noticeKindOf, SYSTEM } from './codes.ts';
import { entryOf, idIn, reference } from './entry.ts';
import { bundleIn } from './event-bundle.ts';
import {
  careProviderId,
  profileOf,
  recipientOf,
  writeCommunication,
  writeNoticeEncounter,
  writeNoticePatient,
  writeOrganizations,
} from './notice-parts.ts';
import type { NoticeInput, NoticeView } from './notice.ts';
import { readProvenance, writeProvenance } from './provenance.ts';
import { metaOf, protectionOf } from './security-label.ts';
import { readInstant, writeInstant } from './times.ts';
import type { Unreadable } from './unreadable.ts';
import { missing, reading, required } from './unreadable.ts';

const URN = 'urn:uuid:';

function writeHeader(input: NoticeInput): MessageHeader {
  const { act, deliveryId, recipient, replyAddress } = input;
  const code = noticeCode(act.kind, input.withdrawal !== undefined);
  return {
    resourceType: 'MessageHeader',
    id: deliveryId,
    meta: metaOf(act.content.person.protection, PROFILE.noticeHeader),
    eventCoding: { system: SYSTEM.notice, code, display: NOTICE_NAMES[code] },
    destination: [
      {
        endpoint: `urn:bryggan:party:${recipient.id}`,
        receiver: reference('Organization', recipient.id),
      },
    ],
    sender: reference('Organization', careProviderId(input.act.content.careProvider)),
    source: { endpoint: `${URN}${replyAddress}` },
    focus: [reference('Communication', deliveryId)],
  };
}

/** The Provenance of this message first, then those of the messages before it. */
function writeChain(input: NoticeInput): Provenance[] {
  const meta = metaOf(input.act.content.person.protection, PROFILE.noticeProvenance);
  const { deliveryId, timestamp: recorded, withdrawal, follows, chain = [] } = input;
  const own =
    withdrawal !== undefined
      ? ({ deliveryId, recorded, role: 'removal', previous: withdrawal.ofIds } as const)
      : follows !== undefined
        ? ({ deliveryId, recorded, role: 'revision', previous: [follows.deliveryId] } as const)
        : { deliveryId, recorded };
  return [own, ...chain.filter((link) => link.deliveryId !== deliveryId)].map((link) => writeProvenance(link, meta));
}

/**
 * The record of `deliveries.<party>` (architecture 3, domain.md 12.2 to 12.4): one notice, or its withdrawal, to one
 * recipient. What the content does not hold cannot come in here; the profile of its kind, in `schemas/`, enforces it.
 */
export function writeNoticeBundle(input: NoticeInput): Bundle {
  const { kind, content } = input.act;
  return {
    resourceType: 'Bundle',
    id: input.bundleId ?? input.deliveryId,
    meta: metaOf(content.person.protection, noticeProfile(profileOf(kind, input.withdrawal !== undefined), 'message')),
    type: 'message',
    timestamp: writeInstant(input.timestamp),
    entry: [
      writeHeader(input),
      writeCommunication(input),
      writeNoticeEncounter(input),
      writeNoticePatient(input),
      ...writeOrganizations(input),
      ...writeChain(input),
    ].map(entryOf),
  };
}

function groundOf(resource: NoticeView['communication']): Ground {
  const code = resource.extension?.find(({ url }) => url === EXTENSION.disclosureBasis)?.valueCoding?.code;
  return isGround(code) ? code : missing('Communication.disclosure-basis');
}

function only<T extends FhirResource['resourceType']>(resources: readonly FhirResource[], type: T) {
  return resources.filter((resource): resource is Extract<FhirResource, { resourceType: T }> => {
    return resource.resourceType === type;
  });
}

const withoutUrn = (text: string | undefined) => (text?.startsWith(URN) === true ? text.slice(URN.length) : undefined);

/** What a record of `deliveries.<party>` tells, or where it is unreadable. Never throws, whatever the value is. */
export function readNoticeBundle(value: unknown): NoticeView | Unreadable {
  return reading('notice', () => {
    const bundle = bundleIn(value);
    return viewOf(bundle, bundle.entry?.map(({ resource }) => required(resource, 'Bundle.entry.resource')) ?? []);
  });
}

function viewOf(bundle: Bundle, resources: readonly FhirResource[]): NoticeView {
  const header = required(only(resources, 'MessageHeader')[0], 'MessageHeader');
  const communication = required(only(resources, 'Communication')[0], 'Communication');
  const encounter = required(only(resources, 'Encounter')[0], 'Encounter');
  const patient = required(only(resources, 'Patient')[0], 'Patient');
  const provenances = only(resources, 'Provenance');
  const deliveryId = required(communication.id, 'Communication.id');
  const category = communication.category?.[0]?.coding?.[0]?.code;
  if (!isNoticeCode(category)) missing('Communication.category');
  const { status } = communication;
  if (status !== 'completed' && status !== 'entered-in-error') missing('Communication.status');
  const link = provenances.map(readProvenance).find((found) => found?.deliveryId === deliveryId);
  const follows = link?.role === 'revision' ? link.previous?.[0] : undefined;
  const version = encounter.meta?.versionId;
  return {
    deliveryId,
    bundleId: required(bundle.id, 'Bundle.id'),
    actId: required(withoutUrn(communication.identifier?.[0]?.value), 'Communication.identifier'),
    stayId: required(encounter.id, 'Encounter.id'),
    category,
    kind: noticeKindOf(category),
    recipient: required(recipientOf(communication), 'Communication.recipient'),
    status,
    sent: readInstant(communication.sent, 'Communication.sent'),
    timestamp: readInstant(bundle.timestamp, 'Bundle.timestamp'),
    withdraws: communication.inResponseTo?.map((ref) => withdrawnId(ref)) ?? [],
    ...(follows === undefined ? {} : { follows }),
    ground: groundOf(communication),
    replyAddress: required(withoutUrn(header.source.endpoint), 'MessageHeader.source'),
    ...(version === undefined ? {} : { version: Number(version) }),
    protected: protectionOf(patient.meta) !== undefined,
    communication,
    encounter,
    patient,
    organizations: only(resources, 'Organization'),
    provenances,
  };
}

const withdrawnId = (ref: { reference?: string }) => required(idIn('Communication', ref), 'Communication.inResponseTo');
