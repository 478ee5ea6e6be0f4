import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readHeadersAsTexts } from './kafkajs-reader.ts';

const internal = createRequire(import.meta.url);

interface Message {
  readonly headers: object;
}
type Read = (bytes: object, batch: object) => Message;
interface Written {
  readonly buffer: Buffer;
}

const READER = 'kafkajs/src/protocol/recordBatch/record/v0/decoder';
const readAsKafkajs = internal(READER) as Read;
readHeadersAsTexts();
const read = internal(READER) as Read;

const Decoder = internal('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => { readVarIntBytes(): Buffer };
const write = internal('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => Written;

const bytesOf = (record: object): Buffer => new Decoder(write(record).buffer).readVarIntBytes();

describe("the reader of Kafka's records", () => {
  const bytes = fc.option(fc.uint8Array({ maxLength: 200 }).map((some) => Buffer.from(some)));
  const record = fc.record({
    offsetDelta: fc.nat(),
    timestampDelta: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
    key: bytes,
    value: bytes,
    headers: fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' }), { noNullPrototype: true }),
  });
  const batch = fc.record({
    firstOffset: fc.bigInt({ min: 0n, max: 2n ** 60n }).map(String),
    firstTimestamp: fc.nat().map((ms) => String(1_700_000_000_000 + ms)),
    maxTimestamp: fc.constant('1700000000123'),
    timestampType: fc.constantFrom(0, 1),
    magicByte: fc.constant(2),
    isControlBatch: fc.boolean(),
  });

  it('reads what kafkajs reads, but for headers, which are texts', () => {
    fc.assert(
      fc.property(record, batch, (record, batch) => {
        const bytes = bytesOf(record);
        const { headers, ...rest } = read(new Decoder(bytes), batch);
        expect({ ...rest, headers: {} }).toEqual({ ...readAsKafkajs(new Decoder(bytes), batch), headers: {} });
        expect(headers).toEqual(record.headers);
      }),
    );
  });

  it('takes the last of a header that is given twice, and none where one has no value', () => {
    const headers = { a: ['1', '2'] };
    const twice = read(new Decoder(bytesOf({ offsetDelta: 0, key: null, value: null, headers })), {
      firstOffset: '0',
      firstTimestamp: '0',
    });
    expect(twice.headers).toEqual({ a: '2' });
  });

  it("is what kafkajs's reader of batches uses", async () => {
    const { RecordBatch: writeBatch } = internal('kafkajs/src/protocol/recordBatch/v0') as {
      RecordBatch: (batch: object) => Promise<Written>;
    };
    const readBatch = internal('kafkajs/src/protocol/recordBatch/v0/decoder') as (bytes: object) => Promise<object>;
    const records = [write({ offsetDelta: 0, key: 'k', value: 'v', headers: { id: 'ä' } })];
    const { buffer } = await writeBatch({ records });
    expect(await readBatch(new Decoder(buffer))).toMatchObject({ records: [{ headers: { id: 'ä' } }] });
  });
});
