import type { INestApplication } from '@nestjs/common';
import type { Server } from 'node:http';
import { isLoopback, type HttpSettings, type Log } from '#libs/platform';

/**
 * Opens the door of an application with `HttpModule`.
 * @returns the address that it listens on as it is: `http://0.0.0.0:8080` is not the loopback
 */
export async function listen(app: INestApplication, { host, port }: HttpSettings, log: Log): Promise<string> {
  await app.listen(port, host);
  const bound = (app.getHttpServer() as Server).address();
  const listening = typeof bound === 'object' && bound !== null ? bound : { address: host, port };
  if (!isLoopback(listening.address)) log.warn('http.tokens-in-plain-text', { host: listening.address });
  const name = listening.address.includes(':') ? `[${listening.address}]` : listening.address;
  return `http://${name}:${listening.port}`;
}
