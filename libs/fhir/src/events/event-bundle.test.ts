import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import type { Fact, StatedTime, StayEvent } from '#libs/domain';
import { COURSES, FACT_CODES, FINDING_GRADES, SCOPES } from '#libs/domain';
import { controlIdOf, IDENTIFIER_SYSTEM, isUnreadable, readEventBundle, writeEventBundle } from '../index.ts';

const instant = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2150, 0, 1) });
const text = fc.string({ minLength: 1, maxLength: 20 });
const hsaId = fc.constantFrom('SE2321000016-1000', 'SE2321000016-1001', 'SE2321000016-1101', 'Avd 12/Östra', 'x_y');
const uuid = fc.uuid();

const ISO = {
  year: '2026',
  month: '2026-05',
  day: '2026-05-10',
  hour: '2026-05-10T14+02:00',
  minute: '2026-05-10T14:30+02:00',
  second: '2026-05-10T14:30:12+02:00',
  milli: '2026-05-10T14:30:12.250+02:00',
} as const;
const statedTime: fc.Arbitrary<StatedTime> = fc
  .tuple(fc.constantFrom('year', 'month', 'day', 'hour', 'minute', 'second', 'milli'), instant, fc.nat(86_400_000))
  .map(([precision, start, length]) => ({ iso: ISO[precision], precision, start, end: start + length }));

/** A stated field: there, deleted, or (by leaving out the key) unstated. */
const clearable = <T>(value: fc.Arbitrary<T>) => fc.oneof({ weight: 4, arbitrary: value }, fc.constant(null));

const identity = fc.oneof(
  fc.constant({
    type: 'personnummer',
    system: IDENTIFIER_SYSTEM.personnummer,
    value: '191212121212',
  } as const),
  fc.constant({
    type: 'samordningsnummer',
    system: IDENTIFIER_SYSTEM.samordningsnummer,
    value: '196109732393',
    certainty: 'sannolik',
  } as const),
  fc.constant({
    type: 'reservnummer-stockholm',
    system: 'https://uid.regionstockholm.se/reservnummer',
    value: '991981000010',
  } as const),
  fc.record(
    {
      type: fc.constantFrom('other', 'nationelltReservnummer', 'LMA-nummer', 'reservnummer-region'),
      system: fc.constantFrom('urn:oid:1.2.752.74.9.2', '', IDENTIFIER_SYSTEM.personnummer),
      value: text,
      from: fc.constant('2020-01-01'),
      to: fc.constant('2026-12-31'),
    },
    { requiredKeys: ['type', 'system', 'value'] },
  ),
);

const fact: fc.Arbitrary<Fact> = fc.record(
  {
    code: fc.constantFrom(...FACT_CODES),
    scopes: fc.subarray([...SCOPES]),
    values: fc.array(fc.oneof(fc.constantFrom('SOC', 'KHSL', 'NONE', 'Y', 'N', 'LPT_7A', ''), fc.string()), {
      maxLength: 3,
    }),
    status: fc.constantFrom('F', 'C', 'D'),
    at: instant,
    stated: fc.constantFrom('20260510', '202605101430', '20260510143012.2500+0200', '1778416200000'),
    judgedBy: text,
  },
  { requiredKeys: ['code', 'scopes', 'values', 'status', 'at'] },
);

const finding = fc.record({
  grade: fc.constantFrom(...FINDING_GRADES),
  code: fc.constantFrom('bad-timestamp', 'unknown-fact'),
  place: fc.constantFrom('PV2-9', 'OBX-3[2]'),
});
const protection = fc.constantFrom('sekretessmarkering', 'skyddadFolkbokforing', 'fingeradePersonuppgifter', 'unknown');

const anyEvent: fc.Arbitrary<StayEvent> = fc.record(
  {
    eventId: uuid,
    inboundId: uuid,
    ordinal: fc.nat(20),
    revision: fc.nat(2_000_000),
    stayId: uuid,
    patientId: uuid,
    sender: fc.constantFrom('KS', 'DS', 'OS-2'),
    trigger: fc.constantFrom('A01', 'A08', 'Z99', 'INS', 'SIP-CALL'),
    course: fc.constantFrom(...COURSES),
    at: instant,
    sentAt: instant,
    occurredAt: statedTime,
    intakeAt: instant,
    intakeStamp: fc.maxSafeNat(),
    terms: fc.record({
      organisation: hsaId,
      careProvider: fc.constantFrom('Region Stockholm', 'Capio'),
      legalForm: fc.constantFrom('region-authority', 'municipal-authority', 'private'),
      ins: fc.constantFrom('auto', 'ordered'),
      impliedNeed: fc.subarray(['SOC', 'KHSL', 'ROV']),
      info: fc.constantFrom('here', 'elsewhere'),
      clock: fc.constantFrom('trusted', 'intake'),
      connectedFrom: fc.constantFrom('2018-01-01', '2026-11-30'),
    }),
    patient: fc.record(
      {
        identities: fc.array(identity, { minLength: 1, maxLength: 3 }),
        name: clearable(
          fc.record({ family: text, given: fc.array(text, { maxLength: 2 }) }, { requiredKeys: ['given'] }),
        ),
        birthDate: clearable(fc.constantFrom('1912-12-12', '1950', '1950-07')),
        deceased: fc.boolean(),
        deceasedAt: clearable(statedTime),
        address: clearable(
          fc.record(
            {
              lines: fc.array(text, { maxLength: 2 }),
              postalCode: text,
              city: text,
              municipality: text,
              district: text,
            },
            { requiredKeys: ['lines'] },
          ),
        ),
        listedClinic: clearable(hsaId),
        protection,
        protectionDeleted: fc.constant(true as const),
      },
      { requiredKeys: ['identities'] },
    ),
    encounter: fc.record(
      {
        class: fc.constantFrom('IMP', 'EMER', 'AMB', 'PRENC', 'OTHER'),
        ward: clearable(hsaId),
        start: clearable(statedTime),
        end: clearable(statedTime),
        expectedDischarge: clearable(statedTime),
        leaving: fc.constantFrom('home', 'transfer', 'against-advice', 'dead'),
        receivingUnit: clearable(text),
        admissionType: fc.constantFrom('R', 'A', 'AKUT'),
        protection,
      },
      { requiredKeys: [] },
    ),
    facts: fc.array(fact, { maxLength: 4 }),
    findings: fc.array(finding, { maxLength: 3 }),
    register: fc.constantFrom('found', 'unknown'),
  },
  {
    requiredKeys: [
      'eventId',
      'inboundId',
      'ordinal',
      'revision',
      'stayId',
      'patientId',
      'sender',
      'trigger',
      'course',
      'at',
      'sentAt',
      'intakeAt',
      'intakeStamp',
      'terms',
      'patient',
      'encounter',
      'facts',
      'findings',
    ],
  },
);

/** Plain objects: fast-check's own may lack a prototype, which strict equality sees. */
const stayEvent = anyEvent.map((event) => JSON.parse(JSON.stringify(event)) as StayEvent);

const overTheWire = (bundle: Bundle): unknown => JSON.parse(JSON.stringify(bundle));
const write = (event: StayEvent) => writeEventBundle(event, { controlId: 'C1', visitId: 'V1' });
const resources = (bundle: Bundle) => bundle.entry?.map(({ resource }) => resource as FhirResource) ?? [];

describe('an event over the wire', () => {
  it('is read as the very same event', () => {
    fc.assert(
      fc.property(stayEvent, (event) => {
        expect(readEventBundle(overTheWire(write(event)))).toStrictEqual(event);
      }),
      { numRuns: 1000 },
    );
  });

  it('has one fullUrl per entry, so that references resolve', () => {
    fc.assert(
      fc.property(stayEvent, (event) => {
        const urls = write(event).entry?.map(({ fullUrl }) => fullUrl) ?? [];
        expect(new Set(urls).size).toBe(urls.length);
      }),
    );
  });

  it('carries the label of a protected person, or of a protected visit, on every resource (SE-24, DEC-23)', () => {
    fc.assert(
      fc.property(stayEvent, (event) => {
        const bundle = write(event);
        const isProtected = event.patient.protection !== undefined || event.encounter.protection !== undefined;
        const labelled = [bundle, ...resources(bundle)].filter((resource) => resource.meta?.security !== undefined);
        expect(labelled).toHaveLength(isProtected ? resources(bundle).length + 1 : 0);
      }),
    );
  });

  it('leads with a header whose focus is the Encounter, with its trigger, and its course beside it (contract 2)', () => {
    fc.assert(
      fc.property(stayEvent, (event) => {
        const bundle = write(event);
        expect(resources(bundle)[0]).toMatchObject({
          resourceType: 'MessageHeader',
          eventCoding: {
            system: /^[AZ]\d\d$/.test(event.trigger)
              ? 'http://terminology.hl7.org/CodeSystem/v2-0003'
              : 'https://bryggan.example/fhir/CodeSystem/notice',
            code: event.trigger,
          },
          extension: expect.arrayContaining([
            {
              url: 'https://bryggan.example/fhir/StructureDefinition/event-course',
              valueCoding: { system: 'https://bryggan.example/fhir/CodeSystem/course', code: event.course },
            },
          ]) as unknown,
          focus: [{ reference: `Encounter/${event.stayId}` }],
        });
        expect(resources(bundle).filter(({ resourceType }) => resourceType === 'Observation')).toHaveLength(
          event.facts.length,
        );
        expect(controlIdOf(bundle)).toBe('C1');
      }),
    );
  });
});

describe('a record that is no event', () => {
  it('is told as unreadable, never thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(isUnreadable(readEventBundle(value))).toBe(true);
      }),
    );
  });

  it('is told as unreadable or read, whatever one node of it has become', () => {
    const junk = fc.constantFrom<unknown>(null, undefined, 0, '', 'x', true, [], {}, [null], { extension: null });
    fc.assert(
      fc.property(stayEvent, fc.nat(), junk, (event, where, value) => {
        const bundle = overTheWire(write(event));
        const nodes = nodesOf(bundle);
        const node = nodes[where % nodes.length]!;
        node.parent[node.key] = value;
        expect(() => readEventBundle(bundle)).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });

  it('names the place and no content', () => {
    const [event] = fc.sample(stayEvent, 1);
    const bundle = write(event!);
    const broken = { ...bundle, timestamp: 'secret' };
    expect(readEventBundle(broken)).toEqual({ unreadable: 'event: Bundle.timestamp' });
  });
});

type Container = Record<string, unknown>;
const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

function nodesOf(value: unknown): { parent: Container; key: string }[] {
  if (!isContainer(value)) return [];
  return Object.keys(value).flatMap((key) => [{ parent: value, key }, ...nodesOf(value[key])]);
}
