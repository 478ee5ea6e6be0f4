import { describe, expect, it } from '@jest/globals';
import { accepts, isStrict } from './content-negotiation.ts';

describe('Accept', () => {
  it.each([
    undefined,
    '',
    '*/*',
    'application/*',
    'application/fhir+json',
    'APPLICATION/FHIR+JSON',
    'application/json;charset=utf-8',
    'application/fhir+json; fhirVersion=4.0',
    'application/fhir+json; fhirVersion=4.0.1',
    'application/fhir+json; fhirversion="4.0.1"',
    'application/fhir+xml; fhirVersion=4.0, application/fhir+json; fhirVersion=4.0.1; q=0.9',
    'application/fhir+json;fhirVersion=5.0, application/fhir+json;fhirVersion=4.0;q=0.1',
    'text/html, application/xhtml+xml, */*;q=0.8',
    'application/fhir+json;q=0, application/json',
    'text/json',
    'a/b;x="," , application/json',
  ])('%j is answered', (accept) => {
    expect(accepts(accept, [])).toBe(true);
  });

  it.each([
    'application/fhir+xml',
    'text/html',
    'text/*',
    'application/fhir+json; fhirVersion=3.0',
    'application/fhir+json; fhirVersion=4.3',
    '*/*; fhirVersion=5.0',
    'application/fhir+json;q=0',
    'application/*;q=0, */*',
    'application/fhir+json;q=0, application/json;q=0.000, */*;q=1',
    'application/json;q=nonsense',
    ';',
  ])('%j is not', (accept) => {
    expect(accepts(accept, [])).toBe(false);
  });

  it.each([
    ['json', true],
    ['application/fhir json', true],
    ['application/fhir+json; fhirVersion=4.0.1', true],
    ['xml', false],
    ['constructor', false],
  ])('_format=%s overrides it', (format, expected) => {
    expect(accepts('text/html', [format])).toBe(expected);
  });
});

describe('Prefer', () => {
  it.each([
    ['handling=strict', true],
    ['return=minimal, handling=strict', true],
    ['return=minimal; handling=strict', true],
    ['Handling="Strict"', true],
    ['handling=strict, handling=lenient', true],
    ['handling=lenient', false],
    ['handling=lenient, handling=strict', false],
    ['mishandling=strict', false],
    ['handling=strictly', false],
    [undefined, false],
  ])('%j: strict is %j', (prefer, expected) => {
    expect(isStrict(prefer)).toBe(expected);
  });
});
