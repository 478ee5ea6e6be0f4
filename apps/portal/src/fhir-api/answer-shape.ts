import type { Coding } from 'fhir/r4.js';
import { fault, isFault, type Fault } from '#libs/platform';
import type { ResourceType, ViewResource } from '../view/row.ts';
import { holdsPersonNumber, type Pair } from './fhir-request.ts';

/** How an answer is to look, whatever it holds: FHIR's general parameters, good for a read and for a search. */
export interface AnswerShape {
  summary: 'true' | 'text' | 'data' | 'false';
  /** Elements that `_elements` names; undefined: all. */
  elements: readonly string[] | undefined;
  pretty: boolean;
}

/** A shape that leaves everything as it is. */
export const wholeShape = (): AnswerShape => ({ summary: 'false', elements: undefined, pretty: false });

const MOST_ELEMENTS = 50;
const ELEMENT = /^[a-zA-Z]{1,40}$/;

type Reader = (value: string, shape: AnswerShape) => boolean;

/** The general parameters, each with what reads its value; false when it cannot be read. */
const GENERAL: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  // Read before anything else: content-negotiation.ts.
  ['_format', () => true],
  [
    '_pretty',
    (value, shape) => {
      shape.pretty = value === 'true';
      return value === 'true' || value === 'false';
    },
  ],
  [
    '_summary',
    (value, shape) => {
      const summary = (['true', 'text', 'data', 'false'] as const).find((one) => one === value);
      shape.summary = summary ?? 'false';
      return summary !== undefined;
    },
  ],
  [
    '_elements',
    (value, shape) => {
      shape.elements = [...new Set(value.split(',').map((name) => name.trim()))];
      return shape.elements.length <= MOST_ELEMENTS && shape.elements.every((name) => ELEMENT.test(name));
    },
  ],
]);

/** Takes a general parameter into a shape. @returns true, a fault for a value that cannot be read, undefined for any other name */
export function takeGeneral(name: string, value: string, shape: AnswerShape): true | Fault | undefined {
  const read = GENERAL.get(name);
  if (read === undefined) return undefined;
  return read(value, shape) ? true : fault('bad-parameter', name);
}

/**
 * The shape that a read asks for.
 * @param strict an unknown parameter is refused, not ignored
 */
export function shapeOfRead(query: readonly Pair[], strict: boolean): AnswerShape | Fault {
  const shape = wholeShape();
  for (const [name, value] of query) {
    if (holdsPersonNumber(name) || holdsPersonNumber(value)) return fault('person-in-url');
    const taken = takeGeneral(name, value, shape);
    if (isFault(taken)) return taken;
    if (taken === undefined && strict) return fault('unknown-parameter');
  }
  return shape;
}

/** What a resource never goes without: what it is, and what changes the meaning of the rest (R4: 1..* and modifiers). */
const ALWAYS = ['resourceType', 'id', 'meta', 'implicitRules', 'modifierExtension'];
const MANDATORY: Readonly<Record<ResourceType, readonly string[]>> = {
  Communication: ['status'],
  Encounter: ['status', 'class'],
  Task: ['status', 'intent'],
  DetectedIssue: ['status'],
  Patient: ['active', 'deceased', 'link'],
  Organization: ['active'],
};

/** Elements that R4 marks as summary (Σ), of those that the views have. */
const SUMMARY: Readonly<Record<ResourceType, readonly string[]>> = {
  Communication: [
    'identifier',
    'basedOn',
    'partOf',
    'status',
    'statusReason',
    'priority',
    'subject',
    'encounter',
    'reasonCode',
  ],
  Encounter: [
    'identifier',
    'status',
    'class',
    'type',
    'serviceType',
    'subject',
    'participant',
    'appointment',
    'reasonCode',
    'diagnosis',
  ],
  Task: [
    'basedOn',
    'groupIdentifier',
    'partOf',
    'status',
    'statusReason',
    'businessStatus',
    'intent',
    'code',
    'description',
    'focus',
    'for',
    'encounter',
    'executionPeriod',
    'lastModified',
    'requester',
    'owner',
    'location',
  ],
  DetectedIssue: ['identifier', 'status', 'code', 'severity', 'patient', 'identified', 'author', 'implicated'],
  Patient: [
    'identifier',
    'active',
    'name',
    'telecom',
    'gender',
    'birthDate',
    'deceased',
    'address',
    'managingOrganization',
    'link',
  ],
  Organization: ['identifier', 'active', 'type', 'name', 'partOf'],
};

/** `identifiedDateTime` is the element `identified`, `_birthDate` the extensions of `birthDate`. */
const elementOf = (key: string) => key.replace(/^_/, '').replace(/^(identified|deceased)[A-Z].*$/, '$1');

/** HL7's mark on a resource that is not whole: nobody may store it as if it were. */
const SUBSETTED: Coding = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

/** A resource in the shape that was asked for. */
export function shaped(resource: ViewResource, { summary, elements }: AnswerShape): ViewResource {
  const type = resource.resourceType;
  const kept = [...ALWAYS, ...MANDATORY[type]];
  const isWanted = (element: string): boolean => {
    if (kept.includes(element)) return true;
    if (elements !== undefined && !elements.includes(element)) return false;
    if (summary === 'true') return SUMMARY[type].includes(element);
    return summary === 'text' ? element === 'text' : summary === 'false' || element !== 'text';
  };
  if (summary === 'false' && elements === undefined) return resource;
  const entries = Object.entries(resource).filter(([key]) => isWanted(elementOf(key)));
  const tag = [...(resource.meta?.tag ?? []), SUBSETTED];
  // A profile speaks of the whole resource, and this is a part.
  const meta = Object.fromEntries(Object.entries(resource.meta ?? {}).filter(([key]) => key !== 'profile'));
  return { ...Object.fromEntries(entries), meta: { ...meta, tag } } as ViewResource;
}
