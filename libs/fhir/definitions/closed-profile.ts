import type { ElementDefinition, ElementDefinitionConstraint, StructureDefinition } from 'fhir/r4.js';
import { elementsOf } from './base-elements.ts';

/** An extension that a closed profile lets through. */
export interface ExtensionRule {
  readonly url: string;
  readonly min?: number;
  readonly max?: string;
  /** Constraint on its value, e.g. `{ patternCoding: ... }`. */
  readonly value?: Partial<ElementDefinition>;
}

/** What is said of one allowed element. */
export interface Rule {
  readonly min?: number;
  readonly max?: string;
  /** Fixed value, pattern, type or binding. */
  readonly say?: Partial<ElementDefinition>;
  /** The elements allowed below it; for a primitive nothing. */
  readonly only?: Shape;
  /** Extensions allowed on it. */
  readonly extensions?: readonly ExtensionRule[];
}

/** The allowed elements of a type. Whatever is not named is 0..0: that is the whole point (rules 12.4). */
export type Shape = Readonly<Record<string, Rule>>;

/** What a profile is called, and what it allows. */
export interface ClosedProfile {
  readonly url: string;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly shape: Shape;
  readonly constraints?: readonly Pick<ElementDefinitionConstraint, 'key' | 'human' | 'expression'>[];
}

interface Place {
  readonly id: string;
  readonly path: string;
}

const below = (place: Place, name: string): Place => ({ id: `${place.id}.${name}`, path: `${place.path}.${name}` });

function sliceOf(place: Place, rule: ExtensionRule): ElementDefinition[] {
  const sliceName = rule.url.slice(rule.url.lastIndexOf('/') + 1).replaceAll('.', '-');
  const slice = { id: `${place.id}:${sliceName}`, path: place.path };
  const { min = 0, max = '1' } = rule;
  const definition = { ...slice, sliceName, min, max, type: [{ code: 'Extension', profile: [rule.url] }] };
  if (rule.value === undefined) return [definition];
  return [definition, { ...below(slice, 'value[x]'), ...rule.value }];
}

function extensionElements(parent: Place, rules: readonly ExtensionRule[]): ElementDefinition[] {
  const place = below(parent, 'extension');
  if (rules.length === 0) return [{ ...place, max: '0' }];
  const slicing = {
    discriminator: [{ type: 'value' as const, path: 'url' }],
    ordered: false,
    rules: 'closed' as const,
  };
  return [{ ...place, slicing }, ...rules.flatMap((rule) => sliceOf(place, rule))];
}

function elementsBelow(parent: Place, type: string, shape: Shape, extensions: readonly ExtensionRule[]) {
  const known = elementsOf(type);
  const stray = Object.keys(shape).find((name) => !known.some((element) => element.name === name));
  if (stray !== undefined) throw new Error(`${parent.path}.${stray} is no element of ${type}`);
  const elements: ElementDefinition[] = [];
  for (const { name, type: childType } of known) {
    if (name === 'extension') elements.push(...extensionElements(parent, extensions));
    else elements.push(...oneElement(below(parent, name), childType, shape[name]));
  }
  return elements;
}

function oneElement(place: Place, type: string | undefined, rule: Rule | undefined): ElementDefinition[] {
  if (rule === undefined) return [{ ...place, max: '0' }];
  const { min, max, say, only, extensions = [] } = rule;
  const own: ElementDefinition = {
    ...place,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...say,
  };
  if (only !== undefined && type !== undefined) return [own, ...elementsBelow(place, type, only, extensions)];
  // A primitive too may be extended (`_sent`), and R4 itself defines extensions that hold free text.
  return place.path.endsWith('.id') ? [own] : [own, { ...below(place, 'extension'), max: '0' }];
}

/** What every resource of ours may have besides its own: who it is, its version, its profile, its labels (SE-24). */
const RESOURCE_SHAPE: Shape = {
  id: { min: 1 },
  meta: {
    only: {
      versionId: {},
      lastUpdated: {},
      profile: {},
      security: { only: { system: {}, code: {} } },
    },
  },
};

/** The head that all our definitions share. */
export function definitionHead(url: string, title: string, description: string) {
  const id = url.slice(url.lastIndexOf('/') + 1);
  const name = id.replace(/(^|[-.])(\w)/g, (_match, _dash: string, letter: string) => letter.toUpperCase());
  return { id, url, version: '1.0.0', name, title, status: 'active' as const, publisher: 'Bryggan', description };
}

/** A profile in which everything that the shape does not name is 0..0. */
export function closedProfile(profile: ClosedProfile): StructureDefinition {
  const { url, type, title, description, shape, constraints = [] } = profile;
  const { extension, ...own } = shape;
  const root: ElementDefinition = { id: type, path: type };
  if (constraints.length > 0) {
    root.constraint = constraints.map((one) => ({ ...one, severity: 'error' }));
  }
  return {
    resourceType: 'StructureDefinition',
    ...definitionHead(url, title, description),
    fhirVersion: '4.0.1',
    kind: 'resource',
    abstract: false,
    type,
    baseDefinition: `http://hl7.org/fhir/StructureDefinition/${type}`,
    derivation: 'constraint',
    differential: {
      element: [
        root,
        ...elementsBelow({ id: type, path: type }, type, { ...RESOURCE_SHAPE, ...own }, extension?.extensions ?? []),
      ],
    },
  };
}
