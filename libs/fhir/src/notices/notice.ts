import type {
  Bundle,
  Communication,
  Encounter,
  FhirResource,
  Meta,
  Organization,
  Patient,
  Provenance,
} from 'fhir/r4.js';
import type { Act, Ground, Instant, NoticeKind, PartyId, Protection } from '#libs/domain';
import { EXTENSION, SYSTEM } from '../addresses.ts';
import { isGround } from '../codes.ts';
import {
  bundleIn,
  idIn,
  missing,
  protectionOf,
  reading,
  recipientOf,
  reference,
  required,
  type Unreadable,
} from '../resource.ts';
import { readInstant, writeInstant } from '../times-and-texts.ts';
import { noticeCategory, type NoticeCode } from './kinds.ts';

/** One act, or its withdrawal, towards one recipient. All ids are ready-made (architecture 2.4). */
export interface NoticeInput {
  readonly deliveryId: string;
  /** Default: the delivery's id. */
  readonly bundleId?: string;
  /** The act's id, the same in every generation. A UUID. */
  readonly actId: string;
  readonly stayId: string;
  /** Patient.id: of the viewing party and the identity, so that no two parties can join on it. */
  readonly patientIdForParty: string;
  readonly recipient: { readonly id: PartyId; readonly name: string };
  readonly act: Act;
  /** Present when the act is withdrawn. Then nothing of the content is told again. */
  readonly withdrawal?: {
    /** Delivery ids that the recipient had. */
    readonly ofIds: readonly string[];
    /** Default: when the act ended. */
    readonly sent?: Instant;
    /** The person's protection by now, besides what the act and its end say of it (DEC-23). */
    readonly protection?: Protection;
    /** What protects is said of this visit alone (PV2-22): the person's other stays are as they were (DEC-23). */
    readonly ofVisitAlone?: true;
  };
  /** The message that this one corrects or follows in its slot. */
  readonly follows?: { readonly deliveryId: string };
  /** Earlier messages, one Provenance each. */
  readonly chain?: readonly ChainLink[];
  /** Opaque UUID to which the recipient answers. */
  readonly replyAddress: string;
  /** When the hub put the message together. */
  readonly timestamp: Instant;
  /** Version of the Encounter in this party's view. */
  readonly version?: number;
}

/** What a recipient's side needs to know of a notice. */
export interface NoticeView {
  readonly deliveryId: string;
  readonly bundleId: string;
  readonly actId: string;
  readonly stayId: string;
  readonly category: NoticeCode;
  readonly kind: NoticeKind;
  readonly recipient: PartyId;
  readonly status: 'completed' | 'entered-in-error';
  readonly sent: Instant;
  readonly timestamp: Instant;
  /** Delivery ids that it withdraws. Not empty: the message is a withdrawal. */
  readonly withdraws: readonly string[];
  /** Delivery id of the message that it corrects or follows. */
  readonly follows?: string;
  readonly ground: Ground;
  readonly replyAddress: string;
  readonly version?: number;
  /** The person's identity is protected. */
  readonly protected: boolean;
  /** Protected in this visit alone: the label is of this stay, not of all that the recipient has of the person. */
  readonly ofVisitAlone: boolean;
  readonly communication: Communication;
  readonly encounter: Encounter;
  readonly patient: Patient;
  readonly organizations: readonly Organization[];
  readonly provenances: readonly Provenance[];
}

const URN = 'urn:uuid:';

function groundOf(resource: NoticeView['communication']): Ground {
  const code = resource.extension?.find(({ url }) => url === EXTENSION.disclosureBasis)?.valueCoding?.code;
  return isGround(code) ? code : missing('Communication.disclosure-basis');
}

type Of<T extends FhirResource['resourceType']> = Extract<FhirResource, { resourceType: T }>;

function only<T extends FhirResource['resourceType']>(resources: readonly FhirResource[], type: T): Of<T>[] {
  return resources.filter((resource): resource is Of<T> => resource.resourceType === type);
}

function first<T extends FhirResource['resourceType']>(resources: readonly FhirResource[], type: T): Of<T> {
  const found = resources.find((resource): resource is Of<T> => resource.resourceType === type);
  return required(found, type);
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
  const header = first(resources, 'MessageHeader');
  const communication = first(resources, 'Communication');
  const encounter = first(resources, 'Encounter');
  const patient = first(resources, 'Patient');
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

/** A message about one thing, for the chain of Provenance (standards 1.6). */
export interface ChainLink {
  readonly deliveryId: string;
  readonly recorded: Instant;
  readonly role?: 'revision' | 'removal';
  /** Delivery ids of the messages that it corrected or withdrew. */
  readonly previous?: readonly string[];
}

const ACTIVITY = { none: 'CREATE', revision: 'UPDATE', removal: 'NULLIFY' } as const;

/**
 * One link of the chain (standards 1.6): which message, when it was recorded, and what it corrected or withdrew. A
 * recipient that finds an unknown `entity.what` knows that it missed a message.
 */
export function writeProvenance(link: ChainLink, meta: Meta | undefined): Provenance {
  const { role, previous = [] } = link;
  return {
    resourceType: 'Provenance',
    id: link.deliveryId,
    ...(meta === undefined ? {} : { meta }),
    target: [reference('MessageHeader', link.deliveryId)],
    recorded: writeInstant(link.recorded),
    activity: { coding: [{ system: SYSTEM.dataOperation, code: ACTIVITY[role ?? 'none'] }] },
    agent: [{ who: { type: 'Device', display: 'Bryggan' } }],
    ...(role === undefined || previous.length === 0
      ? {}
      : { entity: previous.map((id) => ({ role, what: reference('MessageHeader', id) })) }),
  };
}

/** The link that a Provenance states; undefined when it is not about a message. */
export function readProvenance(provenance: Provenance): ChainLink | undefined {
  const deliveryId = idIn('MessageHeader', provenance.target[0]);
  const recorded: Instant = Date.parse(provenance.recorded);
  if (deliveryId === undefined || Number.isNaN(recorded)) return undefined;
  const previous = provenance.entity?.flatMap(({ what }) => idIn('MessageHeader', what) ?? []) ?? [];
  const role = provenance.entity?.[0]?.role;
  if (role !== 'revision' && role !== 'removal') return { deliveryId, recorded };
  return { deliveryId, recorded, role, previous };
}
