import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holdsPersonNumber, namesPerson } from './fhir-request.ts';

const PERSONS = ['195009072553', '196101182803', '189002029800', '200001252386', '191212121212', '196109732393'];

describe('what looks like a person in a URL', () => {
  it.each(
    PERSONS.flatMap((n) => [
      n,
      `${n.slice(0, 8)}-${n.slice(8)}`,
      `${n.slice(2, 8)}-${n.slice(8)}`,
      n.slice(2),
      `x|${n}`,
      `${n.slice(0, 4)}-${n.slice(4, 8)}-${n.slice(8)}`,
      n.slice(2).split('').join(' '),
      // Arabic-Indic and Devanagari.
      ...[0x660, 0x966].map((zero) => n.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)))),
      `ge2026-05-10,${n.slice(2, 4)}.${n.slice(4, 6)}.${n.slice(6, 8)} ${n.slice(8)}`,
    ]),
  )('%s', (text) => {
    expect(holdsPersonNumber(text)).toBe(true);
  });

  it.each([
    'SE2321000016-1001',
    '0180-jarva',
    '2026-05-10T14:30:00+02:00',
    '2321000016',
    'ge2026-05-10',
    '1234567890',
    'ge2026-05-10T10:05:12+01:00',
  ])('not %s', (text) => {
    expect(holdsPersonNumber(text)).toBe(false);
  });

  it('no instant, whatever its digits', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
        const text = date.toISOString();
        expect(holdsPersonNumber(`ge${text}`)).toBe(false);
        expect(holdsPersonNumber(text.replace('Z', '+02:00'))).toBe(false);
      }),
    );
  });

  it('no id of ours, whatever its digits', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PERSONS), fc.uuid(), (number, uuid) => {
        expect(holdsPersonNumber(`${uuid.slice(0, 24)}${number}`)).toBe(false);
        expect(holdsPersonNumber(`Communication/${uuid}`)).toBe(false);
      }),
    );
  });

  it.each([
    ['Patient', 'identifier', true],
    ['Patient', 'name:exact', true],
    ['Patient', 'address-postalcode', true],
    ['Patient', '_id', false],
    ['Communication', 'subject:Patient.identifier', true],
    ['Communication', 'patient.given', true],
    ['Communication', '_content', true],
    ['Patient', '_filter', true],
    ['Communication', 'subject', false],
    ['Organization', 'identifier', false],
    ['Organization', 'name', false],
    ['Encounter', 'identifier', false],
  ])('%s?%s: %j', (type, name, expected) => {
    expect(namesPerson(type, name)).toBe(expected);
  });
});
