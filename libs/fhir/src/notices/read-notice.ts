import type { Bundle, FhirResource } from 'fhir/r4.js';
import type { Ground } from '#libs/domain';
import { EXTENSION } from '../addresses.ts';
import { isGround } from '../codes.ts';
import { bundleIn, idIn, recipientOf } from '../entry.ts';
import { protectionOf } from '../security-label.ts';
import { readInstant } from '../times.ts';
import { missing, reading, required, type Unreadable } from '../unreadable.ts';
import { readProvenance } from './chain.ts';
import type { NoticeView } from './notice.ts';
import { noticeCategory } from './registry.ts';

const URN = 'urn:uuid:';

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
  const { code: category, kind } = required(
    noticeCategory(communication.category?.[0]?.coding?.[0]?.code),
    'Communication.category',
  );
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
    kind,
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
    ofVisitAlone: encounter.extension?.some(({ url }) => url === EXTENSION.protection) === true,
    communication,
    encounter,
    patient,
    organizations: only(resources, 'Organization'),
    provenances,
  };
}

const withdrawnId = (ref: { reference?: string }) => required(idIn('Communication', ref), 'Communication.inResponseTo');
