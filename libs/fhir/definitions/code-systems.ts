import type { CodeSystem, CodeSystemConcept, ValueSet } from 'fhir/r4.js';
import {
  ABSENCE_REASONS,
  ANSWER_CODES,
  type ClosingReason,
  COURSES,
  DEVIATION_CODES,
  DEVIATIONS,
  GROUND_NAMES,
  type IdentityCertainty,
  type OpenReason,
  OPERATOR_COURSES,
  PERSON_COURSES,
  PLAN_ITEMS,
  PLAN_PARTICIPANTS,
  PLAN_STATES,
  type Scope,
  TASK_CODES,
} from '#libs/domain';
import {
  COURSE_NAMES,
  FACT_NAMES,
  FHIR_BASE,
  INCOMING_KINDS,
  NOTICE_CODES,
  NOTICE_NAMES,
  SYSTEM,
  TASK_NAMES,
} from '#libs/fhir';
import { ERRORS } from '#libs/platform';
import { definitionHead } from './closed-profile.ts';

type Concepts = Readonly<Record<string, string>>;

/** Contract 4: all of it, also what the hub does not tell, since others build on the list. Of what it tells, its registry names it. */
export const NOTICE: Concepts = {
  NEED: 'Behov av insatser bedömt',
  CONSENT: 'Samtycke',
  BASIS: 'Grund för att lämna uppgift',
  TRANSFER: 'Överflyttning',
  'LEAVE-START': 'Permission börjar',
  'LEAVE-END': 'Permission slutar',
  DECEASED: 'Avliden',
  'OPT-APPLIED': 'Ansökan om öppen psykiatrisk tvångsvård',
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
  'CASE-OWNER': 'Ärendeansvarig',
  RECIPIENT: 'Egen mottagare tillagd',
  RELEASE: 'Mottagare vald av en människa',
  UNDO: 'Beslut om mottagare taget tillbaka',
  DIRECTORY: 'Mottagare prövade på nytt efter ändring i katalogen',
  'SIP-PROPOSE': 'Förslag till tid för planering',
  'SIP-REPLY': 'Svar på förslag till tid',
  'SIP-DECLINED': 'Planering avböjd',
  'SIP-PLAN': 'Samordnad individuell plan',
  SVPL: 'Samordnad vårdplan',
  'SVPL-ADJ': 'Samordnad vårdplan justerad',
  OPPOSED: 'Patienten motsätter sig',
  ACK: 'Teknisk kvittens',
  ...NOTICE_NAMES,
};

const SCOPE: Readonly<Record<Scope, string>> = {
  SOC: 'Socialtjänst',
  KHSL: 'Kommunal hälso- och sjukvård',
  ROV: 'Regionens öppna vård',
  HOME: 'Hemtjänst',
};

const OPEN_REASON: Readonly<Record<OpenReason, string>> = { 'ground-not-stated': 'Grund ej angiven' };

const CLOSING_REASON: Readonly<Record<ClosingReason, string>> = {
  withdrawn: 'Återkallat',
  deceased: 'Avliden',
  'no-need': 'Inget behov',
  'came-late': 'Kom för sent',
  completed: 'Kompletterat',
  disproved: 'Stämde inte',
};

const IDENTITY_CERTAINTY: Readonly<Record<IdentityCertainty, string>> = {
  styrkt: 'Styrkt identitet',
  sannolik: 'Sannolik identitet',
  osaker: 'Osäker identitet',
};

const PROTECTION: Concepts = {
  fingeradePersonuppgifter: 'Fingerade personuppgifter',
  unknown: 'Skyddad identitet av okänt slag',
};

/** What an answer says in a code (`Communication.reasonCode`, extension `plan`). */
const ANSWER: Concepts = {
  'NOT-REGISTERED-HERE': 'Inte folkbokförd här',
  'NOT-LISTED-HERE': 'Inte listad här',
  'OTHER-UNIT': 'En annan enhet',
  yes: 'Ja',
  no: 'Nej',
  unknown: 'Okänt',
  admitted: 'Påträffad inskriven',
  home: 'Påträffad hemma',
  appointed: 'Ny fast vårdkontakt',
  confirmed: 'Befintlig fast vårdkontakt bekräftad',
  accepted: 'Tiden passar',
  declined: 'Tiden passar inte',
  PERSON: 'Den enskilde',
  PARTY: 'Den som kallades',
  made: 'Upprättad',
  revised: 'Reviderad',
  closed: 'Avslutad',
  MEASURES: 'Vilka insatser som behövs',
  RESPONSIBILITIES: 'Vilka insatser respektive huvudman svarar för',
  OTHERS: 'Åtgärder av andra än region och kommun',
  LEAD: 'Vem som har det övergripande ansvaret',
  RELATIVE: 'Närstående som den enskilde har valt',
  MUNICIPALITY: 'Kommunen',
  REGION: 'Regionen',
  OTHER: 'Annan',
  DECLINED: 'Ville inte delta',
  UNABLE: 'Kunde inte delta',
};

/** Keys of a reply (`schemas/forms/reply.json`), as types of a Task's outputs. */
const REPLY_PART: Concepts = {
  grounds: 'Grund för att lämna uppgiften',
  answeredBy: 'Id på den som svarade',
  withdraws: 'Id på det svar som återtas',
  replaces: 'Id på det svar som ersätts',
  exists: 'Hinder enligt 5 kap. 5 §',
  where: 'Var personen påträffades',
  text: 'Text',
  question: 'Id på frågan',
  confirmed: 'Befintlig fast vårdkontakt',
  'contact-name': 'Fast vårdkontakt: namn',
  'contact-role': 'Fast vårdkontakt: befattning',
  'contact-unit': 'Fast vårdkontakt: enhet',
  'contact-telephone': 'Fast vårdkontakt: telefon',
  invited: 'Kallad part',
  at: 'Tid för planeringen',
  proposal: 'Id på förslaget eller kallelsen',
  accepted: 'Om tiden passar',
  by: 'Vem som avböjde',
  state: 'Planens läge',
  items: 'Punkt som planen har',
  consent: 'Om den enskilde samtycker till planen',
  tookPart: 'Vem som deltog',
  absence: 'Varför den enskilde inte deltog',
  units: 'Enhet som ska justera planen',
  plan: 'Id på planen',
  unit: 'Enhet som justerar',
  owner: 'Part vars ärendet är',
  desk: 'Mottagning hos parten',
  recipient: 'Egen mottagare som parten lägger till',
  'home-awayFrom': 'Till hemtjänsten: borta från',
  'home-homeFrom': 'Till hemtjänsten: hemma från',
  'home-unchanged': 'Till hemtjänsten: om insatserna är oförändrade',
  'home-call': 'Till hemtjänsten: vem de kan ringa',
  scopes: 'Insats som den enskilde motsätter sig att uppgift lämnas om',
};

/** OBX-5 of a coded fact; more values come with more facts, so the list is a fragment. */
const FACT_VALUE: Concepts = { ...SCOPE, ...GROUND_NAMES, NONE: 'Inget', Y: 'Ja', N: 'Nej' };

/**
 * A deviation by the row that holds now (DEC-34). A deviation keeps the name of the row that it was judged by, so that names
 * of earlier rows stay right as designations.
 */
function deviationConcepts(): CodeSystemConcept[] {
  return DEVIATIONS.map(({ code, rows }) => {
    const row = rows.at(-1) ?? rows[0];
    const earlier = [...new Set(rows.map(({ name }) => name))].filter((name) => name !== row.name);
    return {
      code,
      display: row.name,
      definition: `${row.statute}; ${row.version}`,
      ...(earlier.length === 0 ? {} : { designation: earlier.map((value) => ({ language: 'sv', value })) }),
    };
  });
}

/** The table of errors: what went wrong, and what to do. The name is what findings on an event call it. */
function errorConcepts(): CodeSystemConcept[] {
  return Object.entries(ERRORS).map(([name, { code, text, remedy }]) => ({
    code,
    display: text,
    definition: remedy,
    property: [{ code: 'name', valueString: name }],
  }));
}

const named = (concepts: Concepts): CodeSystemConcept[] =>
  Object.entries(concepts).map(([code, display]) => ({ code, display }));

function codeSystem(url: string, title: string, concept: CodeSystemConcept[], more: Partial<CodeSystem> = {}) {
  const system: CodeSystem = {
    resourceType: 'CodeSystem',
    ...definitionHead(url, title, title),
    caseSensitive: true,
    content: 'complete',
    ...more,
    concept,
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
    codeSystem(SYSTEM.notice, 'Underrättelser', named(NOTICE)),
    codeSystem(
      SYSTEM.course,
      'Vad ett meddelande gör med vårdtillfället, eller säger om personen',
      named(COURSE_NAMES),
    ),
    codeSystem(SYSTEM.fact, 'Uppgifter i OBX', named(FACT_NAMES)),
    codeSystem(SYSTEM.factValue, 'Värden av uppgifter i OBX', named(FACT_VALUE), { content: 'fragment' }),
    codeSystem(SYSTEM.scope, 'Insatser', named(SCOPE)),
    codeSystem(SYSTEM.ground, 'Grunder för att lämna uppgift', named(GROUND_NAMES)),
    codeSystem(SYSTEM.deviation, 'Avvikelser', deviationConcepts()),
    codeSystem(SYSTEM.deviationReason, 'Skäl till avvikelsens läge', named({ ...OPEN_REASON, ...CLOSING_REASON })),
    codeSystem(SYSTEM.task, 'Uppgifter att utföra', named(TASK_NAMES)),
    codeSystem(SYSTEM.answer, 'Vad ett svar säger', named(ANSWER)),
    codeSystem(SYSTEM.replyPart, 'Delar av ett svar som lämnas genom en uppgift', named(REPLY_PART)),
    codeSystem(SYSTEM.protection, 'Skyddad identitet utöver HL7 Sveriges koder', named(PROTECTION)),
    codeSystem(
      SYSTEM.identityCertainty,
      'Hur säker identiteten bakom ett samordningsnummer är',
      named(IDENTITY_CERTAINTY),
    ),
    codeSystem(SYSTEM.error, 'Felkoder', errorConcepts(), {
      property: [{ code: 'name', description: 'Felets namn, som anmärkningar på en händelse anger', type: 'string' }],
    }),
  ];
}

/** What a code may be where only some of a system will do. */
export const VALUE_SET = {
  need: `${FHIR_BASE}/ValueSet/need`,
  scope: `${FHIR_BASE}/ValueSet/scope`,
  identityCertainty: `${FHIR_BASE}/ValueSet/identity-certainty`,
  ground: `${FHIR_BASE}/ValueSet/ground`,
  deviation: `${FHIR_BASE}/ValueSet/deviation`,
  deviationReason: `${FHIR_BASE}/ValueSet/deviation-reason`,
  task: `${FHIR_BASE}/ValueSet/task`,
  fact: `${FHIR_BASE}/ValueSet/fact`,
  course: `${FHIR_BASE}/ValueSet/course`,
  answer: `${FHIR_BASE}/ValueSet/answer`,
  noticeIn: `${FHIR_BASE}/ValueSet/notice-in`,
  planState: `${FHIR_BASE}/ValueSet/plan-state`,
  planItem: `${FHIR_BASE}/ValueSet/plan-item`,
  planParticipant: `${FHIR_BASE}/ValueSet/plan-participant`,
  planAbsence: `${FHIR_BASE}/ValueSet/plan-absence`,
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
    valueSet('identity-certainty', 'Hur säker en identitet är', SYSTEM.identityCertainty),
    valueSet('ground', 'Grunder', SYSTEM.ground),
    valueSet('deviation', 'Avvikelser', SYSTEM.deviation),
    valueSet('deviation-reason', 'Skäl', SYSTEM.deviationReason),
    valueSet('task', 'Uppgifter att utföra', SYSTEM.task),
    valueSet('fact', 'Uppgifter i OBX', SYSTEM.fact),
    valueSet('course', 'Vad ett meddelande gör med vårdtillfället, eller säger om personen', SYSTEM.course),
    valueSet('answer', 'Vad ett svar säger', SYSTEM.answer),
    valueSet('notice-in', 'Slag av meddelanden som hubben tar emot', SYSTEM.notice, [...INCOMING_KINDS.keys()]),
    valueSet('plan-state', 'Planens läge', SYSTEM.answer, PLAN_STATES),
    valueSet('plan-item', 'Punkter som en plan ska ha', SYSTEM.answer, PLAN_ITEMS),
    valueSet('plan-participant', 'Vem som deltog i planeringen', SYSTEM.answer, PLAN_PARTICIPANTS),
    valueSet('plan-absence', 'Varför den enskilde inte deltog', SYSTEM.answer, ABSENCE_REASONS),
  ];
}

const oneOf = (codes: readonly string[]) => ({ enum: [...codes] });

/**
 * The codes that the JSON Schemas of the topics allow, `schemas/topics/codes.json`: the others refer to it, so that a new
 * code is nowhere listed by hand.
 */
export function topicCodes() {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'https://bryggan.example/schemas/topics/codes.json',
    title: 'Codes of records',
    description: 'Written from libs/fhir/definitions; do not edit by hand.',
    definitions: {
      course: oneOf(COURSES),
      personCourse: oneOf([...PERSON_COURSES, ...OPERATOR_COURSES]),
      notice: oneOf(NOTICE_CODES),
      answer: oneOf(ANSWER_CODES),
      task: oneOf(TASK_CODES),
      deviation: oneOf(DEVIATION_CODES),
    },
  };
}
