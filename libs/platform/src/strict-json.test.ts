import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isFault } from './errors.ts';
import { readStrictJson } from './strict-json.ts';

const read = (text: string | Uint8Array, depth = 32) => {
  const result = readStrictJson(typeof text === 'string' ? Buffer.from(text) : text, { depth });
  return isFault(result) ? result.name : result.value;
};

describe('JSON that has one meaning', () => {
  it('is read as JSON reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('\\u0000'));
        expect(read(text, 1000)).toEqual(JSON.parse(text));
        expect(read(JSON.stringify(value, null, 2), 1000)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'empty-content'],
    ['half an object', '{"a":', 'bad-body'],
    ['an open string', '{"a', 'bad-body'],
    ['an escape that is none', '["\\x"]', 'bad-body'],
    ['XML', '<Bundle/>', 'xml-content'],
    ['Latin-1', Buffer.from('{"a":"å"}', 'latin1'), 'bad-encoding'],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'utf-16-content'],
    ['an overlong NUL', Buffer.from([0x22, 0xc0, 0x80, 0x22]), 'bad-encoding'],
    ['NUL, escaped', '{"a":"x\\u0000"}', 'bad-character'],
    ['NUL as it is', '{"a":"x\0"}', 'bad-character'],
    ['half a letter', '{"a":"\\ud83d"}', 'bad-character'],
    ['half a letter in a name', '{"\\ud83d":1}', 'bad-character'],
    ['a name twice', '{"a":1,"b":{"a":1},"a":2}', 'duplicate-name'],
    ['a name twice, once escaped', '{"a":1,"\\u0061":2}', 'duplicate-name'],
    ['`__proto__` twice', '{"__proto__":1,"__proto__":2}', 'duplicate-name'],
    ['a name twice, far below', '[[{"x":[{"a" : 1, "a"\n: 2}]}]]', 'duplicate-name'],
    ['arrays without end', '['.repeat(1_000_000), 'nested-too-deep'],
    ['objects without end', '{"a":'.repeat(1_000_000), 'nested-too-deep'],
  ])('%s is refused', (_what, text, expected) => expect(read(text)).toBe(expected));

  it('a name again in another object, and a value that looks like a name, are right', () => {
    expect(read('[{"a":"a"},{"a":["a","a"]},{"b":"a\\":"}]')).toEqual([{ a: 'a' }, { a: ['a', 'a'] }, { b: 'a":' }]);
  });

  it('a whole emoji and a BOM are text', () =>
    expect(read('\uFEFF["\u{1F600}","\\ud83d\\ude00"]')).toEqual(['😀', '😀']));
});
