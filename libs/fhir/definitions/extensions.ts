import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';
import { EXTENSION } from '#libs/fhir';
import { VALUE_SET } from './code-systems.ts';
import { definitionHead } from './closed-profile.ts';

interface Part {
  readonly url: string;
  readonly type: string;
  readonly max?: string;
  readonly min?: number;
  /** That a code must be of. */
  readonly valueSet?: string;
}

interface Extension {
  readonly url: string;
  readonly title: string;
  readonly on: readonly string[];
  /** A simple extension: its type, and the value set that a code must be of. */
  readonly type?: string;
  readonly valueSet?: string;
  /** A complex one: its parts. */
  readonly parts?: readonly Part[];
}

const simple = (url: string, title: string, on: readonly string[], type: string, valueSet?: string): Extension => ({
  url,
  title,
  on,
  type,
  ...(valueSet === undefined ? {} : { valueSet }),
});

const DEVIATION = ['DetectedIssue'];

const OWN: readonly Extension[] = [
  {
    url: EXTENSION.eventOrigin,
    title: 'Var en händelse kommer ifrån',
    on: ['MessageHeader'],
    parts: [
      { url: 'inbound', type: 'string' },
      { url: 'ordinal', type: 'integer' },
      { url: 'revision', type: 'integer' },
      { url: 'intake', type: 'instant' },
      { url: 'stamp', type: 'decimal' },
      { url: 'at', type: 'instant' },
      { url: 'sender', type: 'string' },
      { url: 'register', type: 'code', min: 0 },
    ],
  },
  {
    url: EXTENSION.agreementTerms,
    title: 'Vad avtalet med avsändaren säger om händelsen',
    on: ['MessageHeader'],
    parts: [
      { url: 'organisation', type: 'string' },
      { url: 'careProvider', type: 'string' },
      { url: 'legalForm', type: 'code' },
      { url: 'ins', type: 'code' },
      { url: 'impliedNeed', type: 'code', min: 0, max: '*' },
      { url: 'info', type: 'code' },
      { url: 'patientInformation', type: 'code', min: 0 },
      { url: 'clock', type: 'code' },
      { url: 'connectedFrom', type: 'date' },
    ],
  },
  {
    url: EXTENSION.eventFinding,
    title: 'Vad som inte stämde i ett meddelande som togs emot ändå',
    on: ['MessageHeader'],
    parts: [
      { url: 'grade', type: 'code' },
      { url: 'code', type: 'code' },
      { url: 'place', type: 'string' },
    ],
  },
  {
    url: EXTENSION.answer,
    title: 'Vad ett svar säger utöver sin kod',
    on: ['Communication'],
    parts: [
      { url: 'kind', type: 'code' },
      ...['reason', 'exists', 'where', 'by', 'state', 'absence', 'unchanged'].map((url) => ({
        url,
        type: 'code',
        min: 0,
      })),
      ...['item', 'participant', 'scope'].map((url) => ({ url, type: 'code', min: 0, max: '*' })),
      ...['confirmed', 'accepted', 'consent'].map((url) => ({ url, type: 'boolean', min: 0 })),
      { url: 'invited', type: 'string', min: 0, max: '*' },
      ...['time', 'awayFrom', 'homeFrom'].map((url) => ({ url, type: 'dateTime', min: 0 })),
      ...['proposal', 'thread', 'undone', 'name', 'role', 'unit', 'telephone', 'answeredBy'].map((url) => ({
        url,
        type: 'string',
        min: 0,
      })),
      ...['owner', 'desk', 'added', 'call'].map((url) => ({ url, type: 'string', min: 0 })),
    ],
  },
  {
    url: EXTENSION.plan,
    title: 'Vilka av planens punkter som finns, och vem som deltog',
    on: ['Communication'],
    parts: [
      { url: 'state', type: 'code', valueSet: VALUE_SET.planState },
      { url: 'item', type: 'code', min: 0, max: '*', valueSet: VALUE_SET.planItem },
      { url: 'consent', type: 'boolean' },
      { url: 'participant', type: 'code', min: 0, max: '*', valueSet: VALUE_SET.planParticipant },
      { url: 'absence', type: 'code', min: 0, valueSet: VALUE_SET.planAbsence },
    ],
  },
  {
    url: EXTENSION.statedTime,
    title: 'Tiden som avsändaren skrev den, och intervallet som den anger',
    on: ['dateTime'],
    parts: [
      { url: 'iso', type: 'string' },
      { url: 'precision', type: 'code' },
      { url: 'start', type: 'instant' },
      { url: 'end', type: 'instant' },
    ],
  },
  simple(
    EXTENSION.eventCourse,
    'Vad meddelandet gör med vårdtillfället, eller säger om personen',
    ['MessageHeader'],
    'Coding',
    VALUE_SET.course,
  ),
  simple(EXTENSION.eventPerson, 'Id som personen kan vara känd under', ['MessageHeader'], 'string'),
  simple(EXTENSION.eventOccurred, 'När det hände (EVN-6)', ['MessageHeader'], 'dateTime'),
  simple(EXTENSION.deleted, 'Fältet är uttryckligen tömt (HL7 "")', ['Patient', 'Encounter'], 'code'),
  simple(EXTENSION.scope, 'Insats som uppgiften gäller', ['Observation', 'Communication'], 'code', VALUE_SET.scope),
  simple(EXTENSION.factTime, 'Uppgiftens egen tid som den skrevs (OBX-14)', ['Observation'], 'string'),
  simple(EXTENSION.ownTime, 'I äldre poster: uppgiften har en egen tid (OBX-14)', ['Observation'], 'boolean'),
  simple(EXTENSION.protection, 'Skyddad identitet för besöket eller personen', ['Patient', 'Encounter'], 'code'),
  simple(EXTENSION.diedAt, 'När personen avled', ['Patient'], 'dateTime'),
  simple(
    EXTENSION.identityCertainty,
    'Hur säker identiteten bakom ett samordningsnummer är (lag 2022:1697 2:8)',
    ['Identifier'],
    'code',
    VALUE_SET.identityCertainty,
  ),
  simple(EXTENSION.seMunicipality, 'Kommunkod', ['Address'], 'Coding'),
  simple(EXTENSION.seDistrictBoard, 'Stadsdelsnämnd', ['Address'], 'string'),
  simple(
    EXTENSION.previousPlannedEndDate,
    'Beräknad utskrivning som var sagd före den senaste ändringen',
    ['Encounter'],
    'dateTime',
  ),
  simple(EXTENSION.disclosureBasis, 'Grund för att lämna uppgiften', ['Communication'], 'Coding', VALUE_SET.ground),
  simple(EXTENSION.recipientNeed, 'Mottagarens eget behov', ['Communication'], 'code', VALUE_SET.need),
  simple(EXTENSION.readySince, 'Utskrivningsklar sedan', ['Communication'], 'instant'),
  simple(EXTENSION.decidedAt, 'Öppen tvångsvård beslutad', ['Communication'], 'instant'),
  simple(EXTENSION.infoScope, 'Insats som informationen gäller', ['Communication'], 'code', VALUE_SET.scope),
  simple(EXTENSION.awayFrom, 'Borta från', ['Communication'], 'dateTime'),
  simple(EXTENSION.homeFrom, 'Hemma från', ['Communication'], 'dateTime'),
  simple(EXTENSION.measuresUnchanged, 'Om insatserna i hemmet är oförändrade', ['Communication'], 'code'),
  simple(EXTENSION.whomToCall, 'Vem utföraren kan ringa', ['Communication'], 'string'),
  simple(EXTENSION.deviationRule, 'Regel och regelversion', DEVIATION, 'string'),
  simple(EXTENSION.deviationDue, 'När det skulle ha skett', DEVIATION, 'dateTime'),
  simple(EXTENSION.deviationParty, 'Part som avvikelsen tillskrivs', DEVIATION, 'string'),
  simple(EXTENSION.deviationReason, 'Skäl', DEVIATION, 'code', VALUE_SET.deviationReason),
  simple(EXTENSION.deviationOccasion, 'Vilket tillfälle i vårdtillfället', DEVIATION, 'string'),
  simple(EXTENSION.deviationSeverity, 'Allvarlighet 1 till 4', DEVIATION, 'integer'),
  {
    url: EXTENSION.deviationFeed,
    title: 'Vad en rad i flödet säger om sitt ärende',
    on: DEVIATION,
    parts: [
      { url: 'step', type: 'integer' },
      { url: 'state', type: 'code' },
      { url: 'careType', type: 'code' },
      { url: 'hospitalKind', type: 'code' },
      { url: 'municipalityKind', type: 'code' },
    ],
  },
  {
    url: EXTENSION.feedMonth,
    title: 'Hur en månad publicerades, och hur många rättelser som kommit sedan dess',
    on: ['MeasureReport'],
    parts: [
      { url: 'threshold', type: 'integer' },
      { url: 'corrections', type: 'code' },
    ],
  },
];

/** Extensions of others, stated here in the least so that the validator can work without a network. */
const OTHERS: readonly Extension[] = [
  simple(EXTENSION.plannedEndDate, 'R5 Encounter.plannedEndDate', ['Encounter'], 'dateTime'),
  simple(EXTENSION.seAddressType, 'HL7 Sverige: typ av adress', ['Address'], 'CodeableConcept'),
];

function valueElements({ url, type = 'string', valueSet }: Extension): ElementDefinition[] {
  return [
    { id: 'Extension.extension', path: 'Extension.extension', max: '0' },
    { id: 'Extension.url', path: 'Extension.url', fixedUri: url },
    {
      id: 'Extension.value[x]',
      path: 'Extension.value[x]',
      min: 1,
      type: [{ code: type }],
      ...(valueSet === undefined ? {} : { binding: { strength: 'required', valueSet } }),
    },
  ];
}

function partElements(extension: string, parts: readonly Part[]): ElementDefinition[] {
  const path = 'Extension.extension';
  const slicing = {
    discriminator: [{ type: 'value' as const, path: 'url' }],
    ordered: false,
    rules: 'closed' as const,
  };
  const slices = parts.flatMap(({ url, type, min = 1, max = '1', valueSet }): ElementDefinition[] => [
    { id: `${path}:${url}`, path, sliceName: url, min, max },
    { id: `${path}:${url}.url`, path: `${path}.url`, fixedUri: url },
    {
      ...{ id: `${path}:${url}.value[x]`, path: `${path}.value[x]`, min: 1, type: [{ code: type }] },
      ...(valueSet === undefined ? {} : { binding: { strength: 'required', valueSet } }),
    },
  ]);
  return [
    { id: path, path, slicing },
    ...slices,
    { id: 'Extension.url', path: 'Extension.url', fixedUri: extension },
    { id: 'Extension.value[x]', path: 'Extension.value[x]', max: '0' },
  ];
}

function define(extension: Extension): StructureDefinition {
  const { url, title, on, parts } = extension;
  return {
    resourceType: 'StructureDefinition',
    ...definitionHead(url, title, title),
    fhirVersion: '4.0.1',
    kind: 'complex-type',
    abstract: false,
    context: on.map((expression) => ({ type: 'element', expression })),
    type: 'Extension',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Extension',
    derivation: 'constraint',
    differential: {
      element: [
        { id: 'Extension', path: 'Extension' },
        ...(parts === undefined ? valueElements(extension) : partElements(url, parts)),
      ],
    },
  };
}

/** Every extension that leaves the hub; one that does not stand here is an error to the validator. */
export function extensions(): StructureDefinition[] {
  return [...OWN, ...OTHERS].map(define);
}
