import type { Instant, StatedTime } from './time.ts';

/** Triggers of HL7 v2 that the hub understands so far (table 0003). */
export const TRIGGERS = ['A01', 'A03', 'A08', 'A11', 'A13'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** What insatser a fact speaks of (contract 5): social services, municipal health care, the region's open care, home care. */
export const SCOPES = ['SOC', 'KHSL', 'ROV', 'HOME'] as const;
export type Scope = (typeof SCOPES)[number];
/** A need is of three kinds only; `HOME` is a scope of consent. */
export type NeedScope = Exclude<Scope, 'HOME'>;

export const FACT_CODES = ['NEED', 'INS', 'CONSENT', 'BASIS', 'INFO', 'READY'] as const;
export type FactCode = (typeof FACT_CODES)[number];

/** `F` states, `C` corrects, `D` was never true (OBX-11 `D` and `W`). */
export type FactStatus = 'F' | 'C' | 'D';

/** One OBX of the default dialect (contract 5). */
export interface Fact {
  readonly code: FactCode;
  /** Empty = all scopes. */
  readonly scopes: readonly Scope[];
  /** OBX-5, one entry per repetition. */
  readonly values: readonly string[];
  readonly status: FactStatus;
  /** When it holds from: OBX-14, else EVN-6, else MSH-7; a date alone is the end of that day, at most MSH-7. */
  readonly at: Instant;
  /** True when OBX-14 was stated: the fact has a time of its own (DEC-04, DEC-07). */
  readonly ownTime: boolean;
  /** OBX-16, an id of the one who judged; never a name. */
  readonly judgedBy?: string;
}

export type IdentityType =
  'personnummer' | 'samordningsnummer' | 'nationelltReservnummer' | 'LMA-nummer' | 'reservnummer-stockholm' | 'other';

/** A personal identity by type, never by position (standards 2). `system` is the FHIR system. */
export interface Identity {
  readonly type: IdentityType;
  readonly system: string;
  readonly value: string;
}

export interface PersonName {
  readonly family?: string;
  readonly given: readonly string[];
}

/** Folkbokföringsadress (PID-11 of type `L`). `municipality` is SCB's four digits, `district` the slug of the board. */
export interface RegisteredAddress {
  readonly lines: readonly string[];
  readonly postalCode?: string;
  readonly city?: string;
  readonly municipality?: string;
  readonly district?: string;
}

export type Protection = 'sekretessmarkering' | 'skyddadFolkbokforing' | 'fingeradePersonuppgifter' | 'unknown';

export type EncounterClass = 'IMP' | 'EMER' | 'AMB' | 'PRENC' | 'OTHER';

/** PV1-36 by table 0112 as contract 5 reads it. */
export type Leaving = 'home' | 'transfer' | 'against-advice' | 'dead';

/** Unstated (undefined) leaves what was known; null (HL7 `""`) deletes it. */
export type Stated<T> = T | null | undefined;

export type LegalForm = 'region-authority' | 'municipal-authority' | 'private';

/** What the sender's agreement means for this event (contract 5, switches). Baked in by the translator, so that a fold needs no look-up. */
export interface Terms {
  /** The organisation that the agreement is with: owns its wards' Tasks and deviations. HSA-id. */
  readonly organisation: string;
  /** Name of the care provider that an INS may carry (domain.md 12.4). */
  readonly careProvider: string;
  /** Legal form of the ward, for grounds (domain.md 12.3). */
  readonly legalForm: LegalForm;
  readonly ins: 'auto' | 'ordered';
  /** Scopes that every inpatient admission implies; empty when need is always stated. */
  readonly impliedNeed: readonly NeedScope[];
  readonly info: 'here' | 'elsewhere';
  readonly clock: 'trusted' | 'intake';
}

export interface PatientStatement {
  /** The first is the one that the notices carry. Never empty. */
  readonly identities: readonly Identity[];
  readonly name?: Stated<PersonName>;
  readonly birthDate?: Stated<string>;
  readonly deceased?: boolean;
  readonly address?: Stated<RegisteredAddress>;
  /** HSA-id of the listed clinic (PD1-3.10). */
  readonly listedClinic?: Stated<string>;
  readonly protection?: Protection;
}

export interface EncounterStatement {
  readonly class?: EncounterClass;
  /** HSA-id of the ward (PV1-3.4). */
  readonly ward?: Stated<string>;
  readonly start?: Stated<StatedTime>;
  readonly end?: Stated<StatedTime>;
  readonly expectedDischarge?: Stated<StatedTime>;
  readonly leaving?: Leaving;
}

/** One message of a sender about one stay, as the translator understood it. The unit of every fold. */
export interface StayEvent {
  readonly eventId: string;
  readonly inboundId: string;
  readonly ordinal: number;
  /** Of agreement and translator, ever growing: a higher one replaces all events of the same inbound id. */
  readonly revision: number;
  readonly stayId: string;
  /** HMAC of the patient's first identity: the lock and the join of what holds for all stays of a person. */
  readonly patientId: string;
  /** Id of the sender's agreement (MSH-4). */
  readonly sender: string;
  readonly trigger: Trigger;
  /** MSH-7. */
  readonly sentAt: Instant;
  /** EVN-6, when the sender states it. */
  readonly occurredAt?: StatedTime;
  /** When the hub took it in; of duplicates the earliest. */
  readonly intakeAt: Instant;
  readonly terms: Terms;
  readonly patient: PatientStatement;
  readonly encounter: EncounterStatement;
  readonly facts: readonly Fact[];
}
