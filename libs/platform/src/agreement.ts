import type { IdentityType, Leaving, LegalForm, NeedScope, Protection, Terms } from '#libs/domain';

/** A ward of the agreement's organisation; its legal form when it is another than the organisation's. */
export interface Ward {
  readonly hsaId: string;
  readonly name: string;
  readonly legalForm?: LegalForm;
}

/** `PV1-3.4` taken apart. */
export interface FieldPath {
  readonly segment: string;
  readonly field: number;
  readonly component?: number;
  readonly subcomponent?: number;
}

/** What the default dialect calls a personal identity: by assigner (CX.4.1 or CX.4.2), else by type (CX.5). The first match counts. */
export interface IdentityRule {
  readonly assigner?: string;
  readonly typeCode?: string;
  readonly type: IdentityType;
  /** Counts only when the value has the form of the type: `MR` is as often a local record number. */
  readonly onlyIfFormed?: boolean;
}

/** What was agreed with one sender (MSH-4) for one period. Every line of contract 5 may differ. */
export interface Agreement {
  readonly id: string;
  /** Ever growing: a higher one replaces what the same bytes meant before (architecture 2.5). */
  readonly revision: number;
  /** Local dates, first and last day. */
  readonly from: string;
  readonly to?: string;
  /** HSA-id. */
  readonly organisation: string;
  readonly name: string;
  /** The name that an INS may carry (domain.md 12.4). */
  readonly careProvider: string;
  readonly legalForm: LegalForm;
  readonly wards: readonly Ward[];
  /** When MSH-18 is silent and the bytes are not UTF-8: a name of table 0211. */
  readonly defaultCharset: string;
  readonly processingId: 'P' | 'T';
  readonly ins: 'auto' | 'ordered';
  readonly need: 'stated' | readonly NeedScope[];
  readonly info: 'here' | 'elsewhere';
  /** `obx`, else the trigger that says it. */
  readonly ready: string;
  readonly clock: 'trusted' | 'intake';
  /** A connection of this sender that is silent for so long is closed; 0 = never. Without it BRYGGAN_MLLP_IDLE_SECONDS. */
  readonly idleSeconds?: number;
  readonly fields: Readonly<Record<FieldName, FieldPath>>;
  readonly addressTypes: readonly ('L' | 'H')[];
  readonly identityTypes: readonly IdentityRule[];
  /** Code of table 0112 -> way of leaving; any other code is `home`. */
  readonly leaving: Readonly<Record<string, Leaving>>;
  /** ARV-3 -> kind; PV2-22 `Y` alone is `unknown`, to be treated as the strictest. */
  readonly protectionCodes: Readonly<Record<string, Protection>>;
  readonly source: string;
}

/** Where contract 5 finds what, as text; an agreement's file may override each. */
export const DEFAULT_FIELDS = {
  visitId: 'PV1-19',
  ward: 'PV1-3.4',
  class: 'PV1-2',
  admittedAt: 'PV1-44',
  dischargedAt: 'PV1-45',
  occurredAt: 'EVN-6',
  recordedAt: 'EVN-2',
  expectedDischarge: 'PV2-9',
  leaving: 'PV1-36',
  transferTo: 'PV1-37',
  identities: 'PID-3',
  name: 'PID-5',
  birthDate: 'PID-7',
  address: 'PID-11',
  addressMunicipality: 'PID-11.9',
  addressDistrict: 'PID-11.10',
  listedClinic: 'PD1-3.10',
  deceasedAt: 'PID-29',
  deceased: 'PID-30',
  protectedVisit: 'PV2-22',
  protectedPerson: 'ARV-3',
} as const;
export type FieldName = keyof typeof DEFAULT_FIELDS;

/** `02 05 09` transfer, `07` against advice, `20 40 41 42` dead (contract 5). */
export const DEFAULT_LEAVING: Readonly<Record<string, Leaving>> = {
  '02': 'transfer',
  '05': 'transfer',
  '09': 'transfer',
  '07': 'against-advice',
  '20': 'dead',
  '40': 'dead',
  '41': 'dead',
  '42': 'dead',
};

export const DEFAULT_PROTECTION_CODES: Readonly<Record<string, Protection>> = {
  SEKR: 'sekretessmarkering',
  SKYDD: 'skyddadFolkbokforing',
  FING: 'fingeradePersonuppgifter',
};

/** OIDs of SE-1 to SE-5, then the assigners and types seen in Sweden (standards 3.5). `SKV` and `NI` say personnummer for both kinds. */
export const DEFAULT_IDENTITY_TYPES: readonly IdentityRule[] = [
  { assigner: '1.2.752.129.2.1.3.1', type: 'personnummer' },
  { assigner: '1.2.752.129.2.1.3.3', type: 'samordningsnummer' },
  { assigner: '1.2.752.74.9.1', type: 'nationelltReservnummer' },
  { assigner: '1.2.752.97.3.1.3', type: 'reservnummer-stockholm' },
  { assigner: 'SKV', type: 'personnummer' },
  { assigner: 'PNR', type: 'personnummer' },
  { assigner: 'SNR', type: 'samordningsnummer' },
  { assigner: 'RESNR', type: 'reservnummer-stockholm' },
  { assigner: 'NRID', type: 'nationelltReservnummer' },
  { assigner: 'LMA', type: 'LMA-nummer' },
  { typeCode: 'NNSWE', type: 'personnummer' },
  { typeCode: 'NI', type: 'personnummer' },
  { typeCode: 'PN', type: 'personnummer' },
  { typeCode: 'MR', type: 'personnummer', onlyIfFormed: true },
];

/** `PV1-3.4` -> its parts; undefined when the text is no place in a message. */
export function fieldPath(text: string): FieldPath | undefined {
  const parts = /^([A-Z][A-Z0-9]{2})-([1-9]\d?)(?:\.([1-9]\d?))?(?:\.([1-9]\d?))?$/.exec(text);
  if (parts === null) return undefined;
  const [, segment = '', field, component, subcomponent] = parts;
  return {
    segment,
    field: Number(field),
    ...(component === undefined ? {} : { component: Number(component) }),
    ...(subcomponent === undefined ? {} : { subcomponent: Number(subcomponent) }),
  };
}

/** What the agreement means for an event of one of its wards (HSA-id): the ward's own legal form beats the organisation's. */
export function termsOf(agreement: Agreement, ward?: string): Terms {
  const own = ward === undefined ? undefined : agreement.wards.find(({ hsaId }) => hsaId === ward);
  return {
    organisation: agreement.organisation,
    careProvider: agreement.careProvider,
    legalForm: own?.legalForm ?? agreement.legalForm,
    ins: agreement.ins,
    impliedNeed: agreement.need === 'stated' ? [] : agreement.need,
    info: agreement.info,
    clock: agreement.clock,
  };
}
