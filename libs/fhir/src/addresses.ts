/** Canonical base of everything the hub defines (contract 4). It is a name, not a place: nothing is fetched from it. */
export const FHIR_BASE = 'https://bryggan.example/fhir';

const codeSystem = (name: string) => `${FHIR_BASE}/CodeSystem/${name}`;
const definition = (name: string) => `${FHIR_BASE}/StructureDefinition/${name}`;
const numbers = (name: string) => `${FHIR_BASE}/identifier/${name}`;

/** Code systems, by what their codes name. */
export const SYSTEM = {
  notice: codeSystem('notice'),
  course: codeSystem('course'),
  fact: codeSystem('fact'),
  factValue: codeSystem('fact-value'),
  scope: codeSystem('scope'),
  ground: codeSystem('ground'),
  deviation: codeSystem('deviation'),
  deviationReason: codeSystem('deviation-reason'),
  task: codeSystem('task'),
  answer: codeSystem('answer'),
  /** Keys of a reply, as types of the outputs of a Task. */
  replyPart: codeSystem('reply-part'),
  error: codeSystem('error'),
  protection: codeSystem('protection'),
  identityCertainty: codeSystem('identity-certainty'),
  trigger: 'http://terminology.hl7.org/CodeSystem/v2-0003',
  actCode: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  nullFlavor: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor',
  dataOperation: 'http://terminology.hl7.org/CodeSystem/v3-DataOperation',
  discharge: 'http://terminology.hl7.org/CodeSystem/discharge-disposition',
  securityLabel: 'http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel',
  medium: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationMode',
  municipality: 'urn:oid:1.2.752.129.2.2.1.17',
  snomed: 'http://snomed.info/sct',
} as const;

/** Identifier systems that the hub emits (standards 2, SE-1 to SE-6). */
export const IDENTIFIER_SYSTEM = {
  personnummer: 'http://electronichealth.se/identifier/personnummer',
  samordningsnummer: 'http://electronichealth.se/identifier/samordningsnummer',
  nationelltReservnummer: 'http://electronichealth.se/identifier/nationelltReservnummer',
  'LMA-nummer': 'http://electronichealth.se/identifier/LMA-nummer',
  'reservnummer-stockholm': 'urn:oid:1.2.752.97.3.1.3',
  hsa: 'urn:oid:1.2.752.29.4.19',
  /** RIV-TA's name of the same value space (SE-6): taken in, never emitted. */
  hsaInera: 'urn:oid:1.2.752.129.2.1.4.1',
  /** MSH-10: unique to its sender only. */
  controlId: numbers('message-control-id'),
  /** PV1-19: unique to its sender only. */
  visit: numbers('visit'),
  /** The act of a ward towards one recipient, the same however often it is worked out anew. */
  act: 'urn:ietf:rfc:3986',
  /** What sets apart Tasks of one code in a stay. */
  occasion: numbers('occasion'),
} as const;

/** Extensions, by what they hold. Our own unless the address says otherwise. */
export const EXTENSION = {
  // On events: what a fold needs and FHIR has no element for.
  eventOrigin: definition('event-origin'),
  eventCourse: definition('event-course'),
  eventOccurred: definition('event-occurred'),
  eventFinding: definition('event-finding'),
  /** On events of a person: an id that the person may be known by. */
  eventPerson: definition('event-person'),
  agreementTerms: definition('agreement-terms'),
  statedTime: definition('stated-time'),
  deleted: definition('deleted'),
  protection: definition('protection'),
  diedAt: definition('died-at'),
  scope: definition('scope'),
  factTime: definition('fact-time'),
  /** On facts of the first version, which may lie on `events` as long as that is kept. */
  ownTime: definition('own-time'),
  /** On party events: what the answer says and FHIR has no element for. */
  answer: definition('answer'),
  /** On a release of the operator: the role of the need that waited. */
  waitingRole: definition('waiting-role'),
  /** By which version of the directory a stay is decided anew, and from when that holds. */
  directoryVersion: definition('directory-version'),
  directoryFrom: definition('directory-from'),
  /** On messages that tell of a plan: which of its items are there. */
  plan: definition('plan'),
  /** On a co-ordination number. */
  identityCertainty: definition('identity-certainty'),
  // On addresses.
  seMunicipality: definition('se-municipality'),
  seDistrictBoard: definition('se-district-board'),
  seAddressType: 'http://hl7.se/fhir/ig/base/StructureDefinition/SEBaseAddressPersonExtension',
  dataAbsentReason: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
  // On notices.
  plannedEndDate: 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate',
  /** On a party's Encounter: what it was told before the latest change. */
  previousPlannedEndDate: definition('previous-planned-end-date'),
  disclosureBasis: definition('disclosure-basis'),
  recipientNeed: definition('recipient-need'),
  readySince: definition('ready-since'),
  decidedAt: definition('decided-at'),
  infoScope: definition('info-scope'),
  /** To who helps at home, and in the word of the party that lets it be told. */
  awayFrom: definition('away-from'),
  homeFrom: definition('home-from'),
  measuresUnchanged: definition('measures-unchanged'),
  whomToCall: definition('whom-to-call'),
  // On deviations (contract 4) and Tasks.
  deviationRule: definition('deviation-rule'),
  deviationDue: definition('deviation-due'),
  deviationParty: definition('deviation-party'),
  deviationReason: definition('deviation-reason'),
  deviationOccasion: definition('deviation-occasion'),
  deviationSeverity: definition('deviation-severity'),
  /** In the feed alone: what a row tells, and how a month was published. */
  deviationFeed: definition('deviation-feed'),
  feedMonth: definition('feed-month'),
} as const;

/**
 * Address of a profile of one kind of notice, or of the withdrawal of it where that has a code of its own.
 * @param code the category of the notice
 * @param part the resource that the profile constrains
 */
export function noticeProfile(code: string, part: 'message' | 'communication' | 'encounter' | 'patient'): string {
  return definition(`bryggan-${code.toLowerCase()}-${part}`);
}

/** Address of a profile of one kind of message that the hub takes from a role. */
export function incomingProfile(code: string, role: 'ward' | 'party', part: 'message' | 'communication'): string {
  return definition(`bryggan-in-${role}-${code.toLowerCase()}-${part}`);
}

/** Address of the MessageDefinition of a kind: as a role sends it to the hub, or as the hub tells it. */
export function messageDefinition(code: string, way: 'ward' | 'party' | 'out'): string {
  return `${FHIR_BASE}/MessageDefinition/${way === 'out' ? 'out' : `in-${way}`}-${code.toLowerCase()}`;
}

/** Profiles that are not of one kind of notice. */
export const PROFILE = {
  eventMessage: definition('bryggan-event-message'),
  partyEventMessage: definition('bryggan-party-event-message'),
  personEventMessage: definition('bryggan-person-event-message'),
  recordedCallMessage: definition('bryggan-recorded-call-message'),
  answerMessage: definition('bryggan-answer-message'),
  answerHeader: definition('bryggan-answer-header'),
  answerCommunication: definition('bryggan-answer-communication'),
  answerEncounter: definition('bryggan-answer-encounter'),
  answerOrganization: definition('bryggan-answer-organization'),
  noticeHeader: definition('bryggan-notice-header'),
  noticeOrganization: definition('bryggan-notice-organization'),
  noticeProvenance: definition('bryggan-notice-provenance'),
  receipt: definition('bryggan-receipt'),
  deviation: definition('bryggan-deviation'),
  task: definition('bryggan-task'),
  /** The stay in a party's own view: what all notices to it told together. */
  partyEncounter: definition('bryggan-party-encounter'),
} as const;
