import { describe, expect, it } from '@jest/globals';
import type { HttpSettings } from '#libs/platform';
import type { HttpRequest } from './http-request.ts';
import { PublicAddress } from './public-address.ts';

const address = (settings: Partial<HttpSettings> = {}) =>
  new PublicAddress({ settings: { host: '', port: 0, trustedProxies: [], requestsPerSecond: 1, ...settings } });

function request(headers: Record<string, string>, remoteAddress = '10.0.0.9', encrypted = false): HttpRequest {
  const socket = { remoteAddress, localAddress: '10.0.0.1', localPort: 8080, encrypted };
  return { headers, socket } as unknown as HttpRequest;
}

const OUTER = 'for=192.0.2.7;proto=https;host=hub.example';
const TRUSTED = { trustedProxies: ['10.0.0.0/24', '2001:db8::/32'] };

describe("the hub's address in links", () => {
  it.each([
    ['the Host that was asked', {}, { host: 'inner:8080' }, '10.0.0.9', 'http://inner:8080'],
    ['never X-Forwarded-*', TRUSTED, { host: 'inner', 'x-forwarded-host': 'evil.example' }, '10.0.0.9', 'http://inner'],
    ['no stranger’s Forwarded', TRUSTED, { host: 'inner', forwarded: OUTER }, '192.0.2.99', 'http://inner'],
    ['nobody’s, when no proxy is named', {}, { host: 'inner', forwarded: OUTER }, '10.0.0.9', 'http://inner'],
    ['a proxy’s of ours', TRUSTED, { host: 'inner', forwarded: OUTER }, '10.0.0.9', 'https://hub.example'],
    ['its proto alone', TRUSTED, { host: 'inner', forwarded: 'proto=https' }, '::ffff:10.0.0.9', 'https://inner'],
    [
      'the outermost of two of ours',
      TRUSTED,
      { host: 'inner', forwarded: `${OUTER}, for=10.0.0.3;proto=http;host=middle` },
      '10.0.0.9',
      'https://hub.example',
    ],
    [
      'not what the caller of a proxy said before it',
      TRUSTED,
      { host: 'inner', forwarded: `for=1.2.3.4;host=evil.example;proto=http, ${OUTER}` },
      '10.0.0.9',
      'https://hub.example',
    ],
    ['nothing that is no host', TRUSTED, { host: 'inner', forwarded: 'host="a/b"' }, '10.0.0.9', 'http://inner'],
    ['its own, when Host is none', {}, { host: 'a b' }, '10.0.0.9', 'http://10.0.0.1:8080'],
    ['IPv6', TRUSTED, { host: 'inner', forwarded: OUTER }, '2001:db8::5', 'https://hub.example'],
    [
      'what the setting says, before all',
      { ...TRUSTED, publicUrl: 'https://public.example/hub' },
      { host: 'inner', forwarded: OUTER },
      '10.0.0.9',
      'https://public.example/hub',
    ],
  ])('is %s', (_name, settings, headers, from, expected) => {
    expect(address(settings).baseOf(request(headers as Record<string, string>, from))).toBe(expected);
  });

  it('is https on a connection that is', () => {
    expect(address().baseOf(request({ host: 'inner' }, '10.0.0.9', true))).toBe('https://inner');
  });
});

describe('where a request comes from', () => {
  it('is the last address that no proxy of ours stands for', () => {
    const forwarded = `for=1.2.3.4, ${OUTER}, for=10.0.0.3`;
    expect(address(TRUSTED).clientOf(request({ forwarded }))).toBe('192.0.2.7');
    expect(address().clientOf(request({ forwarded }))).toBe('10.0.0.9');
  });

  it('is this machine only without a proxy between', () => {
    expect(address().isThisMachine(request({}, '::1'))).toBe(true);
    expect(address().isThisMachine(request({}, '::ffff:127.0.0.1'))).toBe(true);
    expect(address().isThisMachine(request({ forwarded: OUTER }, '127.0.0.1'))).toBe(false);
    expect(address().isThisMachine(request({ 'x-forwarded-for': '1.2.3.4' }, '127.0.0.1'))).toBe(false);
    expect(address().isThisMachine(request({}, '10.0.0.9'))).toBe(false);
  });
});
