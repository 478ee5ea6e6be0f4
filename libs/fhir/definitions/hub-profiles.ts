import type { StructureDefinition } from 'fhir/r4.js';
import { EXTENSION, PROFILE, SYSTEM } from '#libs/fhir';
import { closedProfile, type ClosedProfile, type Rule } from './closed-profile.ts';
import { VALUE_SET } from './code-systems.ts';
import { messageBundle } from './message-profile.ts';
import { answerProfiles } from './answer-profiles.ts';

const ref = (more: Omit<Rule, 'only'> = {}): Rule => ({ min: 1, ...more, only: { reference: { min: 1 } } });
const HUB: Rule = { min: 1, only: { type: {}, display: { say: { fixedString: 'Bryggan' } } } };
const coded = (valueSet: string): Rule => ({
  min: 1,
  max: '1',
  say: { binding: { strength: 'required', valueSet } },
  only: { coding: { min: 1, max: '1', only: { system: { min: 1 }, code: { min: 1 }, display: {} } } },
});
const IDENTIFIER: Rule = { max: '1', only: { system: { min: 1 }, value: { min: 1 } } };

const RECEIPT: ClosedProfile = {
  url: PROFILE.receipt,
  type: 'Communication',
  title: 'Kvitto: underrättelsen är framme',
  description: 'For the sender: which notice, to whom, sent and received. No person and no content (rules 12.5).',
  shape: {
    extension: { extensions: [] },
    identifier: { ...IDENTIFIER, min: 1 },
    inResponseTo: ref({ min: 0 }),
    status: {},
    category: {
      min: 1,
      max: '1',
      only: {
        coding: {
          min: 1,
          max: '1',
          only: { system: { min: 1, say: { fixedUri: SYSTEM.notice } }, code: { min: 1 }, display: {} },
        },
      },
    },
    encounter: ref(),
    sent: { min: 1 },
    received: { min: 1 },
    recipient: ref({ max: '1' }),
  },
};

const DEVIATION: ClosedProfile = {
  url: PROFILE.deviation,
  type: 'DetectedIssue',
  title: 'Avvikelse',
  description:
    'What did not come, whose it is, which rule and which evidence. FHIR means a clinical issue; here it is an issue of ' +
    'coordination. No person stands in it: a report between parties carries no identity (rules 12.5).',
  shape: {
    extension: {
      extensions: [
        { url: EXTENSION.deviationRule, min: 1 },
        { url: EXTENSION.deviationDue, min: 1 },
        { url: EXTENSION.deviationParty, min: 1 },
        { url: EXTENSION.deviationSeverity, min: 1 },
        { url: EXTENSION.deviationOccasion },
        { url: EXTENSION.deviationReason, max: '2' },
      ],
    },
    status: {},
    code: coded(VALUE_SET.deviation),
    severity: { min: 1 },
    'identified[x]': { min: 1, say: { type: [{ code: 'dateTime' }] } },
    author: HUB,
    implicated: ref({ max: '1' }),
    evidence: { max: '1', only: { detail: ref() } },
  },
  constraints: [
    {
      key: 'bry-deviation-status',
      human: 'Suspected, open or closed (contract 4)',
      expression: "status = 'preliminary' or status = 'final' or status = 'cancelled'",
    },
  ],
};

const TASK: ClosedProfile = {
  url: PROFILE.task,
  type: 'Task',
  title: 'Uppgift att utföra',
  description: 'A duty on one owner with its clock, about a stay. No person stands in it.',
  shape: {
    extension: { extensions: [] },
    identifier: IDENTIFIER,
    status: {},
    intent: { say: { fixedCode: 'order' } },
    code: coded(VALUE_SET.task),
    description: { min: 1 },
    focus: ref(),
    encounter: ref(),
    executionPeriod: { only: { start: { min: 1 } } },
    authoredOn: { min: 1 },
    lastModified: { min: 1 },
    requester: HUB,
    owner: ref(),
    reasonReference: ref(),
    restriction: { min: 1, only: { period: { min: 1, only: { end: { min: 1 } } } } },
  },
};

/** An event is for the hub's own eyes: it is open, but for its frame (contract 2). */
const eventMessage = () =>
  messageBundle(
    PROFILE.eventMessage,
    'Händelse: ett meddelande från en avsändare',
    [
      {
        key: 'bry-trigger',
        human: 'The event is a trigger of HL7 v2, or the code of a notice that came by FHIR or form',
        expression:
          `entry.resource.ofType(MessageHeader).event.system = '${SYSTEM.trigger}' or ` +
          `entry.resource.ofType(MessageHeader).event.system = '${SYSTEM.notice}'`,
      },
      {
        key: 'bry-course',
        human: 'The header says what the message does to the stay',
        expression: `entry.resource.ofType(MessageHeader).extension('${EXTENSION.eventCourse}').count() = 1`,
      },
      {
        key: 'bry-focus',
        human: 'The focus is the Encounter',
        expression:
          'entry.resource.ofType(MessageHeader).focus.reference = ' +
          "('Encounter/' + entry.resource.ofType(Encounter).id)",
      },
      {
        key: 'bry-label',
        human: 'The label of a protected person or visit is on every resource (SE-24)',
        expression:
          `(entry.resource.ofType(Patient) | entry.resource.ofType(Encounter)).extension('${EXTENSION.protection}')` +
          '.exists() implies entry.resource.all(meta.security.exists())',
      },
    ],
    [
      { name: 'header', type: 'MessageHeader', min: 1, max: '1' },
      { name: 'encounter', type: 'Encounter', min: 1, max: '1' },
      { name: 'patient', type: 'Patient', min: 1, max: '1' },
      { name: 'organization', type: 'Organization', min: 1, max: '2' },
      { name: 'fact', type: 'Observation', min: 0, max: '*' },
    ],
  );

/** What a party says, for the hub's own eyes: the answer, the party, and no person. */
const partyEventMessage = () =>
  messageBundle(
    PROFILE.partyEventMessage,
    'Händelse: ett svar från en part',
    [
      {
        key: 'bry-answer-focus',
        human: 'The focus is the Communication, and the message has its code',
        expression:
          'entry.resource.ofType(MessageHeader).focus.reference = ' +
          "('Communication/' + entry.resource.ofType(Communication).id) and " +
          'entry.resource.ofType(MessageHeader).event.code = ' +
          'entry.resource.ofType(Communication).category.coding.code',
      },
      {
        key: 'bry-answer-of',
        human: 'The answer names the stay, and the party that gives it',
        expression:
          'entry.resource.ofType(Communication).encounter.exists() and ' +
          'entry.resource.ofType(Communication).sender.reference = ' +
          "('Organization/' + entry.resource.ofType(Organization).id)",
      },
    ],
    [
      { name: 'header', type: 'MessageHeader', min: 1, max: '1' },
      { name: 'communication', type: 'Communication', min: 1, max: '1' },
      { name: 'organization', type: 'Organization', min: 1, max: '1' },
    ],
  );

/** What a sender says of a person beside any stay, for the hub's own eyes. */
const personEventMessage = () =>
  messageBundle(
    PROFILE.personEventMessage,
    'Händelse: ett meddelande om en person',
    [
      {
        key: 'bry-person',
        human: 'The header says what the message says of the person, and every id that the person may be known by',
        expression:
          `entry.resource.ofType(MessageHeader).extension('${EXTENSION.eventCourse}').count() = 1 and ` +
          `entry.resource.ofType(MessageHeader).extension('${EXTENSION.eventPerson}').exists()`,
      },
      {
        key: 'bry-person-focus',
        human: 'The focus is the Patient',
        expression:
          'entry.resource.ofType(MessageHeader).focus.reference = ' +
          "('Patient/' + entry.resource.ofType(Patient).id)",
      },
    ],
    [
      { name: 'header', type: 'MessageHeader', min: 1, max: '1' },
      { name: 'patient', type: 'Patient', min: 1, max: '1' },
    ],
  );

/** That a party was told beside the hub (TEK-02): by what, when and whom, and nothing of what was said. */
const recordedCallMessage = () =>
  messageBundle(
    PROFILE.recordedCallMessage,
    'Händelse: ett samtal eller fax utanför hubben',
    [
      {
        key: 'bry-call-focus',
        human: 'The focus is the Communication, which says whom it reached and in which stay',
        expression:
          'entry.resource.ofType(MessageHeader).focus.reference = ' +
          "('Communication/' + entry.resource.ofType(Communication).id) and " +
          'entry.resource.ofType(Communication).encounter.exists() and ' +
          'entry.resource.ofType(Communication).recipient.exists() and ' +
          'entry.resource.ofType(Communication).payload.empty()',
      },
    ],
    [
      { name: 'header', type: 'MessageHeader', min: 1, max: '1' },
      { name: 'communication', type: 'Communication', min: 1, max: '1' },
      { name: 'organization', type: 'Organization', min: 1, max: '1' },
    ],
  );

const planned = [{ url: EXTENSION.plannedEndDate }];

/** The stay and the person as a party's view holds them: what all its notices together told, and no more. */
const PARTY_ENCOUNTER: ClosedProfile = {
  url: PROFILE.partyEncounter,
  type: 'Encounter',
  title: 'Vårdtillfället i en parts vy',
  description: 'What the notices to this party told of the stay, together (architecture 3, 5).',
  shape: {
    extension: { extensions: [...planned, { url: EXTENSION.previousPlannedEndDate }] },
    status: {},
    class: { only: { system: { min: 1 }, code: { min: 1, say: { fixedCode: 'IMP' } } } },
    subject: ref(),
    period: { only: { end: { min: 1 } } },
  },
};

/** Profiles of what is no notice. */
export function hubProfiles(): StructureDefinition[] {
  return [
    eventMessage(),
    personEventMessage(),
    partyEventMessage(),
    recordedCallMessage(),
    ...answerProfiles(),
    ...[RECEIPT, DEVIATION, TASK, PARTY_ENCOUNTER].map(closedProfile),
  ];
}
