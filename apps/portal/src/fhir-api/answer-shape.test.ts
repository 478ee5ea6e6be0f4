import { describe, expect, it } from '@jest/globals';
import type { DetectedIssue, Patient } from 'fhir/r4.js';
import { shaped, shapeOfRead, wholeShape } from './answer-shape.ts';

const PATIENT: Patient = {
  resourceType: 'Patient',
  id: 'p',
  meta: { versionId: '1', profile: ['https://example.org/profile'], tag: [{ code: 'own' }] },
  text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' },
  active: true,
  name: [{ family: 'Tolvansson' }],
  birthDate: '1912-12-12',
  deceasedBoolean: false,
  maritalStatus: { text: 'x' },
  communication: [{ language: { text: 'sv' } }],
};
const ISSUE: DetectedIssue = {
  resourceType: 'DetectedIssue',
  id: 'd',
  status: 'final',
  identifiedDateTime: '2026-05-10',
  detail: 'x',
};
const keysOf = (resource: object) => Object.keys(resource).sort();

describe('the shape of an answer', () => {
  it('is the whole resource unless it is asked for otherwise', () => {
    expect(shaped(PATIENT, wholeShape())).toBe(PATIENT);
  });

  it.each([
    [{ summary: 'true' }, ['active', 'birthDate', 'deceasedBoolean', 'id', 'meta', 'name', 'resourceType']],
    [{ summary: 'text' }, ['active', 'deceasedBoolean', 'id', 'meta', 'resourceType', 'text']],
    [
      { summary: 'data' },
      [
        'active',
        'birthDate',
        'communication',
        'deceasedBoolean',
        'id',
        'maritalStatus',
        'meta',
        'name',
        'resourceType',
      ],
    ],
    [{ elements: ['name', 'constructor'] }, ['active', 'deceasedBoolean', 'id', 'meta', 'name', 'resourceType']],
  ] as const)('%j keeps what R4 says', (shape, keys) => {
    const part = shaped(PATIENT, { ...wholeShape(), ...shape });
    expect(keysOf(part)).toEqual(keys);
    expect(part.meta).toEqual({
      versionId: '1',
      tag: [
        { code: 'own' },
        { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' },
      ],
    });
  });

  it('knows an element of many types by its name', () => {
    const part = shaped(ISSUE, { ...wholeShape(), elements: ['identified'] });
    expect(keysOf(part)).toEqual(['id', 'identifiedDateTime', 'meta', 'resourceType', 'status']);
  });

  it.each([
    ['_summary', 'count'],
    ['_summary', 'yes'],
    ['_pretty', 'maybe'],
    ['_elements', 'a.b'],
    ['_elements', ''],
    ['_elements', Array.from({ length: 51 }, (_, n) => `${'x'.repeat((n % 30) + 1)}${n < 30 ? 'a' : 'b'}`).join(',')],
  ])('of a read cannot be %s=%s', (name, value) => {
    expect(shapeOfRead([[name, value]], false)).toMatchObject({ name: 'bad-parameter', place: name });
  });

  it('of a read ignores what it does not know, or refuses it when handling is strict', () => {
    const query = [['__proto__', 'x']] as const;
    expect(shapeOfRead(query, false)).toEqual(wholeShape());
    expect(shapeOfRead(query, true)).toMatchObject({ name: 'unknown-parameter' });
  });
});
