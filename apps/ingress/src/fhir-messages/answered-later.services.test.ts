import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../../../../test/hub/until.ts';
import { need, summary, WaysInByHttp } from '../../test/ways-in-by-http.ts';

let ways: WaysInByHttp;

beforeAll(async () => {
  ways = await WaysInByHttp.start();
});
afterAll(() => ways.close());

describe('asynchronously', () => {
  /** A system of a sender that takes answers; one that is told to fail answers 500. */
  const got: string[] = [];
  let failing = 0;
  const receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (failing > 0) failing -= 1;
      else got.push(text);
      response.statusCode = failing > 0 ? 500 : 200;
      response.end();
    });
  });
  let address: string;
  const later = (bundle: object, url = address, as = 'sender:KS') =>
    ways.post(bundle, as, {}, `?async=true&response-url=${encodeURIComponent(url)}`);

  beforeAll(async () => {
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const port = (receiver.address() as AddressInfo).port;
    address = `http://127.0.0.1:${port}/answers?unit=1`;
    ways.responseAddresses.set('KS', [address, `http://127.0.0.1:${port}/other`]);
  });
  afterAll(() => {
    receiver.closeAllConnections();
    return new Promise((resolve) => receiver.close(resolve));
  });

  it('a message is taken in at once, and its answer comes at the address: the very one that the message gets otherwise', async () => {
    ways.stored += 1;
    expect(await later(need('a1'))).toEqual({ status: 202, text: '' });
    await until('the answer', () => Promise.resolve(got.length === 1));
    expect(await ways.post(need('a1'))).toEqual({ status: 200, text: got[0] });
    // Without an address the first that the county has is meant; asked for again, it comes again.
    expect((await ways.post(need('a1'), 'sender:KS', {}, '?async=true')).status).toBe(202);
    await until('the answer again', () => Promise.resolve(got.length === 2));
    expect(got[1]).toBe(got[0]);
  });

  it('what is refused for good is told at the address too', async () => {
    expect((await later(need('a5', { facts: [] }))).status).toBe(202);
    await until('the refusal', () => Promise.resolve(got.length === 3));
    expect(summary({ status: 202, text: got[2] ?? '' })).toMatch(/^202 fatal-error BRY-2053/);
  });

  it('is tried until the address takes it, by whoever runs then', async () => {
    ways.stored += 1;
    failing = 1_000_000;
    const before = got.length;
    expect((await later(need('a2'))).status).toBe(202);
    await until('tries', () => Promise.resolve(failing < 1_000_000));
    // Stopped, and another takes over what it left.
    await ways.intake.stop();
    failing = 0;
    const other = ways.anotherIntake();
    await other.start();
    await until('the answer', () => Promise.resolve(got.length > before));
    expect(summary({ status: 200, text: got.at(-1) ?? '' })).toBe('200 ok');
    await other.stop();
    await ways.intake.start();
  });

  it.each<[string, string, string]>([
    ['another address', 'https://example.com/', 'sender:KS'],
    ['an address that only begins alike', 'http://127.0.0.1.example.com/', 'sender:KS'],
    ['an address inside the hub', 'http://169.254.169.254/latest/meta-data', 'sender:KS'],
    ['the address of another sender', '', 'sender:OS'],
  ])('is never sent to %s: the message is not taken in', async (_what, url, as) => {
    const bundle = need('a3', { sender: as.replace('sender:', '') });
    expect(summary(await later(bundle, url === '' ? address : url, as))).toBe('403 fatal-error BRY-3022 response-url');
  });

  it('what of the address cannot be read is refused', async () => {
    expect(summary(await ways.post(need('a4'), 'sender:KS', {}, '?async=perhaps'))).toBe('400 - BRY-3007 async');
  });
});

it('everything that was acknowledged is on inbound once, byte for byte, and nothing that was refused', () =>
  ways.expectStored());
