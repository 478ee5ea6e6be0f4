import { FHIR_BASE, IDENTIFIER_SYSTEM, SYSTEM } from '#libs/fhir';
import type { ResourceType } from '../view/row.ts';

/** Columns that a parameter can ask (view/row.ts). */
export type SearchColumn =
  'id' | 'status' | 'code' | 'actor' | 'encounter' | 'subject' | 'moment' | 'name' | 'updatedAt';

interface Parameter {
  readonly name: string;
  readonly documentation: string;
  /** Canonical of our own definition, where R4 has none or means something else. */
  readonly definition?: string;
}

/** A code: bare, or `system|code`. */
export interface TokenParameter extends Parameter {
  readonly type: 'token';
  readonly column: SearchColumn;
  /** Names of the system that its codes are of; absent: none (`_id`). */
  readonly systems?: readonly string[];
}
/** `id`, `Type/id`, or the absolute address of a resource of ours. */
export interface ReferenceParameter extends Parameter {
  readonly type: 'reference';
  readonly column: SearchColumn;
  readonly target: ResourceType;
}
export interface DateParameter extends Parameter {
  readonly type: 'date';
  readonly column: 'moment' | 'updatedAt';
}
export interface StringParameter extends Parameter {
  readonly type: 'string';
  readonly column: 'name';
  /** A person's: only in the body of `POST _search`. */
  readonly personal: boolean;
}
/** An identity of a person, only in the body of `POST _search`. No column holds it: Patient.id is made of it. */
export interface IdentifierParameter extends Parameter {
  readonly type: 'identifier';
  readonly column: SearchColumn;
}

export type SearchParameter =
  TokenParameter | ReferenceParameter | DateParameter | StringParameter | IdentifierParameter;

export interface TypeDefinition {
  readonly parameters: readonly SearchParameter[];
  /** Names that `_sort` takes, with the column of each. */
  readonly sort: Readonly<Record<string, 'moment' | 'updatedAt'>>;
  /** Names of reference parameters that `_include` takes. */
  readonly include: readonly string[];
  readonly documentation: string;
}

const HSA = [IDENTIFIER_SYSTEM.hsa, IDENTIFIER_SYSTEM.hsaInera];
const own = (type: ResourceType, name: string) => `${FHIR_BASE}/SearchParameter/${type}-${name}`;

const EVERYWHERE: readonly SearchParameter[] = [
  { name: '_id', type: 'token', column: 'id', documentation: 'Id, ett eller flera åtskilda med komma' },
  { name: '_lastUpdated', type: 'date', column: 'updatedAt', documentation: 'När resursen senast ändrades i denna vy' },
];

/** Of every type that is about a person. */
const person = (column: SearchColumn): readonly SearchParameter[] => [
  { name: 'subject', type: 'reference', column, target: 'Patient', documentation: 'Personen i anroparens vy' },
  { name: 'patient', type: 'reference', column, target: 'Patient', documentation: 'Som subject' },
  ...['subject:identifier', 'subject.identifier', 'patient:identifier', 'patient.identifier'].map(
    (name): IdentifierParameter => ({
      name,
      type: 'identifier',
      column,
      documentation: 'Personens identitet; endast i POST _search',
    }),
  ),
];

const stay = (type: ResourceType): readonly SearchParameter[] => {
  const standard = type === 'Communication' || type === 'Task';
  return [
    {
      name: 'encounter',
      type: 'reference',
      column: 'encounter',
      target: 'Encounter',
      documentation: 'Vårdtillfället',
      ...(standard ? {} : { definition: own(type, 'encounter') }),
    },
  ];
};

const status = (system: string, definition?: string): SearchParameter => ({
  name: 'status',
  type: 'token',
  column: 'status',
  systems: [system],
  documentation: 'Status',
  ...(definition === undefined ? {} : { definition }),
});

const hl7 = (name: string) => `http://hl7.org/fhir/${name}`;

/**
 * The one table of what can be searched: parsing, SQL and the CapabilityStatement all read it, so that no filter is taken
 * and not applied, and none is declared that does not work.
 */
export const TYPES: Readonly<Record<ResourceType, TypeDefinition>> = {
  Communication: {
    documentation: 'Meddelanden, ett per mottagare; ändras aldrig efter att de sänts, utom status när de återkallas',
    parameters: [
      ...EVERYWHERE,
      {
        name: 'category',
        type: 'token',
        column: 'code',
        systems: [SYSTEM.notice],
        documentation: 'Meddelandets slag, t.ex. INS',
      },
      {
        name: 'recipient',
        type: 'reference',
        column: 'actor',
        target: 'Organization',
        documentation: 'Mottagande part',
      },
      ...stay('Communication'),
      ...person('subject'),
      { name: 'sent', type: 'date', column: 'moment', documentation: 'Tiden som avsändarens skyldighet bedöms efter' },
      status(hl7('event-status')),
    ],
    sort: { _lastUpdated: 'updatedAt', sent: 'moment' },
    include: ['encounter', 'subject', 'recipient'],
  },
  Encounter: {
    documentation: 'Vårdtillfällen som anroparen har fått veta, eller själv har uppgett',
    parameters: [
      ...EVERYWHERE,
      {
        name: 'identifier',
        type: 'token',
        column: 'code',
        systems: [IDENTIFIER_SYSTEM.visit],
        documentation: 'Avsändarens eget id för vårdtillfället (PV1-19); finns endast i avsändarens vy',
      },
      ...person('subject'),
      status(hl7('encounter-status')),
    ],
    sort: { _lastUpdated: 'updatedAt' },
    include: ['subject'],
  },
  Task: {
    documentation: 'Uppgifter med en tidsgräns; var och en ser sina egna, operatören alla',
    parameters: [
      ...EVERYWHERE,
      { name: 'code', type: 'token', column: 'code', systems: [SYSTEM.task], documentation: 'Uppgiftens slag' },
      {
        name: 'owner',
        type: 'reference',
        column: 'actor',
        target: 'Organization',
        documentation: 'Den som ska göra den',
      },
      ...stay('Task'),
      { name: 'focus', type: 'reference', column: 'encounter', target: 'Encounter', documentation: 'Vårdtillfället' },
      {
        name: 'period',
        type: 'date',
        column: 'moment',
        definition: own('Task', 'period'),
        documentation: 'Tidsgränsen (restriction.period.end)',
      },
      status(hl7('task-status')),
    ],
    sort: { _lastUpdated: 'updatedAt', period: 'moment' },
    include: ['encounter', 'focus', 'owner'],
  },
  DetectedIssue: {
    documentation: 'Avvikelser som tillskrivs anroparen; operatören ser alla',
    parameters: [
      ...EVERYWHERE,
      {
        name: 'code',
        type: 'token',
        column: 'code',
        systems: [SYSTEM.deviation],
        documentation: 'Avvikelsens kod, t.ex. UTS-01',
      },
      {
        name: 'party',
        type: 'reference',
        column: 'actor',
        target: 'Organization',
        definition: own('DetectedIssue', 'party'),
        documentation: 'Parten som avvikelsen tillskrivs',
      },
      status(hl7('observation-status'), own('DetectedIssue', 'status')),
      { name: 'identified', type: 'date', column: 'moment', documentation: 'När den först konstaterades' },
      ...stay('DetectedIssue'),
      {
        name: 'implicated',
        type: 'reference',
        column: 'encounter',
        target: 'Encounter',
        documentation: 'Som encounter',
      },
    ],
    sort: { _lastUpdated: 'updatedAt', identified: 'moment' },
    include: ['encounter', 'implicated'],
  },
  Patient: {
    documentation:
      'Personer, endast inom det som sänts till eller uppgetts av anroparen; ingen sökning på skyddade personer',
    parameters: [
      ...EVERYWHERE,
      { name: 'identifier', type: 'identifier', column: 'id', documentation: 'Endast i POST _search' },
      {
        name: 'name',
        type: 'string',
        column: 'name',
        personal: true,
        documentation: 'Början av ett namn; endast i POST _search',
      },
    ],
    sort: { _lastUpdated: 'updatedAt' },
    include: [],
  },
  Organization: {
    documentation: 'Den öppna katalogen, och vårdgivare som nämnts i meddelanden till anroparen',
    parameters: [
      ...EVERYWHERE,
      { name: 'identifier', type: 'token', column: 'code', systems: HSA, documentation: 'HSA-id' },
      { name: 'name', type: 'string', column: 'name', personal: false, documentation: 'Början av ett ord i namnet' },
    ],
    sort: { _lastUpdated: 'updatedAt' },
    include: [],
  },
};

/** Parameters that a declaration lists: those with a modifier or a chain stand in the documentation of their base. */
export const declared = ({ parameters }: TypeDefinition): readonly SearchParameter[] =>
  parameters.filter(({ name }) => !/[:.]/.test(name));

/** True for a parameter that tells who a person is: never in a URL (contract 4). */
export const isPersonal = (parameter: SearchParameter): boolean =>
  parameter.type === 'identifier' || (parameter.type === 'string' && parameter.personal);
