import { readFileSync } from 'node:fs';
import { createServer, type PeerCertificate, type Server, type TLSSocket } from 'node:tls';
import { StartRefused } from '#libs/service';
import type { TlsFiles } from '#libs/platform';
import { PLAIN, type Origin } from './door.ts';

/** A peer that does not come to its end with the handshake is dropped after this: it costs a socket and no message. */
const HANDSHAKE_MILLIS = 10_000;

/**
 * MLLP over TLS (1.2 or later), not listening yet. With an issuer of senders' certificates it is mutual: a peer without a
 * certificate of that issuer, or with one that has run out, does not come through the handshake, and the names in its
 * certificate say for whom it may speak. Without one any peer may connect, as it may in the clear.
 * @param accept called with each connection whose handshake is over
 * @throws StartRefused when a file cannot be read, or certificate and key are no pair
 */
export function tlsServer(files: TlsFiles, accept: (socket: TLSSocket, origin: Origin) => void): Server {
  const isMutual = files.clientCa !== undefined;
  const options = {
    cert: read(files.certificate, 'BRYGGAN_MLLP_TLS_CERTIFICATE'),
    key: read(files.key, 'BRYGGAN_MLLP_TLS_KEY'),
    ...(files.clientCa !== undefined && { ca: read(files.clientCa, 'BRYGGAN_MLLP_TLS_CLIENT_CA') }),
    ...{ requestCert: isMutual, rejectUnauthorized: isMutual, minVersion: 'TLSv1.2' as const },
    ...{ allowHalfOpen: true, handshakeTimeout: HANDSHAKE_MILLIS },
  };
  try {
    const server = createServer(options, (socket) => {
      accept(socket, isMutual ? { kind: 'certificate', names: namesIn(socket.getPeerCertificate()) } : PLAIN);
    });
    // Without a listener a failed handshake would leave the socket to itself.
    return server.on('tlsClientError', (_error, socket) => socket.destroy());
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new StartRefused(
      `MLLP over TLS: certificate, key or issuer cannot be used (${reason}): see BRYGGAN_MLLP_TLS_CERTIFICATE`,
      { cause: error },
    );
  }
}

/** The names by which an agreement can know a certificate: CN and serialNumber of its subject, and its DNS names. */
export function namesIn({ subject, subjectaltname = '' }: Partial<PeerCertificate>): ReadonlySet<string> {
  const fields: Readonly<Record<string, string | string[] | undefined>> = { ...subject };
  const ofSubject = ['CN', 'serialNumber'].flatMap((field) => fields[field] ?? []);
  // Node quotes a name that holds a comma: such a one is no DNS name.
  const dns = subjectaltname.split(', ').flatMap((name) => /^DNS:([A-Za-z0-9.*-]+)$/.exec(name)?.[1] ?? []);
  return new Set([...ofSubject, ...dns]);
}

function read(file: string, setting: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new StartRefused(`the file of ${setting} cannot be read`, { cause: error });
  }
}
