import type { StructureDefinition } from 'fhir/r4.js';
import { ANSWER_CODES, DISCLOSURES, type AnswerCode, type Element } from '#libs/domain';
import { EXTENSION, PROFILE, SYSTEM } from '#libs/fhir';
import { closedProfile, type ClosedProfile, type Rule } from './closed-profile.ts';
import { messageBundle } from './message-profile.ts';

/** A reference and nothing beside it. */
const ref = (more: Omit<Rule, 'only'> = {}): Rule => ({ min: 1, ...more, only: { reference: { min: 1 } } });

/** Parts of the extension `answer` in which an element of the domain's table stands; a text stands in the payload. */
const PARTS: Readonly<Partial<Record<Element, readonly string[]>>> = {
  'return-reason': ['reason'],
  'right-party': ['proposal'],
  obstacle: ['exists'],
  'found-where': ['where'],
  confirmed: ['confirmed'],
  contact: ['name', 'role', 'unit', 'telephone'],
  invited: ['invited'],
  'meeting-time': ['time'],
  thread: ['thread'],
  accepted: ['accepted'],
  'answered-proposal': ['thread'],
  'declined-by': ['by'],
  'plan-state': ['state'],
  'plan-items': ['item'],
  'plan-consent': ['consent'],
  'took-part': ['participant'],
  'absence-reason': ['absence'],
  units: ['invited'],
  plan: ['thread'],
  unit: ['invited'],
  'opposed-scopes': ['scope'],
  'case-owner': ['owner'],
  desk: ['desk'],
  'own-recipient': ['added'],
};
/** What says which answer it is, whose, and what it takes back. */
const FRAME = ['kind', 'answeredBy', 'undone'];

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' | ');
const CODE = 'category.coding.code.first()';

/** Of each code, what its row in the table lets through and no more: a constraint per code, made from the rows. */
function within(code: AnswerCode) {
  const rows = DISCLOSURES.filter(({ kinds }) => kinds.includes(code));
  const elements = rows.flatMap((row) => row.elements);
  const parts = [...FRAME, ...elements.flatMap((element) => PARTS[element] ?? [])];
  const isFree = rows.every(({ on }) => on === 'free');
  const holds = [
    `extension.where(url = '${EXTENSION.answer}').extension.all(url in (${quoted(parts)}))`,
    ...(elements.includes('text') ? [] : ['payload.empty()']),
    // What is taken back goes free: it tells nothing that was not told.
    isFree ? `${BASIS}.empty()` : `(status = 'entered-in-error' or ${BASIS}.exists())`,
  ];
  return {
    key: `bry-${code.toLowerCase()}`,
    human: `${code} holds what its row in the table of what may be said has, and nothing else`,
    expression: `${CODE} = '${code}' implies (${holds.join(' and ')})`,
  };
}
const BASIS = `extension.where(url = '${EXTENSION.disclosureBasis}')`;

const COMMUNICATION: ClosedProfile = {
  url: PROFILE.answerCommunication,
  type: 'Communication',
  title: 'Svar från en part: handlingen',
  description: 'Who says what about which notice, and on which ground. No person; what is not named here is forbidden.',
  shape: {
    extension: { extensions: [{ url: EXTENSION.answer, min: 1 }, { url: EXTENSION.disclosureBasis }] },
    identifier: { min: 1, max: '1', only: { system: { min: 1 }, value: { min: 1 } } },
    inResponseTo: ref({ min: 0, max: '1' }),
    status: {},
    category: {
      min: 1,
      max: '1',
      only: { coding: { min: 1, max: '1', only: { system: { min: 1 }, code: { min: 1 }, display: {} } } },
    },
    encounter: ref(),
    sent: { min: 1 },
    recipient: ref({ max: '1' }),
    sender: ref(),
    payload: { max: '1', only: { 'content[x]': { say: { type: [{ code: 'string' }] } } } },
  },
  constraints: [
    ...ANSWER_CODES.map(within),
    {
      key: 'bry-undone',
      human: 'What is taken back is not told again',
      expression: `status = 'entered-in-error' implies payload.empty()`,
    },
  ],
};

const HEADER: ClosedProfile = {
  url: PROFILE.answerHeader,
  type: 'MessageHeader',
  title: 'Svar från en part: huvud',
  description: 'From one party to one recipient.',
  shape: {
    extension: { extensions: [] },
    'event[x]': {
      say: { type: [{ code: 'Coding' }] },
      only: { system: { min: 1, say: { fixedUri: SYSTEM.notice } }, code: { min: 1 }, display: {} },
    },
    destination: { min: 1, max: '1', only: { endpoint: {}, receiver: ref() } },
    sender: ref(),
    source: { only: { endpoint: {} } },
    focus: ref({ max: '1' }),
  },
};

/** The ward's own number of the visit is for the ward alone, which knows no id of the hub's. */
const ENCOUNTER: ClosedProfile = {
  url: PROFILE.answerEncounter,
  type: 'Encounter',
  title: 'Svar från en part: vårdtillfället',
  description: 'Which stay, and nothing of it.',
  shape: {
    extension: { extensions: [] },
    identifier: { max: '1', only: { system: { min: 1 }, value: { min: 1 } } },
    status: { say: { fixedCode: 'unknown' } },
    class: { say: { patternCoding: { system: SYSTEM.actCode, code: 'IMP' } }, only: { system: {}, code: {} } },
  },
};

const ORGANIZATION: ClosedProfile = {
  url: PROFILE.answerOrganization,
  type: 'Organization',
  title: 'Svar från en part: parten eller mottagaren',
  description: 'A name.',
  shape: { extension: { extensions: [] }, name: { min: 1 } },
};

/** What a party says, told on to the ward or to one who is called to a plan: no person stands in it. */
export function answerProfiles(): StructureDefinition[] {
  const message = messageBundle(
    PROFILE.answerMessage,
    'Svar från en part',
    [
      {
        key: 'bry-answer-told',
        human: 'The focus is the Communication, and its recipient is the receiver',
        expression:
          'entry.resource.ofType(MessageHeader).focus.reference = ' +
          "('Communication/' + entry.resource.ofType(Communication).id) and " +
          'entry.resource.ofType(MessageHeader).destination.receiver.reference = ' +
          'entry.resource.ofType(Communication).recipient.reference',
      },
      {
        key: 'bry-answer-code',
        human: 'The message has the code of the answer',
        expression:
          'entry.resource.ofType(MessageHeader).event.code = ' +
          'entry.resource.ofType(Communication).category.coding.code',
      },
    ],
    [
      { name: 'header', type: 'MessageHeader', min: 1, max: '1', profile: PROFILE.answerHeader },
      { name: 'communication', type: 'Communication', min: 1, max: '1', profile: PROFILE.answerCommunication },
      { name: 'encounter', type: 'Encounter', min: 1, max: '1', profile: PROFILE.answerEncounter },
      { name: 'organization', type: 'Organization', min: 2, max: '2', profile: PROFILE.answerOrganization },
    ],
  );
  return [message, ...[HEADER, COMMUNICATION, ENCOUNTER, ORGANIZATION].map(closedProfile)];
}
