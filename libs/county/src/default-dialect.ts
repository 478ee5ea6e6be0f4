import type {
  Course,
  EncounterClass,
  FactCode,
  FactStatus,
  IdentityType,
  Leaving,
  PersonCourse,
  Protection,
  Scope,
} from '#libs/domain';

/** `PV1-3.4` taken apart. */
export interface FieldPath {
  readonly segment: string;
  readonly field: number;
  readonly component?: number;
  readonly subcomponent?: number;
}

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

/*
 * The default dialect of HL7 v2 (contract 5): where what is found, and what a sender's codes mean. An agreement's file may
 * override every line. It lies with the agreements because the ingress refuses, and the translator reads, by the same tables.
 */

/** Where contract 5 finds what, as text. */
export const DEFAULT_FIELDS = {
  visitId: 'PV1-19',
  ward: 'PV1-3.4',
  class: 'PV1-2',
  admissionType: 'PV1-4',
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
  mergedIdentities: 'MRG-1',
  sentAt: 'MSH-7',
  factCode: 'OBX-3',
  factSystem: 'OBX-3.3',
  factScope: 'OBX-4',
  factValue: 'OBX-5',
  factStatus: 'OBX-11',
  factTime: 'OBX-14',
  factJudge: 'OBX-16',
} as const;
export type FieldName = keyof typeof DEFAULT_FIELDS;

/** Fields that can be the time of an event. */
export const TIME_FIELDS = ['occurredAt', 'recordedAt', 'admittedAt', 'dischargedAt'] as const satisfies FieldName[];
export type TimeField = (typeof TIME_FIELDS)[number];

/** What a trigger does to a stay, or says of a person. Rank, and what it cancels, follow from the course. */
export interface TriggerRule {
  readonly course: Course | PersonCourse;
  /** Which field says when it happened: the first of these that is stated, else MSH-7. */
  readonly time: readonly TimeField[];
  /** Counts only for messages in which each of these fields holds one of its values; none: for all. */
  readonly when: readonly Condition[];
}

/** What a field of a message has to hold. */
export interface Condition {
  readonly field: FieldPath;
  readonly is: readonly string[];
}

const happened = (course: TriggerRule['course'], ...beside: TimeField[]): TriggerRule => ({
  ...{ course, time: ['occurredAt', ...beside], when: [] },
});

/**
 * Triggers of one stay (standards 3.2), and those of a person, which hold for all stays of the person. Where a cancellation
 * stands in the order of time is decided by what it cancels: its own EVN-6 is the time of that.
 */
export const DEFAULT_TRIGGERS: Readonly<Record<string, TriggerRule>> = {
  A01: happened('admit', 'admittedAt'),
  A02: happened('move'),
  A03: happened('discharge', 'dischargedAt'),
  A04: happened('register'),
  A05: happened('pre-admit'),
  A06: happened('to-inpatient'),
  A07: happened('to-outpatient'),
  A08: happened('update'),
  A11: happened('cancel-admission'),
  A12: happened('cancel-move'),
  A13: happened('cancel-discharge'),
  A14: happened('pre-admit'),
  A16: happened('planned-end'),
  A18: happened('merge-persons'),
  A21: happened('leave-start'),
  A22: happened('leave-end'),
  A25: happened('cancel-planned-end'),
  A28: happened('describe-person'),
  A31: happened('describe-person'),
  A34: happened('merge-persons'),
  A40: happened('merge-persons'),
};

/** Table 0004. Preadmitted, recurring and the like are classes that no rule asks for. */
export const DEFAULT_CLASSES: Readonly<Record<string, EncounterClass>> = {
  I: 'IMP',
  E: 'EMER',
  O: 'AMB',
  P: 'PRENC',
  R: 'OTHER',
  B: 'OTHER',
  C: 'OTHER',
  N: 'OTHER',
  U: 'OTHER',
};

/**
 * A fact that a sender states elsewhere than in an OBX of ours: in a field of its own, of a Z segment most often. Each
 * segment of the name, and each repetition of the field, is asked.
 */
export interface FactRule {
  readonly code: FactCode;
  readonly field: FieldPath;
  /** What the sender's values mean; one that is not here states nothing. Without it they are as in OBX-5. */
  readonly values?: ReadonlyMap<string, readonly string[]>;
  /** When it holds from, in the same segment; else as an OBX without OBX-14. */
  readonly time?: FieldPath;
  /** As OBX-4; none: all. */
  readonly scopes?: readonly Scope[];
}

/** OBX-11: a result that is preliminary, pending or cannot be had states nothing. */
export const DEFAULT_FACT_STATUSES: Readonly<Record<string, FactStatus>> = { '': 'F', F: 'F', C: 'C', D: 'D', W: 'D' };

/** What a sender's yes and no look like (PID-30, PV2-22). */
export const DEFAULT_INDICATORS: Readonly<Record<string, 'Y' | 'N'>> = { Y: 'Y', N: 'N' };

/** Table 0112: transfer, against advice, dead; a code that is not here is a way home. */
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

/** ARV-3; a code that is not here is a protection of unknown kind (DEC-23). */
export const DEFAULT_PROTECTION_CODES: Readonly<Record<string, Protection>> = {
  SEKR: 'sekretessmarkering',
  SKYDD: 'skyddadFolkbokforing',
  FING: 'fingeradePersonuppgifter',
};

/** What a personal identity is: by assigner (CX.4.1 or CX.4.2), else by type (CX.5). The first match counts. */
export interface IdentityRule {
  readonly assigner?: string;
  readonly typeCode?: string;
  readonly type: IdentityType;
  /** Counts only when the value has the form of the type: `MR` is as often a local record number. */
  readonly onlyIfFormed?: boolean;
}

/** Reserve numbers of other regions (SE-20), whose patients bring them; DEC-35. */
const RESERVE_NUMBERS_OF_REGIONS = [
  '1.2.752.113.11.0.2.1.1.1',
  '1.2.752.74.9.2',
  '1.2.752.74.9.3',
  '1.2.752.74.9.6',
  '1.2.752.74.9.8',
  '1.2.752.74.9.9',
  '1.2.752.219.1.10.10.1',
  '1.2.752.266.1.1.1',
  '1.2.752.266.1.1.2',
  '1.2.752.129.2.1.3.2',
];

/** OIDs of SE-1 to SE-5 and SE-20, then the assigners and types seen in Sweden (standards 3.5). `SKV` and `NI` say personnummer for both kinds. */
export const DEFAULT_IDENTITY_TYPES: readonly IdentityRule[] = [
  { assigner: '1.2.752.129.2.1.3.1', type: 'personnummer' },
  { assigner: '1.2.752.129.2.1.3.3', type: 'samordningsnummer' },
  { assigner: '1.2.752.74.9.1', type: 'nationelltReservnummer' },
  { assigner: '1.2.752.97.3.1.3', type: 'reservnummer-stockholm' },
  ...RESERVE_NUMBERS_OF_REGIONS.map((assigner) => ({ assigner, type: 'reservnummer-region' as const })),
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
