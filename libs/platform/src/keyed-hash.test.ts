import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { KeyedHash } from './keyed-hash.ts';

const expected = (secret: Uint8Array, text: string, bytes: Uint8Array) =>
  createHmac('sha256', secret).update(text).update(bytes).digest('hex');

describe('KeyedHash', () => {
  it('is HMAC-SHA-256 of any text and any bytes, under keys of any length', () => {
    const one = [fc.string({ unit: 'binary' }), fc.uint8Array()] as const;
    const several = fc.array(fc.tuple(...one), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), several, (secret, parts) => {
        const hash = new KeyedHash(secret);
        // One after another: what was hashed before leaves nothing.
        for (const [text, bytes] of parts) expect(hash.hex(text, bytes)).toBe(expected(secret, text, bytes));
      }),
    );
  });

  it.each([16_379, 16_380, 16_381, 16_384, 16_385, 1_000_000])('of %i bytes too', (length) => {
    const [secret, bytes] = [Buffer.alloc(32, 1), Buffer.alloc(length, 0xe5)];
    expect(new KeyedHash(secret).hex('åa', bytes)).toBe(expected(secret, 'åa', bytes));
  });
});
