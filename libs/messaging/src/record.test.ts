import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord, encodeRecord, encodedSize } from './record.ts';
import { isGarbled } from './record.ts';

const text = fc.string({ minLength: 1, unit: 'grapheme' });
const outRecord = fc.record({
  topic: fc.constant('events'),
  key: text,
  id: text,
  kind: text,
  schemaVersion: fc.nat(),
  traceparent: fc.string(),
  value: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
});
const mark = fc.option(fc.record({ lane: text, seq: fc.nat() }), { nil: undefined });

const asKafkaReturns = (encoded: ReturnType<typeof encodeRecord>) => ({
  key: Buffer.from(encoded.key),
  value: encoded.value,
  offset: '12345678901234567',
  timestamp: '1700000000000',
  headers: Object.fromEntries(Object.entries(encoded.headers).map(([name, value]) => [name, Buffer.from(value)])),
});

describe('the codec', () => {
  it('reads what it wrote', () => {
    fc.assert(
      fc.property(outRecord, mark, (record, lane) => {
        const read = decodeRecord('events', 3, asKafkaReturns(encodeRecord(record, lane)));
        expect(read).toMatchObject({
          ...record,
          ...lane,
          partition: 3,
          offset: 12345678901234567n,
          timestamp: 1700000000000,
        });
      }),
    );
  });

  it('writes the headers of the contract and the extra ones of inbound', () => {
    const extra = { sender: 'KS', intake: '2026-05-10T10:00:00Z', 'content-type': 'x' };
    const { headers } = encodeRecord(
      { topic: 't', key: 'k', id: 'i', kind: 'm', schemaVersion: 1, traceparent: 'tp', value: '', extra },
      { lane: 'r:1', seq: 7 },
    );
    expect(headers).toEqual({
      id: 'i',
      kind: 'm',
      'schema-version': '1',
      traceparent: 'tp',
      lane: 'r:1',
      seq: '7',
      ...extra,
    });
  });

  it('never throws: any headers, key and value give a record or a reason', () => {
    const header = fc.oneof(
      fc.string(),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.constant(undefined),
      fc.array(fc.string()),
    );
    const names = fc.constantFrom('id', 'kind', 'schema-version', 'traceparent', 'lane', 'seq', 'other');
    const nullable = fc.option(fc.uint8Array().map((bytes) => Buffer.from(bytes)));
    fc.assert(
      fc.property(fc.dictionary(names, header), nullable, nullable, (headers, key, value) => {
        const read = decodeRecord('t', 0, { key, value, headers, offset: '1', timestamp: '0' });
        expect(isGarbled(read) ? read.garbled.length : read.id.length).toBeGreaterThan(0);
      }),
    );
  });

  it.each([
    ['no id', { id: undefined }],
    ['no kind', { kind: undefined }],
    ['no schema-version', { 'schema-version': '1.5' }],
    ['no traceparent', { traceparent: undefined }],
    ['lane without seq, or seq without lane', { lane: 'r:1' }],
    ['lane without seq, or seq without lane', { seq: '1' }],
    ['lane without seq, or seq without lane', { lane: 'r:1', seq: '-1' }],
  ])('says %s', (reason, change) => {
    const headers = { id: 'i', kind: 'k', 'schema-version': '1', traceparent: '', ...change };
    expect(
      decodeRecord('t', 0, { key: Buffer.from('k'), value: Buffer.from(''), headers, offset: '1', timestamp: '0' }),
    ).toMatchObject({ garbled: reason });
  });

  it('never underestimates: the size covers key, value and headers', () => {
    fc.assert(
      fc.property(outRecord, (record) => {
        const encoded = encodeRecord(record);
        const parts = [encoded.key, ...Object.keys(encoded.headers), ...Object.values(encoded.headers)];
        const bytes = parts.reduce((sum, part) => sum + Buffer.byteLength(part), encoded.value.length);
        expect(encodedSize(encoded)).toBeGreaterThan(bytes);
      }),
    );
  });
});
