import type { Coding } from 'fhir/r4.js';
import { COURSES, FACT_CODES, GROUNDS } from '#libs/domain';
import type {
  Course,
  EncounterClass,
  FactCode,
  Ground,
  Leaving,
  OperatorCourse,
  PersonCourse,
  TaskCode,
} from '#libs/domain';
import { SYSTEM } from './addresses.ts';

/** True when the text names a ground on which content may cross (rules 8.2). */
export const isGround = (code: unknown): code is Ground => GROUNDS.some((known) => known === code);

/** True when the text names a fact of the default dialect (contract 5). */
export const isFactCode = (code: unknown): code is FactCode => FACT_CODES.some((known) => known === code);

/** True when the text names what a message does to a stay. */
export const isCourse = (code: unknown): code is Course => COURSES.some((known) => known === code);

/** Swedish names of the courses, of a stay and of a person. */
export const COURSE_NAMES: Readonly<Record<Course | PersonCourse | OperatorCourse, string>> = {
  'pre-admit': 'Planerad inskrivning',
  register: 'Besök registrerat',
  admit: 'Inskrivning',
  'to-inpatient': 'Öppenvård blir slutenvård',
  move: 'Byte av avdelning',
  update: 'Uppdatering',
  'leave-start': 'Permission börjar',
  'leave-end': 'Permission slutar',
  'planned-end': 'Planerad utskrivning',
  'to-outpatient': 'Slutenvård blir öppenvård',
  discharge: 'Utskrivning',
  'cancel-admission': 'Inskrivning återtagen',
  'cancel-move': 'Byte av avdelning återtaget',
  'cancel-planned-end': 'Planerad utskrivning återtagen',
  'cancel-discharge': 'Utskrivning återtagen',
  'describe-person': 'Personuppgifter',
  'merge-persons': 'Sammanslagning av personer',
  'lift-protection': 'Skydd av personuppgifter hävt',
  'join-stays': 'Sammanförda vårdtillfällen',
  'undo-decision': 'Beslut om personen taget tillbaka',
};

/** Swedish names of the facts. */
export const FACT_NAMES: Readonly<Record<FactCode, string>> = {
  NEED: 'Behov',
  CONSENT: 'Samtycke',
  BASIS: 'Grund',
  INS: 'Inskrivningsmeddelande beställt',
  READY: 'Utskrivningsklar',
  COMPULSORY: 'Tvångsvård',
  OPTAPPLIED: 'Ansökan om öppen tvångsvård',
  OPTDECISION: 'Beslut om öppen tvångsvård',
  REFERRAL: 'Öppen remiss till annan slutenvård',
  CARETYPE: 'Vårdform',
  HOUSING: 'Boende',
  PLACEDBY: 'Placerande kommun',
  LSS: 'Insats enligt LSS',
  CONTACT: 'Pågående kontakt',
  REHAB: 'Rehabilitering',
  HOMECARE: 'Hemtjänst',
  INFO: 'Information',
  OPPOSED: 'Motsätter sig',
  PATINFO: 'Information till patienten',
  CHECK: 'Kontroll',
};

/** Swedish names of the duties; the codes of `CodeSystem/task` (contract 4). */
export const TASK_NAMES: Readonly<Record<TaskCode, string>> = {
  'ROUTE-BY-HAND': 'Välj mottagare för hand',
  'COMPLETE-INS': 'Komplettera inskrivningsmeddelandet',
  'STATE-GROUND': 'Ange grund för att lämna uppgiften',
  CONFIRM: 'Bekräfta',
  'ANSWER-DEVIATION': 'Besvara avvikelsen',
  WARNING: 'En skyldighet förfaller snart',
};

/**
 * Encounter.status as far as one message tells (standards 3.1, 3.2). `unknown` where the message says nothing of whether
 * the patient is there: it never overwrites what is known.
 */
export const ENCOUNTER_STATUS = {
  'pre-admit': 'planned',
  register: 'in-progress',
  admit: 'in-progress',
  'to-inpatient': 'in-progress',
  move: 'in-progress',
  update: 'unknown',
  'leave-start': 'onleave',
  'leave-end': 'in-progress',
  'planned-end': 'unknown',
  'to-outpatient': 'in-progress',
  discharge: 'finished',
  'cancel-admission': 'entered-in-error',
  'cancel-move': 'in-progress',
  'cancel-planned-end': 'unknown',
  'cancel-discharge': 'in-progress',
} as const satisfies Readonly<Record<Course, string>>;

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
