import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readSenderEvent } from '#libs/fhir';
import type { InRecord } from '#libs/messaging';
import { ERRORS, silentLog, type FaultName } from '#libs/platform';
import { breachesOf } from '../../../../test/conformance/contracts.ts';
import { adt, fact } from '../../test/adt.ts';
import { county, ids, INTAKE, only } from '../../test/reading.ts';
import { translateRecord } from '../translate-record.ts';

const TOPICS = { events: 'events', rejected: 'rejected' };

const GOOD = [
  adt({ obx: [fact('NEED', 'SOC~ROV', { 4: 'SOC', 14: '202605091200' }), fact('INFO', 'Rad 1', { 4: 'ROV' })] }),
  adt({ trigger: 'A03', pv1: { 36: '01', 45: '202605141000' }, arv: [{ 3: 'SEKR' }], pid: { 30: 'N' } }),
  adt({ trigger: 'A31', pid: { 30: 'N' } }),
  adt({ trigger: 'A40' }).replace('PV1|', 'MRG|189001019802^^^&1.2.752.129.2.1.3.1&ISO^NI\rPV1|'),
  adt({ trigger: 'A08', obx: [fact('READY', 'Y'), fact('CONSENT', 'Y'), fact('BASIS', 'LPT_7A')] }),
];

function inbound(value: Buffer): InRecord {
  const id = ids.inbound('KS', value);
  const headers = { id, sender: 'KS', kind: 'hl7v2' };
  const where = { topic: 'inbound', partition: 0, offset: 0n, timestamp: INTAKE };
  return { ...where, key: 'key', id, kind: 'hl7v2', schemaVersion: 1, traceparent: '', headers, value };
}

/** All that may reject a message (SAL-1). */
const REJECTING: readonly FaultName[] = [
  'no-header',
  'empty-content',
  'xml-content',
  'binary-content',
  'utf-16-content',
  'event-too-large',
  'bad-delimiters',
  'several-messages',
  'no-segments',
  'batch-not-taken',
  'unknown-message-type',
  'unsupported-trigger',
  'bad-charset',
  'parse-fault',
  'no-visit-id',
  'no-patient-identity',
  'ambiguous-century',
  'wrong-check-digit',
  'bad-identity',
  'identities-differ',
];
const PLACE = /^(?:MSH|line \d+|[A-Za-z][A-Za-z0-9]{2}(?:\[\d+\])?-\d+(?:\.\d+){0,2})$/;
const FORBIDDEN = /[\0\x80-\x9f]/;

/** Reads bytes, and asserts what holds of every reading: it never throws, and tells nothing that it must not. */
function publish(bytes: Buffer): void {
  const { translation, records } = translateRecord(inbound(bytes), { county, ids, log: silentLog, topics: TOPICS });
  expect(records).toHaveLength(1);
  expect(translation.kind).not.toBe('party-events');
  const value = records.map((record) => record.value.toString()).join();
  const parsed: unknown = JSON.parse(value);
  if (translation.kind === 'events') {
    const { event } = only(translation.events);
    expect(value).not.toMatch(/\\u0000|[\x80-\x9f]/);
    expect(texts(event).filter((text) => FORBIDDEN.test(text))).toEqual([]);
    if ('facts' in event) expect(event.facts.filter(({ at }) => at > event.sentAt)).toEqual([]);
    for (const { code, place } of event.findings)
      expect([code in ERRORS, place]).toEqual([true, expect.stringMatching(PLACE)]);
    expect(breachesOf('events', parsed)).toEqual([]);
    expect(readSenderEvent(parsed)).toEqual(event);
  } else if (translation.kind === 'rejection') {
    expect(breachesOf('rejected', parsed)).toEqual([]);
    expect(translation.faults.length).toBeGreaterThan(0);
    for (const { name, place } of translation.faults) {
      expect(REJECTING).toContain(name);
      // What is no message at all has no place.
      expect(place ?? 'MSH').toMatch(PLACE);
    }
    expect(value).not.toMatch(/19121212|Tolvan|Exempelgatan|V-1001|Rad 1/);
  }
}

/** Every text in a value. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

describe('whatever a message holds, it becomes an event that can be read back, or a rejection that tells nothing of it', () => {
  const pieces = fc.constantFrom(
    '|',
    '^',
    '~',
    '\\',
    '&',
    '\r',
    '\n',
    '""',
    '\\X0D\\',
    '\\.br\\',
    '\0',
    'Å',
    '\uFFFD',
    '\\X00C5\\',
    '\\X0000\\',
    '\\Q\\',
    '\u0085',
    '9'.repeat(30),
    'constructor',
    '__proto__',
    'v.20',
    'NONE',
    'MSH|',
    'OBX|',
    'Y',
    '20261025023000',
    '202603290230',
  );
  const message = fc.constantFrom(...GOOD);

  it('with pieces put in and taken out', () => {
    const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 12 }), put: fc.oneof(pieces, fc.constant('')) });
    fc.assert(
      fc.property(message, fc.array(edit, { minLength: 1, maxLength: 4 }), (good, edits) => {
        let text = good;
        for (const { at, remove, put } of edits) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + put + text.slice(place + remove);
        }
        publish(Buffer.from(text));
      }),
      { numRuns: 500 },
    );
  });

  it('with fields swapped for others of its own or for anything', () => {
    const field = fc.record({
      segment: fc.nat(),
      field: fc.nat(),
      value: fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 20 })),
    });
    fc.assert(
      fc.property(message, fc.array(field, { minLength: 1, maxLength: 3 }), (good, edits) => {
        const lines: (string | undefined)[][] = good.split('\r').map((line) => line.split('|'));
        for (const { segment, field: number, value } of edits) {
          const line = lines[1 + (segment % (lines.length - 1))] ?? [];
          line[1 + (number % 45)] = value.replace(/[\r\n|]/g, '');
        }
        publish(Buffer.from(lines.map((line) => Array.from(line, (text) => text ?? '').join('|')).join('\r')));
      }),
      { numRuns: 500 },
    );
  });

  it('with bytes changed', () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(message, fc.array(change, { minLength: 1, maxLength: 8 }), (good, changes) => {
        const bytes = Buffer.from(good);
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
        publish(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('with nothing right at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        publish(Buffer.from(bytes));
      }),
    );
  });
});

it('that says more than an event holds is told so, with what its sender knows it by', () => {
  const minute = (n: number): string =>
    new Date(Date.UTC(2026, 3, 1, 0, n)).toISOString().replace(/\D/g, '').slice(0, 12);
  const many = adt({ obx: Array.from({ length: 3000 }, (_, n) => fact('NEED', 'SOC', { 14: minute(n) })) });
  const parts = { county, ids, log: silentLog, topics: TOPICS };
  const { translation, records } = translateRecord(inbound(Buffer.from(many)), parts);
  expect(translation).toMatchObject({
    kind: 'rejection',
    trigger: 'A01',
    controlId: 'C-1',
    faults: [{ name: 'event-too-large' }],
  });
  expect(records.map(({ topic }) => topic)).toEqual(['rejected']);
  const groups = `PID|1||${'1'.repeat(3)}^^^KS^MR\rMRG|2^^^KS^MR\r`.repeat(101);
  const [head = ''] = adt({ trigger: 'A40' }).split('\rPID');
  publish(Buffer.from(`${head}\r${groups}`));
});
