import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { parseMessage } from '#libs/hl7v2';
import type { HospitalId } from '../../apps/simulator/src/county/hospitals.ts';
import { MllpClient } from '../../apps/simulator/src/hub/mllp-client.ts';
import type { TestHub } from './test-hub.ts';
import { PATIENCE_MILLIS } from './until.ts';

/** The ways in of HL7 v2: each has to keep the same promises. */
export type WayIn = 'mllp' | 'mllp over TLS' | 'http';

/** A sender's connection by one of the ways. */
export interface SenderConnection {
  /** @returns MSA-1 of the answer. @throws whatever goes wrong before there is one: whether the hub has the message is not known then */
  send(message: Buffer): Promise<{ readonly code: string }>;
  close(): void;
}

const PEM = (name: string): string => join(import.meta.dirname, `../../apps/ingress/test/tls/${name}.pem`);

/** Settings of a hub that is open by each of the ways. */
export const tlsSettings = (port: number): Readonly<Record<string, string>> => ({
  BRYGGAN_MLLP_TLS_PORT: `${port}`,
  BRYGGAN_MLLP_TLS_CERTIFICATE: PEM('hub'),
  BRYGGAN_MLLP_TLS_KEY: PEM('hub'),
  BRYGGAN_MLLP_PLAIN: 'allowed',
});

/** @param tlsPort where the hub listens over TLS (`tlsSettings`) */
export function connectBy(way: WayIn, hub: TestHub, sender: HospitalId, tlsPort = 0): SenderConnection {
  if (way === 'mllp') return hub.connect();
  if (way === 'http') return overHttp(hub, sender);
  const ca = readFileSync(PEM('issuer'));
  const address = { host: '127.0.0.1', port: tlsPort };
  return new MllpClient(address, PATIENCE_MILLIS, (at) => connectTls({ ...at, servername: 'localhost', ca }));
}

/** A request for each message; the answer's code is MSA-1 of its body, whatever its status. */
function overHttp(hub: TestHub, sender: HospitalId): SenderConnection {
  return {
    async send(body) {
      const headers = {
        authorization: `Bearer ${hub.token(`sender:${sender}`)}`,
        'content-type': 'x-application/hl7-v2+er7',
      };
      const answer = await fetch(`${hub.http}/hl7v2`, { method: 'POST', headers, body: new Uint8Array(body) });
      const message = parseMessage(await answer.text());
      return { code: (message.ok && message.value.text('MSA', 1)) || `${answer.status}` };
    },
    close: () => undefined,
  };
}
