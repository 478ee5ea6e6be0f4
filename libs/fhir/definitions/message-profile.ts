import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';
import { PROFILE } from '#libs/fhir';
import { definitionHead } from './closed-profile.ts';

interface Slice {
  readonly name: string;
  readonly type: string;
  readonly min: number;
  readonly max: string;
  readonly profile?: string;
}

const ENTRY = 'Bundle.entry';

function sliceElements({ name, type, min, max, profile }: Slice): ElementDefinition[] {
  const id = `${ENTRY}:${name}`;
  return [
    { id, path: ENTRY, sliceName: name, min, max },
    {
      id: `${id}.resource`,
      path: `${ENTRY}.resource`,
      min: 1,
      type: [{ code: type, ...(profile === undefined ? {} : { profile: [profile] }) }],
    },
  ];
}

const forbidden = (path: string): ElementDefinition => ({ id: path, path, max: '0' });

/** Entries by type of resource, and no other type. */
function entrySlices(slices: readonly Slice[]): ElementDefinition[] {
  return [
    {
      id: ENTRY,
      path: ENTRY,
      min: 1,
      slicing: { discriminator: [{ type: 'type', path: 'resource' }], ordered: false, rules: 'closed' },
    },
    ...['extension', 'link', 'search', 'request', 'response'].map((name) => forbidden(`${ENTRY}.${name}`)),
    ...slices.flatMap(sliceElements),
  ];
}

/** A profile of a message Bundle. */
function bundleProfile(
  url: string,
  title: string,
  constraints: readonly { key: string; human: string; expression: string }[],
  elements: readonly ElementDefinition[],
): StructureDefinition {
  return {
    resourceType: 'StructureDefinition',
    ...definitionHead(url, title, title),
    fhirVersion: '4.0.1',
    kind: 'resource',
    abstract: false,
    type: 'Bundle',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Bundle',
    derivation: 'constraint',
    differential: {
      element: [
        {
          id: 'Bundle',
          path: 'Bundle',
          constraint: constraints.map((one) => ({ ...one, severity: 'error' as const })),
        },
        { id: 'Bundle.id', path: 'Bundle.id', min: 1 },
        ...elements,
      ],
    },
  };
}

/** A message that is no notice: a Bundle with its time, and one entry per slice. */
export function messageBundle(
  url: string,
  title: string,
  constraints: Parameters<typeof bundleProfile>[2],
  slices: readonly Slice[],
): StructureDefinition {
  return bundleProfile(url, title, constraints, [
    { id: 'Bundle.type', path: 'Bundle.type', fixedCode: 'message' },
    { id: 'Bundle.timestamp', path: 'Bundle.timestamp', min: 1 },
    ...entrySlices(slices),
  ]);
}

interface Message {
  readonly url: string;
  readonly title: string;
  readonly code: string;
  readonly communication: string;
  readonly encounter: string;
  readonly patient: string;
}

const one = (type: string) => `entry.resource.ofType(${type})`;

/** What the parts must say of one another: one recipient, one person, one stay, and the care provider by name alone. */
const constraintsOf = (code: string) => [
  {
    key: 'bry-code',
    human: 'The message is of this kind',
    expression: `${one('MessageHeader')}.event.code = '${code}'`,
  },
  {
    key: 'bry-care-provider',
    human: 'One Organization is the care provider, the other the one recipient',
    expression:
      `${one('Organization')}.where(id.startsWith('care-provider-')).count() = 1 and ` +
      `('Organization/' + ${one('Organization')}.where(id.startsWith('care-provider-').not()).id) = ` +
      `${one('Communication')}.recipient.reference`,
  },
  {
    key: 'bry-receiver',
    human: 'Recipient and receiver are the same',
    expression: `${one('MessageHeader')}.destination.receiver.reference = ${one('Communication')}.recipient.reference`,
  },
  {
    key: 'bry-person',
    human: 'Communication and Encounter are about the one Patient',
    expression:
      `${one('Communication')}.subject.reference = ('Patient/' + ${one('Patient')}.id) and ` +
      `${one('Encounter')}.subject.reference = ('Patient/' + ${one('Patient')}.id)`,
  },
  {
    key: 'bry-stay',
    human: 'Communication is about the one Encounter',
    expression: `${one('Communication')}.encounter.reference = ('Encounter/' + ${one('Encounter')}.id)`,
  },
];

/** The message of one kind of notice: these resources under their closed profiles, and no other resource. */
export function messageProfile(message: Message): StructureDefinition {
  const { communication, encounter, patient } = message;
  return bundleProfile(message.url, message.title, constraintsOf(message.code), [
    forbidden('Bundle.identifier'),
    { id: 'Bundle.type', path: 'Bundle.type', fixedCode: 'message' },
    { id: 'Bundle.timestamp', path: 'Bundle.timestamp', min: 1 },
    forbidden('Bundle.total'),
    forbidden('Bundle.link'),
    ...entrySlices([
      { name: 'header', type: 'MessageHeader', min: 1, max: '1', profile: PROFILE.noticeHeader },
      { name: 'communication', type: 'Communication', min: 1, max: '1', profile: communication },
      { name: 'encounter', type: 'Encounter', min: 1, max: '1', profile: encounter },
      { name: 'patient', type: 'Patient', min: 1, max: '1', profile: patient },
      { name: 'organization', type: 'Organization', min: 2, max: '2', profile: PROFILE.noticeOrganization },
      { name: 'provenance', type: 'Provenance', min: 1, max: '*', profile: PROFILE.noticeProvenance },
    ]),
    forbidden('Bundle.signature'),
  ]);
}
