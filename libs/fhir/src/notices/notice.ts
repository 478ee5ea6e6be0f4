import type { Communication, Encounter, Organization, Patient, Provenance } from 'fhir/r4.js';
import type { Act, Ground, Instant, NoticeKind, PartyId, Protection } from '#libs/domain';
import type { ChainLink } from './chain.ts';
import type { NoticeCode } from './registry.ts';

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
