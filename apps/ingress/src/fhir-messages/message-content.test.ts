import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withContent } from './message-content.ts';

const LEFT: ReadonlySet<string> = new Set(['id', 'timestamp', 'meta']);

/** What the bytes are, said as plainly as it can be: installed hubs know their messages by them. */
function pairsOf(value: Readonly<Record<string, unknown>>, left: ReadonlySet<string>): unknown[] {
  const names = Object.keys(value).filter((name) => !left.has(name));
  return names.sort().map((name) => [name, ordered(value[name])]);
}

function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(ordered);
  const isProvenance = 'resourceType' in value && value.resourceType === 'Provenance';
  return pairsOf(value as Readonly<Record<string, unknown>>, new Set(isProvenance ? ['recorded'] : []));
}

const textOf = (value: unknown) => withContent(value, (content) => Buffer.from(content).toString('utf8'));

const NAMES = fc.oneof(
  fc.constantFrom('id', 'meta', 'timestamp', 'recorded', '10', '9', 'å', '\u{1F600}', '\uFFFD', '"', '__proto__'),
  fc.string(),
  fc.string({ unit: 'grapheme' }),
);
const TEXTS = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }));
const BUNDLES = fc.object({
  key: NAMES,
  maxDepth: 4,
  values: [TEXTS, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.boolean(), fc.constant(null)],
});

describe('what a message says', () => {
  it('is JSON with each object as the list of its members in order', () => {
    fc.assert(
      fc.property(BUNDLES, fc.dictionary(NAMES, TEXTS, { minKeys: 33, maxKeys: 50 }), (value, many) => {
        // As it comes: read from JSON.
        const bundle = JSON.parse(
          JSON.stringify({ ...value, many, proof: { ...value, resourceType: 'Provenance' } }),
        ) as Readonly<Record<string, unknown>>;
        expect(textOf(bundle)).toBe(JSON.stringify(pairsOf(bundle, LEFT)));
      }),
    );
  });

  it.each([['x'], ['å'], ['\n'], ['\u{1F600}']])(
    'is told whole of long texts of %j, and of the short message after them',
    (letter) => {
      const bundle = { resourceType: 'Bundle', entry: [letter.repeat(300_000), letter, { 2: [], 10: {} }] };
      expect(textOf(bundle)).toBe(JSON.stringify(pairsOf(bundle, LEFT)));
      expect(textOf({ b: 1e21, a: -0 })).toBe('[["a",0],["b",1e+21]]');
    },
  );

  it('leaves out what is made anew when it is sent again', () => {
    const entry = [{ resource: { resourceType: 'Provenance', recorded: 'now', id: 'p' } }];
    const bundle = { resourceType: 'Bundle', id: 'b', timestamp: 'now', meta: {}, entry };
    expect(textOf(bundle)).toBe(
      '[["entry",[[["resource",[["id","p"],["resourceType","Provenance"]]]]]],["resourceType","Bundle"]]',
    );
  });
});
