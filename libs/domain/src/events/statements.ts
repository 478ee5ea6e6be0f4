import type { StatedTime } from '../time/time.ts';

/** Unstated (undefined) leaves what was known; null (HL7 `""`) deletes it. */
export type Stated<T> = T | null | undefined;

export const IDENTITY_TYPES = [
  'personnummer',
  'samordningsnummer',
  'nationelltReservnummer',
  'LMA-nummer',
  'reservnummer-stockholm',
  /** A reserve number of another region. */
  'reservnummer-region',
  /** A number that only its issuer knows. */
  'other',
] as const;
export type IdentityType = (typeof IDENTITY_TYPES)[number];

/** How sure the tax agency is of who somebody with a co-ordination number is (lag 2022:1697 2:8): proven, probable, uncertain. */
export const IDENTITY_CERTAINTIES = ['styrkt', 'sannolik', 'osaker'] as const;
export type IdentityCertainty = (typeof IDENTITY_CERTAINTIES)[number];

/** A personal identity by type, never by position (standards 2). `system` is the FHIR system. */
export interface Identity {
  readonly type: IdentityType;
  readonly system: string;
  readonly value: string;
  /** Of a co-ordination number, where it is stated; it goes wherever the number goes. */
  readonly certainty?: IdentityCertainty;
  /** Local dates, first and last day of validity as the sender states them (CX.7, CX.8). */
  readonly from?: string;
  readonly to?: string;
}

/**
 * As many identities as are read of one person in one message, and as many letters as a number and the name of its register have:
 * more than anybody has. Each is written out on the event, which has to fit into a record.
 */
export const MOST_IDENTITIES = 50;
export const LONGEST_IDENTITY = 255;

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

/** In place of a listed clinic: the sender says that the person is listed nowhere, which is more than saying nothing (RTE-09). */
export const UNLISTED = 'UNLISTED';

/** `unknown`: protected, and nobody has said how; it is handled as the strictest (DEC-23). */
export type Protection = 'sekretessmarkering' | 'skyddadFolkbokforing' | 'fingeradePersonuppgifter' | 'unknown';

/** What a message says of the person. */
export interface PatientStatement {
  /** The first is the one that the notices carry. Never empty. */
  readonly identities: readonly Identity[];
  readonly name?: Stated<PersonName>;
  /** `YYYY[-MM[-DD]]`. */
  readonly birthDate?: Stated<string>;
  readonly deceased?: boolean;
  /** When the person died, where it is stated. */
  readonly deceasedAt?: Stated<StatedTime>;
  readonly address?: Stated<RegisteredAddress>;
  /**
   * Municipality in which the person stays now (PID-11 of type `C`), by its code: where somebody who is registered nowhere is
   * to be helped (SoL 29:4). No notice shows it.
   */
  readonly stayingIn?: Stated<string>;
  /** HSA-id of the listed clinic (PD1-3.10), or {@link UNLISTED}. */
  readonly listedClinic?: Stated<string>;
  /** Protection that holds for the person in every stay (ARV, a register; DEC-23). */
  readonly protection?: Protection;
  /** The sender asks for a protection to be taken away; only a person may do that (DEC-23). */
  readonly protectionDeleted?: true;
}

/** Two records that are one person's. */
export interface Merger {
  readonly kind: 'merged';
  /** The identities that are given up (MRG-1). */
  readonly from: readonly Identity[];
  /** The survivor: its identities, and what else the message says of the person. */
  readonly patient: PatientStatement;
}

export type EncounterClass = 'IMP' | 'EMER' | 'AMB' | 'PRENC' | 'OTHER';

/** PV1-36 by table 0112 as contract 5 reads it. */
export type Leaving = 'home' | 'transfer' | 'against-advice' | 'dead';

/** What a message says of the stay. */
export interface EncounterStatement {
  readonly class?: EncounterClass;
  /** HSA-id of the ward (PV1-3.4). */
  readonly ward?: Stated<string>;
  readonly start?: Stated<StatedTime>;
  readonly end?: Stated<StatedTime>;
  readonly expectedDischarge?: Stated<StatedTime>;
  readonly leaving?: Leaving;
  /** The unit that takes over at a transfer, as the sender names it (PV1-37). */
  readonly receivingUnit?: Stated<string>;
  /** PV1-4 as written: `R` is a readmission, which is planned (DEC-14). */
  readonly admissionType?: string;
  /** Protection that holds for this visit alone (PV2-22; DEC-23). */
  readonly protection?: Protection;
}
