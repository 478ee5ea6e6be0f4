import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { ProducedRecord } from './produce-encoding.ts';

interface Message {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Record<string, string>;
}
interface Topic<M> {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly messages: readonly M[] }[];
}

const { requests } = createRequire(import.meta.url)('kafkajs/src/protocol/requests') as {
  requests: {
    Produce: {
      protocol(agreed: {
        version: number;
      }): (produce: object) => { request: { encode(): Promise<{ buffer: Buffer }> } };
    };
  };
};

async function encoded(topicData: readonly Topic<Message>[]): Promise<Buffer> {
  const made = requests.Produce.protocol({ version: 7 })({ acks: -1, timeout: 30_000, topicData });
  return (await made.request.encode()).buffer;
}

/** The same, written by kafkajs and by ours. */
async function both(topics: readonly Topic<Message>[]): Promise<[Buffer, Buffer]> {
  const ours = topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, messages }) => ({
      partition,
      messages: messages.map((message) => new ProducedRecord(message, partition)),
    })),
  }));
  return [await encoded(topics), await encoded(ours)];
}

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 60, maxLength: 140 }));
const message: fc.Arbitrary<Message> = fc.record({
  key: text,
  value: fc
    .oneof(fc.uint8Array(), fc.uint8Array({ minLength: 8100, maxLength: 8400 }))
    .map((bytes) => Buffer.from(bytes)),
  headers: fc.dictionary(text, text, { maxKeys: 8 }),
});
const partitions = fc.array(
  fc.record({ partition: fc.nat(5), messages: fc.array(message, { minLength: 1, maxLength: 4 }) }),
  { minLength: 1, maxLength: 3 },
);
const topics = fc.array(fc.record({ topic: text, partitions }), { minLength: 1, maxLength: 3 });

describe('a produce request', () => {
  beforeEach(() => void jest.spyOn(Date, 'now').mockReturnValue(1_795_944_000_000));
  afterEach(() => void jest.restoreAllMocks());

  it('is to the byte what kafkajs writes', async () => {
    await fc.assert(
      fc.asyncProperty(topics, async (given) => {
        const [kafkajs, ours] = await both(given);
        expect(ours.equals(kafkajs)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('is so with more records and longer ones than a length of one byte tells', async () => {
    const many = Array.from({ length: 70 }, (_, n) => ({ key: `${n}`, value: Buffer.alloc(n), headers: { id: 'i' } }));
    const large = { key: 'k', value: Buffer.alloc(1_100_000, 'å'), headers: {} };
    const [kafkajs, ours] = await both([{ topic: 't', partitions: [{ partition: 0, messages: [...many, large] }] }]);
    expect(ours.equals(kafkajs)).toBe(true);
  });
});
