/**
 * The elements of R4 (4.0.1) that our closed profiles go through, by type or backbone path. A profile that forbids "everything
 * else" can only forbid what stands here, so each list is whole. A name alone is a primitive or a type that no profile
 * of ours allows; `name:Type` says whose elements stand below.
 */
const RESOURCE = 'id meta:Meta implicitRules language text contained extension modifierExtension';
const BACKBONE = 'id extension modifierExtension';
const DATA = 'id extension';

const LISTS: Readonly<Record<string, string>> = {
  Bundle:
    'id meta:Meta implicitRules language identifier:Identifier type timestamp total link entry:Bundle.entry signature',
  'Bundle.entry': `${BACKBONE} link fullUrl resource search request response`,
  MessageHeader:
    `${RESOURCE} event[x]:Coding destination:MessageHeader.destination sender:Reference enterer author ` +
    'source:MessageHeader.source responsible reason response focus:Reference definition',
  'MessageHeader.destination': `${BACKBONE} name target endpoint receiver:Reference`,
  'MessageHeader.source': `${BACKBONE} name software version contact endpoint`,
  Communication:
    `${RESOURCE} identifier:Identifier instantiatesCanonical instantiatesUri basedOn partOf inResponseTo:Reference ` +
    'status statusReason category:CodeableConcept priority medium subject:Reference topic about encounter:Reference ' +
    'sent received recipient:Reference sender:Reference reasonCode reasonReference payload:Communication.payload note',
  'Communication.payload': `${BACKBONE} content[x]`,
  Encounter:
    `${RESOURCE} identifier:Identifier status statusHistory class:Coding classHistory type serviceType priority ` +
    'subject:Reference episodeOfCare basedOn participant appointment period:Period length reasonCode reasonReference ' +
    'diagnosis account hospitalization location serviceProvider partOf',
  Patient:
    `${RESOURCE} identifier:Identifier active name:HumanName telecom gender birthDate deceased[x] address:Address ` +
    'maritalStatus multipleBirth[x] photo contact communication generalPractitioner managingOrganization link',
  Organization: `${RESOURCE} identifier active type name alias telecom address partOf contact endpoint`,
  Provenance:
    `${RESOURCE} target:Reference occurred[x] recorded policy location reason activity:CodeableConcept ` +
    'agent:Provenance.agent entity:Provenance.entity signature',
  'Provenance.agent': `${BACKBONE} type role who:Reference onBehalfOf`,
  'Provenance.entity': `${BACKBONE} role what:Reference agent`,
  DetectedIssue:
    `${RESOURCE} identifier status code:CodeableConcept severity patient identified[x] author:Reference ` +
    'implicated:Reference evidence:DetectedIssue.evidence detail reference mitigation',
  'DetectedIssue.evidence': `${BACKBONE} code detail:Reference`,
  Task:
    `${RESOURCE} identifier:Identifier instantiatesCanonical instantiatesUri basedOn groupIdentifier partOf status ` +
    'statusReason businessStatus intent priority code:CodeableConcept description focus:Reference for ' +
    'encounter:Reference executionPeriod:Period authoredOn lastModified requester:Reference performerType ' +
    'owner:Reference location reasonCode reasonReference:Reference insurance note relevantHistory ' +
    'restriction:Task.restriction input output',
  'Task.restriction': `${BACKBONE} repetitions period:Period recipient`,
  Meta: `${DATA} versionId lastUpdated source profile security:Coding tag`,
  Identifier: `${DATA} use type system value period assigner`,
  CodeableConcept: `${DATA} coding:Coding text`,
  Coding: `${DATA} system version code display userSelected`,
  Reference: `${DATA} reference type identifier display`,
  Period: `${DATA} start end`,
  HumanName: `${DATA} use text family given prefix suffix period`,
  Address: `${DATA} use type text line city district state postalCode country period`,
};

/** One element of a type: its name, and the type whose elements stand below it. */
export interface BaseElement {
  readonly name: string;
  readonly type?: string;
}

/** The elements of a type in their order; the type must stand in the table. */
export function elementsOf(type: string): readonly BaseElement[] {
  const list = LISTS[type];
  if (list === undefined) throw new Error(`no elements of ${type} in the table`);
  return list.split(' ').map((entry) => {
    const at = entry.indexOf(':');
    return at < 0 ? { name: entry } : { name: entry.slice(0, at), type: entry.slice(at + 1) };
  });
}
