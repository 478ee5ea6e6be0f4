/** Canonical base of everything the hub defines (contract 4). It is a name, not a place: nothing is fetched from it. */
export const FHIR_BASE = 'https://bryggan.example/fhir';

const definition = (name: string) => `${FHIR_BASE}/StructureDefinition/${name}`;

/** Extensions, by what they hold. Our own unless the address says otherwise. */
export const EXTENSION = {
  // On events: what a fold needs and FHIR has no element for.
  eventOrigin: definition('event-origin'),
  eventOccurred: definition('event-occurred'),
  agreementTerms: definition('agreement-terms'),
  statedTime: definition('stated-time'),
  deleted: definition('deleted'),
  scope: definition('scope'),
  ownTime: definition('own-time'),
  // On addresses.
  seMunicipality: definition('se-municipality'),
  seDistrictBoard: definition('se-district-board'),
  seAddressType: 'http://hl7.se/fhir/ig/base/StructureDefinition/SEBaseAddressPersonExtension',
  dataAbsentReason: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
  // On notices.
  plannedEndDate: 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate',
  disclosureBasis: definition('disclosure-basis'),
  recipientNeed: definition('recipient-need'),
  readySince: definition('ready-since'),
  infoScope: definition('info-scope'),
  // On deviations (contract 4) and Tasks.
  deviationRule: definition('deviation-rule'),
  deviationDue: definition('deviation-due'),
  deviationParty: definition('deviation-party'),
  deviationReason: definition('deviation-reason'),
  deviationOccasion: definition('deviation-occasion'),
  deviationSeverity: definition('deviation-severity'),
} as const;

/** Kinds of message that have a profile of their own, so that the validator enforces what each may carry (domain.md 12.4). */
export const NOTICE_PROFILES = ['ins', 'ins-withdrawn', 'but', 'utk', 'utk-withdrawn', 'uts', 'info'] as const;
export type NoticeProfile = (typeof NOTICE_PROFILES)[number];

/**
 * Address of a profile of one kind of notice.
 * @param kind the kind in lower case
 * @param part the resource it constrains
 */
export function noticeProfile(
  kind: NoticeProfile,
  part: 'message' | 'communication' | 'encounter' | 'patient',
): string {
  return definition(`bryggan-${kind}-${part}`);
}

/** Profiles that are not of one kind of notice. */
export const PROFILE = {
  eventMessage: definition('bryggan-event-message'),
  noticeHeader: definition('bryggan-notice-header'),
  noticeOrganization: definition('bryggan-notice-organization'),
  noticeProvenance: definition('bryggan-notice-provenance'),
  receipt: definition('bryggan-receipt'),
  deviation: definition('bryggan-deviation'),
  task: definition('bryggan-task'),
  /** The stay in a party's own view: what all notices to it told together. */
  partyEncounter: definition('bryggan-party-encounter'),
} as const;
