import type { CodeSystem, ValueSet } from 'fhir/r4.js';
import { DEVIATION_CODES, SCOPES } from '#libs/domain';
import { DEVIATION_NAMES, FHIR_BASE, NOTICE_NAMES, SYSTEM, TASK_NAMES } from '#libs/fhir';
import { definitionHead } from './closed-profile.ts';

type Concepts = Readonly<Record<string, string>>;

/** Contract 4: all of it, also what the hub does not tell yet, since others build on the list. */
const NOTICE: Concepts = {
  NEED: 'Behov av insatser bedömt',
  CONSENT: 'Samtycke',
  BASIS: 'Grund för att lämna uppgift',
  ...NOTICE_NAMES,
  TRANSFER: 'Överflyttning',
  'LEAVE-START': 'Permission börjar',
  'LEAVE-END': 'Permission slutar',
  DECEASED: 'Avliden',
  'OPT-APPLIED': 'Ansökan om öppen psykiatrisk tvångsvård',
  'OPT-DECISION': 'Beslut om öppen psykiatrisk tvångsvård',
  PATINFO: 'Information till patienten',
  CHECK: 'Kontroll av läkemedel och hjälpmedel',
  FVK: 'Fast vårdkontakt utsedd',
  'SIP-CALL': 'Kallelse till samordnad individuell planering',
  KVI: 'Kvittens',
  RET: 'Retur: fel mottagare',
  PLAN: 'Planering påbörjad',
  OBSTACLE: 'Hinder enligt 5 kap. 5 §',
  FOUND: 'Person påträffad utan underrättelse',
  'PLAN-INFO': 'Information om planeringen',
  QUERY: 'Fråga',
  ANSWER: 'Svar',
  'SIP-PROPOSE': 'Förslag till tid för planering',
  'SIP-REPLY': 'Svar på förslag till tid',
  'SIP-DECLINED': 'Planering avböjd',
  'SIP-PLAN': 'Samordnad individuell plan',
  SVPL: 'Samordnad vårdplan',
  'SVPL-ADJ': 'Samordnad vårdplan justerad',
  OPPOSED: 'Patienten motsätter sig',
};

const FACT: Concepts = {
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
  CONTACT: 'Pågående kontakt',
  REHAB: 'Rehabilitering',
  HOMECARE: 'Hemtjänst',
  INFO: 'Information',
  OPPOSED: 'Motsätter sig',
  PATINFO: 'Information till patienten',
  CHECK: 'Kontroll',
};

const SCOPE: Readonly<Record<(typeof SCOPES)[number], string>> = {
  SOC: 'Socialtjänst',
  KHSL: 'Kommunal hälso- och sjukvård',
  ROV: 'Regionens öppna vård',
  HOME: 'Hemtjänst',
};

const GROUND: Concepts = {
  LUS_2KAP: 'Lagen om samverkan vid utskrivning, 2 kap.',
  CONSENT: 'Samtycke',
  SAME_REGION: 'Inom regionen',
  CHILD_OR_ABUSE_OR_COMPULSORY: 'OSL 25 kap. 12 §',
  CANNOT_CONSENT: 'OSL 25 kap. 13 §',
  MENPROVNING: 'Menprövning',
  PRIVATE_PROVIDER: 'Privat vårdgivare',
  LPT_7A: 'LPT 7 a §',
};

const REASON: Concepts = {
  'ground-not-stated': 'Grund ej angiven',
  withdrawn: 'Återkallat',
  deceased: 'Avliden',
  'no-need': 'Inget behov',
  'came-late': 'Kom för sent',
  completed: 'Kompletterat',
  disproved: 'Stämde inte',
};

const PROTECTION: Concepts = {
  fingeradePersonuppgifter: 'Fingerade personuppgifter',
  unknown: 'Skyddad identitet av okänt slag',
};

const DEVIATION: Concepts = Object.fromEntries(DEVIATION_CODES.map((code) => [code, DEVIATION_NAMES[code]]));
const TASK: Concepts = TASK_NAMES;

/** OBX-5 of a coded fact; more values come with more facts, so the list is a fragment. */
const FACT_VALUE: Concepts = { ...SCOPE, ...GROUND, NONE: 'Inget', Y: 'Ja', N: 'Nej' };

function codeSystem(url: string, title: string, concepts: Concepts, content: CodeSystem['content'] = 'complete') {
  const system: CodeSystem = {
    resourceType: 'CodeSystem',
    ...definitionHead(url, title, title),
    caseSensitive: true,
    content,
    ...(content === 'not-present'
      ? {}
      : { concept: Object.entries(concepts).map(([code, display]) => ({ code, display })) }),
  };
  return system;
}

function valueSet(name: string, title: string, system: string, codes?: readonly string[]): ValueSet {
  const concept = codes?.map((code) => ({ code }));
  return {
    resourceType: 'ValueSet',
    ...definitionHead(`${FHIR_BASE}/ValueSet/${name}`, title, title),
    compose: { include: [{ system, ...(concept === undefined ? {} : { concept }) }] },
  };
}

/** The code systems that the outside may rely on (contract 4). */
export function codeSystems(): CodeSystem[] {
  return [
    codeSystem(SYSTEM.notice, 'Underrättelser', NOTICE),
    codeSystem(SYSTEM.fact, 'Uppgifter i OBX', FACT),
    codeSystem(SYSTEM.factValue, 'Värden av uppgifter i OBX', FACT_VALUE, 'fragment'),
    codeSystem(SYSTEM.scope, 'Insatser', SCOPE),
    codeSystem(SYSTEM.ground, 'Grunder för att lämna uppgift', GROUND),
    codeSystem(SYSTEM.deviation, 'Avvikelser', DEVIATION),
    codeSystem(SYSTEM.deviationReason, 'Skäl till avvikelsens läge', REASON),
    codeSystem(SYSTEM.task, 'Uppgifter att utföra', TASK),
    codeSystem(SYSTEM.protection, 'Skyddad identitet utöver HL7 Sveriges koder', PROTECTION),
    // The codes are the table of errors in the code; they grow with it.
    codeSystem(SYSTEM.error, 'Felkoder', {}, 'not-present'),
  ];
}

/** What a code may be where only some of a system will do. */
export const VALUE_SET = {
  need: `${FHIR_BASE}/ValueSet/need`,
  scope: `${FHIR_BASE}/ValueSet/scope`,
  ground: `${FHIR_BASE}/ValueSet/ground`,
  deviation: `${FHIR_BASE}/ValueSet/deviation`,
  deviationReason: `${FHIR_BASE}/ValueSet/deviation-reason`,
  task: `${FHIR_BASE}/ValueSet/task`,
  fact: `${FHIR_BASE}/ValueSet/fact`,
} as const;

/** The value sets that profiles and extensions bind to. */
export function valueSets(): ValueSet[] {
  return [
    valueSet('need', 'Behov: hemtjänst är en omfattning av samtycke, inget behov', SYSTEM.scope, [
      'SOC',
      'KHSL',
      'ROV',
    ]),
    valueSet('scope', 'Insatser', SYSTEM.scope),
    valueSet('ground', 'Grunder', SYSTEM.ground),
    valueSet('deviation', 'Avvikelser', SYSTEM.deviation),
    valueSet('deviation-reason', 'Skäl', SYSTEM.deviationReason),
    valueSet('task', 'Uppgifter att utföra', SYSTEM.task),
    valueSet('fact', 'Uppgifter i OBX', SYSTEM.fact),
  ];
}
