import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Origin } from './door.ts';
import { namesIn, tlsServer } from './tls-server.ts';

it.each([
  [{ subject: { CN: 'ks.example', serialNumber: 'SE2321000016-KS', O: 'Region' } }, ['ks.example', 'SE2321000016-KS']],
  [{ subject: { CN: ['a', 'b'] } }, ['a', 'b']],
  [
    { subject: { CN: 'a' }, subjectaltname: 'DNS:b.example, IP Address:127.0.0.1, DNS:*.c.example' },
    ['a', 'b.example', '*.c.example'],
  ],
  [{ subject: {}, subjectaltname: 'DNS:"ks.example, DNS:ks.example", email:ks.example' }, []],
  [{}, []],
])('names in %j', (certificate, names) => {
  expect([...namesIn(certificate as Parameters<typeof namesIn>[0])]).toEqual(names);
});

describe('a connection over mutual TLS', () => {
  const file = (name: string) => join(import.meta.dirname, `../test/tls/${name}.pem`);
  const met: Origin[] = [];
  const server = tlsServer(
    { certificate: file('hub'), key: file('hub'), clientCa: file('issuer') },
    (socket, origin) => {
      met.push(origin);
      socket.end('in');
    },
  );
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => void server.close());

  async function told(certificate?: string): Promise<string> {
    const own = certificate === undefined ? undefined : readFileSync(file(certificate));
    const { port } = server.address() as AddressInfo;
    const ca = readFileSync(file('issuer'));
    const socket = connect({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca,
      ...(own && { cert: own, key: own }),
    });
    let text = '';
    socket.on('error', () => undefined).on('data', (chunk: Buffer) => (text += chunk.toString()));
    await new Promise((resolve) => socket.once('close', resolve));
    return text;
  }

  it('has the names of the certificate; nobody comes without one, or with one of another issuer', async () => {
    expect([await told('ks'), await told('stranger'), await told()]).toEqual(['in', '', '']);
    expect(met).toEqual([
      { kind: 'certificate', names: new Set(['ks.example', 'SE2321000016-KS', 'ks-engine.example']) },
    ]);
  });

  it('is refused a start with files that are none', () => {
    expect(() => tlsServer({ certificate: file('none'), key: file('hub') }, () => undefined)).toThrow(
      'TLS_CERTIFICATE',
    );
    const pair = { certificate: file('issuer'), key: file('hub') };
    expect(() => tlsServer(pair, () => undefined)).toThrow('TLS_CERTIFICATE');
  });
});
