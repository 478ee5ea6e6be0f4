import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { forwardedIn } from './forwarded.ts';

describe('a Forwarded header (RFC 7239)', () => {
  it.each([
    ['for=192.0.2.7;proto=https;host=hub.example', [{ for: '192.0.2.7', proto: 'https', host: 'hub.example' }]],
    ['For="[2001:db8:cafe::17]:4711"', [{ for: '2001:db8:cafe::17' }]],
    ['for=192.0.2.60:4711;by=203.0.113.43', [{ for: '192.0.2.60' }]],
    ['for=192.0.2.43, for="_secret"; proto=HTTP', [{ for: '192.0.2.43' }, { proto: 'http' }]],
    ['host="a\\"b,c;d"', [{ host: 'a"b,c;d' }]],
    ['for=unknown', [{}]],
  ])('%s', (header, steps) => {
    expect(forwardedIn(header)).toEqual(steps);
  });

  it.each(['for', '=x', 'for=a b', 'host="open', 'for=192.0.2.7;;proto=https', ', for=x', 'host=a;host'])(
    'says nothing when it cannot be read to its end: %s',
    (header) => {
      expect(forwardedIn(header)).toEqual([]);
    },
  );

  it('never fails, and is fast, whatever it is', () => {
    fc.assert(fc.property(fc.string({ maxLength: 2000 }), (text) => Array.isArray(forwardedIn(text))));
    expect(forwardedIn('for="'.repeat(4000))).toEqual([]);
    expect(forwardedIn(`for="${'\\'.repeat(16_000)}`)).toEqual([]);
  });
});
