import { createRequire } from 'node:module';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { correctKafkajs } from './kafkajs-corrections.ts';

const internal = createRequire(import.meta.url);
correctKafkajs();

describe("kafkajs's queue of requests", () => {
  afterEach(() => void jest.useRealTimers());

  const queueOf = (sent: number[]) => {
    const Queue = internal('kafkajs/src/network/requestQueue') as new (options: object) => {
      maybeThrottle(ms: number): void;
      push(request: object): void;
      fulfillRequest(response: object): void;
    };
    const logger = { debug: () => undefined, warn: () => undefined };
    const queue = new Queue({ requestTimeout: 1000, clientId: 'c', broker: 'b', logger });
    const push = (correlationId: number): void => {
      const entry = { correlationId, apiName: 'Fetch', resolve: () => undefined, reject: () => undefined };
      queue.push({ entry, expectResponse: true, sendRequest: () => sent.push(correlationId) });
    };
    const answer = (correlationId: number): void => queue.fulfillRequest({ correlationId, payload: null, size: 0 });
    return { queue, push, answer };
  };

  it('is not looked at while nothing waits', () => {
    jest.useFakeTimers();
    const sent: number[] = [];
    const { push, answer } = queueOf(sent);
    push(1);
    answer(1);
    expect([sent, jest.getTimerCount()]).toEqual([[1], 0]);
  });

  it('sends what a throttled connection made wait, and is then not looked at any more', () => {
    jest.useFakeTimers();
    const sent: number[] = [];
    const { queue, push, answer } = queueOf(sent);
    queue.maybeThrottle(50);
    push(1);
    push(2);
    jest.advanceTimersByTime(40);
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(30);
    expect(sent).toEqual([1, 2]);
    answer(1);
    answer(2);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe("kafkajs's writer", () => {
  interface Written {
    readonly buffer: Buffer;
    writeUVarInt(value: number): Written;
  }
  const Encoder = internal('kafkajs/src/protocol/encoder') as new (size?: number) => Written;
  const Decoder = internal('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => { readVarIntBytes(): Buffer };
  const write = internal('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => Written;
  const read = internal('kafkajs/src/protocol/recordBatch/record/v0/decoder') as (
    decoder: object,
    batch: object,
  ) => object;

  it('writes a length as Kafka has it', () => {
    const hex = (value: number): string => new Encoder().writeUVarInt(value).buffer.toString('hex');
    expect([0, 127, 128, 300, 16_384, 2 ** 31, 2 ** 32 - 1, -1].map(hex)).toEqual([
      '00',
      '7f',
      '8001',
      'ac02',
      '808001',
      '8080808008',
      'ffffffff0f',
      'ffffffff0f',
    ]);
  });

  it('writes what its reader reads, however long it grows, and whatever stood in the memory', () => {
    const bytes = fc.integer({ min: 0, max: 70_000 }).map((length) => Buffer.alloc(length, 'r'));
    const headers = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ maxLength: 200 }), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(bytes, fc.string(), headers, (value, key, headers) => {
        Buffer.allocUnsafe(1000).fill(0xff);
        const written = write({ offsetDelta: 3, timestampDelta: 7, key, value, headers }).buffer;
        const inner = new Decoder(new Decoder(written).readVarIntBytes());
        expect(read(inner, { firstOffset: '0', firstTimestamp: '0' })).toMatchObject({
          key: Buffer.from(key),
          value,
          headers,
        });
      }),
      { numRuns: 50 },
    );
  });
});
