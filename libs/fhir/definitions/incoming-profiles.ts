import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';
import {
  DECLINED_BY,
  FACT_VALUES,
  PLAN_STATES,
  RETURN_REASONS,
  type AnswerCode,
  type FactCode,
  type PlanningCode,
} from '#libs/domain';
import { EXTENSION, IDENTIFIER_SYSTEM, INCOMING_KINDS, incomingProfile, SYSTEM, type WardKind } from '#libs/fhir';
import { definitionHead } from './closed-profile.ts';
import { NOTICE } from './code-systems.ts';

/*
 * Profiles of the messages that the hub takes: one for each kind and each role that may say it. They are open, for whatever
 * else a message holds is not read; what they ask for is what the reader asks for (libs/fhir/src/incoming, and the schema
 * of forms for what states no fact).
 */

interface Constraint {
  readonly key: string;
  readonly human: string;
  readonly expression: string;
}

/** A kind of message, and who says it. */
export interface IncomingProfile {
  readonly code: string;
  readonly role: 'ward' | 'party';
  /** Of a ward: the facts that it states, or that it speaks for the planning. */
  readonly ward?: WardKind;
}

/** Every kind by every role that may say it. */
export const INCOMING_PROFILES: readonly IncomingProfile[] = [...INCOMING_KINDS].flatMap(
  ([code, kind]): IncomingProfile[] => {
    if (kind.from === 'ward') return [{ code, role: 'ward', ward: kind }];
    if (kind.from === 'party') return [{ code, role: 'party' }];
    return [
      { code, role: 'party' },
      { code, role: 'ward', ...(kind.ofWard && { ward: kind.ofWard }) },
    ];
  },
);

const of = (type: string) => `entry.resource.ofType(${type})`;
const codedAs = (path: string, system: string, codes: readonly string[]) =>
  `${path}.coding.where(system = '${system}' and (${codes.map((code) => `code = '${code}'`).join(' or ')})).exists()`;
const said = (path: string, codes: readonly string[]) => codedAs(path, SYSTEM.answer, codes);

const SAYS_TEXT: Constraint = { key: 'bry-text', human: 'A text is there', expression: 'payload.content.exists()' };
const refersTo = (path: string, type: string) => `${path}.where(reference.contains('${type}/')).exists()`;
const SAID_BEFORE: Constraint = {
  key: 'bry-based-on',
  human: 'The earlier word is named by the id that the hub gave it',
  expression: `${refersTo('basedOn', 'Communication')} or basedOn.where(reference.startsWith('urn:uuid:') or identifier.value.startsWith('urn:uuid:')).exists()`,
};
const INVITED: Constraint = {
  key: 'bry-invited',
  human: 'Whom it concerns are its recipients',
  expression: refersTo('recipient', 'Organization'),
};
const reason = (codes: readonly string[]): Constraint => ({
  key: 'bry-reason',
  human: 'What it says is a code of CodeSystem/answer',
  expression: said('reasonCode', codes),
});

const ABOUT: Constraint = {
  key: 'bry-about',
  human: 'The party that is meant is there',
  expression: refersTo('about', 'Organization'),
};

/** What a Communication of each code must hold, unless it only takes back (schemas/forms/reply.json). */
const WORDS: Readonly<Record<AnswerCode, readonly Constraint[]>> = {
  KVI: [],
  PLAN: [],
  RET: [reason(RETURN_REASONS)],
  OBSTACLE: [reason(['yes', 'no', 'unknown'])],
  FOUND: [reason(['admitted', 'home'])],
  FVK: [],
  'PLAN-INFO': [SAYS_TEXT],
  QUERY: [SAYS_TEXT],
  ANSWER: [SAYS_TEXT, SAID_BEFORE],
  'SIP-CALL': [INVITED],
  'SIP-PROPOSE': [],
  'SIP-REPLY': [SAID_BEFORE, reason(['accepted', 'declined'])],
  'SIP-DECLINED': [reason(DECLINED_BY)],
  'SIP-PLAN': [
    { key: 'bry-plan', human: 'The plan is told of', expression: `extension('${EXTENSION.plan}').count() = 1` },
  ],
  SVPL: [reason(PLAN_STATES), INVITED],
  'SVPL-ADJ': [SAID_BEFORE],
  OPPOSED: [],
  'CASE-OWNER': [ABOUT],
  RECIPIENT: [ABOUT],
};

/** What must stand beside the Communication, unless it only takes back. */
const BESIDE: Readonly<Partial<Record<AnswerCode | PlanningCode, Constraint>>> = {
  FVK: {
    key: 'bry-contact',
    human: 'The fixed care contact is named',
    expression: `${of('PractitionerRole')}.practitioner.display.exists()`,
  },
  'SIP-PROPOSE': {
    key: 'bry-time',
    human: 'The time is that of an Appointment',
    expression: `${of('Appointment')}.start.exists()`,
  },
};

const isRemoval = `${of('Communication')}.status = 'entered-in-error'`;
const unlessRemoval = (one: Constraint): Constraint => ({
  ...one,
  expression: `${isRemoval} or (${one.expression})`,
});

/** What each kind of a ward must hold beside person, stay and visit. */
function wardConstraints({ code }: IncomingProfile, kind: WardKind): Constraint[] {
  const all: Constraint[] = [];
  if (kind.fact !== undefined) all.push(factConstraint(kind, kind.fact));
  if (kind.must === 'end') {
    const expression = `${of('Encounter')}.period.end.exists()`;
    all.push(unlessRemoval({ key: 'bry-end', human: `${code} says when the patient left`, expression }));
  }
  if (kind.must === 'expectedDischarge') {
    const expression = `${of('Encounter')}.extension('${EXTENSION.plannedEndDate}').exists()`;
    all.push(unlessRemoval({ key: 'bry-expected', human: 'The expected discharge is there', expression }));
  }
  return all;
}

/** The fact that the kind is, with a value that its code may have, and a status that says what is done to it (DEC-19). */
function factConstraint({ takesAway, value }: WardKind, fact: FactCode): Constraint {
  const own = `${of('Observation')}.where(${codedAs('code', SYSTEM.fact, [fact])})`;
  const { allowed } = FACT_VALUES[fact];
  const values = value === undefined ? (typeof allowed === 'object' ? allowed : undefined) : [value];
  const coded =
    values &&
    `value.coding.where(system = '${SYSTEM.factValue}' and (${values.map((one) => `code = '${one}'`).join(' or ')})).exists()`;
  const holds =
    coded === undefined
      ? '(value.exists() or component.exists())'
      : `(${coded} or value is string or value is boolean)`;
  const away = `where(status = 'entered-in-error').exists()`;
  return {
    key: 'bry-fact',
    human: `The Observation ${fact} is there, and its status says what is done to it`,
    expression: takesAway ? `${own}.${away}` : `iif(${isRemoval}, ${own}.${away}, ${own}.where(${holds}).exists())`,
  };
}

const frameOf = (code: string): readonly Constraint[] => [
  {
    key: 'bry-code',
    human: `The event is ${code}`,
    expression: `${of('MessageHeader')}.event.where(system = '${SYSTEM.notice}' and code = '${code}').exists() and ${of('MessageHeader')}.id.exists()`,
  },
  {
    key: 'bry-focus',
    human: 'The focus is the Communication',
    expression: `${of('MessageHeader')}.focus.where(reference.endsWith('Communication/' + %resource.${of('Communication')}.id)).exists()`,
  },
];
const WARD_FRAME: readonly Constraint[] = [
  {
    key: 'bry-sender',
    human: 'The sender is named as its agreement is: urn:bryggan:sender:<id>',
    expression: `${of('MessageHeader')}.source.endpoint.startsWith('urn:bryggan:sender:')`,
  },
  {
    key: 'bry-visit',
    human: 'The stay is named by the visit id of its sender',
    expression: `${of('Encounter')}.identifier.where(system = '${IDENTIFIER_SYSTEM.visit}').value.exists()`,
  },
];
const PERSON: Constraint = {
  key: 'bry-identity',
  human: 'The person has an identity of a known kind',
  expression: `${of('Patient')}.identifier.where(system.exists() and value.exists()).exists()`,
};
const PARTY_FRAME: readonly Constraint[] = [
  {
    key: 'bry-sender',
    human: 'The party is named by its id: urn:bryggan:party:<id>',
    expression: `${of('MessageHeader')}.source.endpoint.startsWith('urn:bryggan:party:')`,
  },
];

function messageConstraints(profile: IncomingProfile): Constraint[] {
  const beside = BESIDE[profile.code as AnswerCode];
  const words = profile.ward || !beside ? [] : [unlessRemoval(beside)];
  if (profile.role === 'party') return [...frameOf(profile.code), ...PARTY_FRAME, ...words];
  const ward = profile.ward ? [PERSON, ...wardConstraints(profile, profile.ward)] : words;
  return [...frameOf(profile.code), ...WARD_FRAME, ...ward];
}

const titleOf = ({ code, role }: IncomingProfile) =>
  `${NOTICE[code] ?? code}: meddelande från ${role === 'ward' ? 'en avdelning' : 'en part'}`;

function definition(
  url: string,
  type: string,
  title: string,
  constraints: readonly Constraint[],
  elements: readonly ElementDefinition[],
): StructureDefinition {
  const constraint = constraints.map((one) => ({ ...one, severity: 'error' as const }));
  const root: ElementDefinition = { id: type, path: type, ...(constraint.length > 0 && { constraint }) };
  return {
    resourceType: 'StructureDefinition',
    ...definitionHead(url, title, title),
    fhirVersion: '4.0.1',
    ...{ kind: 'resource', abstract: false, type, derivation: 'constraint' },
    baseDefinition: `http://hl7.org/fhir/StructureDefinition/${type}`,
    differential: { element: [root, ...elements] },
  };
}

/** One resource of the message that must be there: its slice, by type. */
function slice(name: string, type: string, max: string, profile?: string): ElementDefinition[] {
  const id = `Bundle.entry:${name}`;
  return [
    { id, path: 'Bundle.entry', sliceName: name, min: 1, max },
    {
      ...{ id: `${id}.resource`, path: 'Bundle.entry.resource', min: 1 },
      type: [{ code: type, ...(profile !== undefined && { profile: [profile] }) }],
    },
  ];
}

function message(profile: IncomingProfile): StructureDefinition {
  const { code, role, ward } = profile;
  const slicing = { discriminator: [{ type: 'type' as const, path: 'resource' }], ordered: false };
  return definition(incomingProfile(code, role, 'message'), 'Bundle', titleOf(profile), messageConstraints(profile), [
    { id: 'Bundle.id', path: 'Bundle.id', min: 1 },
    { id: 'Bundle.type', path: 'Bundle.type', fixedCode: 'message' },
    { id: 'Bundle.timestamp', path: 'Bundle.timestamp', min: 1 },
    { id: 'Bundle.entry', path: 'Bundle.entry', min: 2, max: '200', slicing: { ...slicing, rules: 'open' } },
    ...slice('header', 'MessageHeader', '1'),
    ...slice('communication', 'Communication', '1', incomingProfile(code, role, 'communication')),
    ...(role === 'ward' ? slice('encounter', 'Encounter', '1') : []),
    ...(ward ? slice('patient', 'Patient', '1') : []),
  ]);
}

function communication(profile: IncomingProfile): StructureDefinition {
  const { code, role, ward } = profile;
  const words = ward ? [] : WORDS[code as AnswerCode];
  const constraints = words.map((one) => ({
    ...one,
    expression: `status = 'entered-in-error' or (${one.expression})`,
  }));
  return definition(
    incomingProfile(code, role, 'communication'),
    'Communication',
    `${titleOf(profile)}: handlingen`,
    constraints,
    [
      ...(role === 'party'
        ? [{ id: 'Communication.inResponseTo', path: 'Communication.inResponseTo', min: 1, max: '1' }]
        : []),
      {
        ...{ id: 'Communication.category', path: 'Communication.category', min: 1 },
        patternCodeableConcept: { coding: [{ system: SYSTEM.notice, code }] },
      },
      ...(ward ? [{ id: 'Communication.subject', path: 'Communication.subject', min: 1 }] : []),
      { id: 'Communication.encounter', path: 'Communication.encounter', min: 1 },
    ],
  );
}

/** Two profiles for each kind and role: the message, and the act in it. */
export function incomingProfiles(): StructureDefinition[] {
  return INCOMING_PROFILES.flatMap((profile) => [message(profile), communication(profile)]);
}
