import { describe, expect, it } from '@jest/globals';
import { entryOf, ERRORS, fault, faultOfCode, isFault } from './errors.ts';

/** FHIR R4 issue-type. */
const ISSUE_TYPES = new Set(
  (
    'invalid structure required value invariant security login unknown expired forbidden suppressed processing ' +
    'not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly ' +
    'business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational'
  ).split(' '),
);

describe('the table of errors', () => {
  const rows = Object.entries(ERRORS);

  it('has each code once', () => {
    const codes = rows.map(([, { code }]) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code).toMatch(/^BRY-[12349]\d{3}$/);
  });

  it.each(rows)('%s is complete and right for HL7, HTTP and FHIR', (_, entry) => {
    expect(ISSUE_TYPES).toContain(entry.issue);
    expect(entry.http).toBeGreaterThanOrEqual(400);
    expect(entry.text).toMatch(/^[A-ZÅÄÖ].*\.$/);
    expect(entry.remedy).toMatch(/^[A-ZÅÄÖ].*\.$/);
    // AE makes an engine send again: only for what passes by itself or by the operator (standards 3.4).
    expect(entry.ack === 'AE').toBe(entry.http >= 500 && entry.code !== 'BRY-9002');
  });

  it.each([
    ['unsupported-trigger', 'AR', '201'],
    ['unknown-message-type', 'AR', '200'],
    ['wrong-processing-id', 'AR', '202'],
    ['unknown-sender', 'AR', '204'],
    ['storage-away', 'AE', '207'],
    ['wrong-check-digit', 'AA', '102'],
  ] as const)('answers %s with %s and %s', (name, ack, hl7) => {
    expect(entryOf(name)).toMatchObject({ ack, hl7 });
  });
});

describe('a fault', () => {
  it('is its code, its name and a place', () => {
    expect(fault('no-visit-id', 'PV1-19')).toEqual({ code: 'BRY-2003', name: 'no-visit-id', place: 'PV1-19' });
    expect(fault('no-visit-id')).not.toHaveProperty('place');
  });

  it('comes back from its code', () => {
    expect(faultOfCode('BRY-2003', 'PV1-19')).toEqual(fault('no-visit-id', 'PV1-19'));
    expect(faultOfCode('BRY-0000')).toBeUndefined();
  });

  it('is told from other values', () => {
    expect(isFault(fault('internal'))).toBe(true);
    for (const other of [null, 'BRY-2003', {}, { code: 'BRY-2003', name: 'internal' }])
      expect(isFault(other)).toBe(false);
  });
});
