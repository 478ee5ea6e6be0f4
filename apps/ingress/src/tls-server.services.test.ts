import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { County, SenderNames } from '#libs/county';
import type { MllpSettings } from '#libs/platform';
import { testServices } from '../../../test/services/services.ts';
import { county, IngressOnKafka } from '../test/ingress-on-kafka.ts';
import { admission } from '../test/message.ts';
import type { Ingress } from './ingress.ts';

const doors = new IngressOnKafka();
afterEach(() => doors.clear());

describe('over TLS', () => {
  const file = (name: string) => join(import.meta.dirname, `../test/tls/${name}.pem`);
  const files = { certificate: file('hub'), key: file('hub') };
  const bound = {
    agreementOf: (header: SenderNames, on: string) => {
      const agreement = county.agreementOf(header, on);
      return agreement && { ...agreement, certificates: [`${agreement.id.toLowerCase()}.example`] };
    },
  };

  async function started(
    tls: MllpSettings['tls'],
    isPlainOpen: boolean,
    of: Pick<County, 'agreementOf'>,
  ): Promise<Ingress> {
    const mllp = { isPlainOpen, ...(tls && { tls }) };
    const { ingress } = await doors.start(testServices().brokers, { county: of, mllp });
    return ingress;
  }

  /** What the hub answers to a message of KS on a connection with this certificate; `closed` when it does not let it in. */
  async function told(ingress: Ingress, certificate?: string): Promise<string> {
    const own =
      certificate === undefined ? {} : { cert: readFileSync(file(certificate)), key: readFileSync(file(certificate)) };
    const ca = readFileSync(file('issuer'));
    const socket = connectTls({ port: ingress.tlsPort, host: '127.0.0.1', servername: 'localhost', ca, ...own });
    const sender = doors.sender(socket);
    sender.send(admission('T-1'));
    await Promise.race([sender.answered(1), sender.closed()]);
    const [answer] = sender.answers;
    return answer === undefined ? 'closed' : `${answer.text('MSA', 1) ?? ''} ${answer.text('ERR', 5) ?? ''}`.trim();
  }

  it('binds a sender to the certificate that its agreement names, on the wire and in the clear', async () => {
    const ingress = await started({ ...files, port: 0, clientCa: file('issuer') }, true, bound);
    expect(await told(ingress, 'ks')).toBe('AA');
    expect(await told(ingress, 'ds')).toBe('AR BRY-1012');
    expect(await told(ingress, 'stranger')).toBe('closed');
    expect(await told(ingress)).toBe('closed');
    const plain = doors.sender(ingress);
    plain.send(admission('T-2'));
    await plain.answered(1);
    expect(plain.told).toEqual(['AR of T-2']);
  });

  it('without an issuer takes any peer, and what is no TLS stops nobody; there is no plain door then', async () => {
    const ingress = await started({ ...files, port: 0 }, false, county);
    const noise = doors.sender(ingress);
    noise.send(admission('T-3'));
    await noise.closed();
    expect(await told(ingress)).toBe('AA');
    expect(ingress.address.port).toBe(ingress.tlsPort);
  });

  it.each([
    ['a file that is not there', { ...files, key: file('none'), port: 0 }],
    ['a file that is no certificate', { ...files, certificate: file('../message.ts'), port: 0 }],
  ])('does not start with %s, and says which setting', async (_, tls) => {
    await expect(started(tls, false, county)).rejects.toThrow(/BRYGGAN_MLLP_TLS_/);
  });
});
