import type { Coding } from 'fhir/r4.js';
import { FACT_CODES, GROUNDS, NOTICE_KINDS } from '#libs/domain';
import type { EncounterClass, Leaving, NoticeKind, Trigger } from '#libs/domain';
import { FHIR_BASE } from './addresses.ts';

const own = (name: string) => `${FHIR_BASE}/CodeSystem/${name}`;

/** Code systems, by what their codes name. */
export const SYSTEM = {
  notice: own('notice'),
  fact: own('fact'),
  factValue: own('fact-value'),
  scope: own('scope'),
  ground: own('ground'),
  deviation: own('deviation'),
  deviationReason: own('deviation-reason'),
  task: own('task'),
  error: own('error'),
  protection: own('protection'),
  trigger: 'http://terminology.hl7.org/CodeSystem/v2-0003',
  actCode: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  nullFlavor: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor',
  dataOperation: 'http://terminology.hl7.org/CodeSystem/v3-DataOperation',
  discharge: 'http://terminology.hl7.org/CodeSystem/discharge-disposition',
  securityLabel: 'http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel',
  municipality: 'urn:oid:1.2.752.129.2.2.1.17',
  snomed: 'http://snomed.info/sct',
} as const;

/** Codes of `CodeSystem/notice` that the hub tells so far (contract 4). The others have no `-WITHDRAWN` of their own. */
export const NOTICE_CODES = [...NOTICE_KINDS, 'INS-WITHDRAWN', 'UTK-WITHDRAWN'] as const;
export type NoticeCode = (typeof NOTICE_CODES)[number];

/**
 * The category of a notice, or of the withdrawal of one (contract 4).
 * @returns `<kind>-WITHDRAWN` where the code system has it, else the kind itself, whose status then is `entered-in-error`
 */
export function noticeCode(kind: NoticeKind, withdrawn: boolean): NoticeCode {
  if (!withdrawn) return kind;
  if (kind === 'INS') return 'INS-WITHDRAWN';
  return kind === 'UTK' ? 'UTK-WITHDRAWN' : kind;
}

/** The kind that a category speaks of: `INS-WITHDRAWN` is about an INS. */
export function noticeKindOf(code: NoticeCode): NoticeKind {
  if (code === 'INS-WITHDRAWN') return 'INS';
  return code === 'UTK-WITHDRAWN' ? 'UTK' : code;
}

/** True when the text is a category that the hub tells. */
export const isNoticeCode = (code: unknown): code is NoticeCode => NOTICE_CODES.some((known) => known === code);

/** True when the text names a ground on which content may cross (domain.md 8.2). */
export const isGround = (code: unknown): code is (typeof GROUNDS)[number] => GROUNDS.some((known) => known === code);

/** True when the text names a fact that the hub reads so far. */
export const isFactCode = (code: unknown): code is (typeof FACT_CODES)[number] =>
  FACT_CODES.some((known) => known === code);

/** Swedish names of the notices, as a person meets them. */
export const NOTICE_NAMES: Readonly<Record<NoticeCode, string>> = {
  INS: 'Inskrivningsmeddelande',
  BUT: 'Beräknad utskrivning',
  UTK: 'Underrättelse om utskrivningsklar',
  UTS: 'Utskriven',
  INFO: 'Information inför utskrivning',
  'INS-WITHDRAWN': 'Inskrivningsmeddelande återkallat',
  'UTK-WITHDRAWN': 'Utskrivningsklar återkallad',
};

/** Encounter.status that a trigger states (standards 3.1, 3.2). `unknown` never overwrites what is known. */
export const ENCOUNTER_STATUS: Readonly<Record<Trigger, 'in-progress' | 'finished' | 'unknown' | 'entered-in-error'>> =
  { A01: 'in-progress', A03: 'finished', A08: 'unknown', A11: 'entered-in-error', A13: 'in-progress' };

/** Encounter.class is mandatory in R4: what is not stated, or has no code, is a null flavor. */
export const ENCOUNTER_CLASS: Readonly<Record<EncounterClass | 'unstated', Coding>> = {
  IMP: { system: SYSTEM.actCode, code: 'IMP' },
  EMER: { system: SYSTEM.actCode, code: 'EMER' },
  AMB: { system: SYSTEM.actCode, code: 'AMB' },
  PRENC: { system: SYSTEM.actCode, code: 'PRENC' },
  OTHER: { system: SYSTEM.nullFlavor, code: 'OTH' },
  unstated: { system: SYSTEM.nullFlavor, code: 'UNK' },
};

/** PV1-36 as contract 5 reads it, in FHIR's codes. */
export const DISPOSITION: Readonly<Record<Leaving, string>> = {
  home: 'home',
  transfer: 'other-hcf',
  'against-advice': 'aadvice',
  dead: 'exp',
};
