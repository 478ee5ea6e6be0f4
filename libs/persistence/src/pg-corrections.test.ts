import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

const internal = createRequire(import.meta.url);
const utils = internal('pg/lib/utils') as { prepareValue: (value: unknown) => string };
const byPg = utils.prepareValue;
const { correctPg } = await import('./pg-corrections.ts');
correctPg();
const corrected = utils.prepareValue;
const { parse } = internal('postgres-array') as { parse: (literal: string) => unknown[] };

describe('an array for PostgreSQL', () => {
  it('is read as what pg made of it', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('\\', '"', '{', '}', ',', ' ', '\t', 'nu', 'll', '-', 'Å', '😀') }),
      fc.uuid(),
    );
    const number = fc.oneof(fc.integer(), fc.double(), fc.bigInt());
    const element = fc.oneof(text, number, fc.boolean(), fc.constantFrom(null, undefined, '', 'null', 'NULL', 'Null'));
    fc.assert(
      fc.property(fc.array(element), (list) => {
        expect(parse(corrected(list))).toEqual(parse(byPg(list)));
      }),
    );
  });

  it('has no quotes that PostgreSQL does not need', () => {
    expect(corrected(['1b4e28ba-2fa1-11d2', 7, true, null, 'a b', '"'])).toBe(
      '{1b4e28ba-2fa1-11d2,7,true,NULL,"a b","\\""}',
    );
  });

  it("is pg's own where it holds lists, moments, bytes or objects, and so is what is no array", () => {
    const at = new Date(0);
    const others = [[['a'], ['b']], [at], [Buffer.from('a')], [{ a: 1 }], 'a', 1, { a: 1 }, Buffer.from('b'), null];
    expect(others.map(corrected)).toEqual(others.map(byPg));
  });
});
