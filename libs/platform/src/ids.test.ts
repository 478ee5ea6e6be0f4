import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { IdMaker } from './ids.ts';

const ids = new IdMaker(Buffer.alloc(32, 1));
const UUID_8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('IdMaker', () => {
  it('makes UUIDs of version 8, always the same for the same parts', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (organisation, visit) => {
        const id = ids.stay(organisation, visit);
        expect(id).toMatch(UUID_8);
        expect(new IdMaker(Buffer.alloc(32, 1)).stay(organisation, visit)).toBe(id);
      }),
    );
  });

  // Installed hubs must never change an id: a known value holds the scheme fast.
  it('keeps its scheme', () => {
    expect(ids.stay('SE2321000016-1000', 'V1')).toMatchInlineSnapshot(`"51bb1321-102b-84e5-ac9f-56436fca071e"`);
    expect(ids.inbound('KS', Buffer.from('MSH|'))).toMatchInlineSnapshot(`"498fca7e-82dc-8ac3-bb93-7605e4fc7a92"`);
  });

  it('is an HMAC, of texts of any length and letters, under keys of any length', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ minLength: 330, maxLength: 2000, unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 200 }), text, (secret, part) => {
        const said = `7:receipt${part.length}:${part}`;
        const digest = createHmac('sha256', secret).update(said).digest();
        digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
        digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
        expect(new IdMaker(secret).receipt(part).replaceAll('-', '')).toBe(digest.toString('hex', 0, 16));
      }),
    );
  });

  it('joins parts so that a border moved is another id', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (a, b) => {
        const moved = [a.slice(0, -1), a.slice(-1) + b] as const;
        expect(ids.stay(...moved)).not.toBe(ids.stay(a, b));
        expect(ids.inbound(a, Buffer.from(b, 'utf16le'))).not.toBe(
          ids.inbound(moved[0], Buffer.from(moved[1], 'utf16le')),
        );
      }),
    );
  });

  it('gives each kind ids of its own', () => {
    const made = [
      ids.event('a', 0),
      ids.rejection('a', 0),
      ids.stay('a', '0'),
      ids.patient('a', '0'),
      ids.spreadKey('a', '0'),
      ids.spreadKeyOfPatient('a', '0'),
      ids.replyAddress('a', '0'),
      ids.other('stay', 'a', '0'),
      ids.deviation('a', '0', ''),
      ids.task('a', '0', ''),
      ids.patientOf('a', '0', ''),
      ids.delivery('a', '0', 0),
      ids.receipt('a'),
      ids.spreadKeyOfReference('a'),
      ids.inbound('a', Buffer.from('0')),
      ids.inbound('a', Buffer.alloc(0), '0'),
      ids.withdrawal('a', '0', '', '', '', 0),
    ];
    expect(new Set(made).size).toBe(made.length);
  });

  it('shows two parties two persons, and another installation other ids', () => {
    expect(ids.patientOf('0184', 's', 'v')).not.toBe(ids.patientOf('0180-jarva', 's', 'v'));
    expect(new IdMaker(Buffer.alloc(32, 2)).stay('a', 'b')).not.toBe(ids.stay('a', 'b'));
  });

  it('refuses a secret that could be guessed', () => {
    expect(() => new IdMaker(Buffer.alloc(8))).toThrow();
  });
});
