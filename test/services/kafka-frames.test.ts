import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { kafkaFrames } from './kafka-frames.ts';

const framed = (body: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
};

describe('the frames of a Kafka connection', () => {
  it('come out whole and in order, however the bytes were cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 })),
        fc.array(fc.integer({ min: 1, max: 30 })),
        (bodies, cuts) => {
          const frames = bodies.map(framed);
          const bytes = Buffer.concat(frames);
          const seen: Buffer[] = [];
          const take = kafkaFrames((frame) => seen.push(Buffer.from(frame)));
          let at = 0;
          for (const cut of cuts) take(bytes.subarray(at, (at += cut)));
          take(bytes.subarray(at));
          expect(seen).toEqual(frames);
        },
      ),
    );
  });
});
