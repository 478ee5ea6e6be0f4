import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ConfigurationError, type Configuration } from './configuration.ts';
import { makeOnce } from './durable-file.ts';

/**
 * The secret that all ids rest on (architecture 2.4): BRYGGAN_ID_SECRET, else one made once in `<state>/id-secret` and
 * never rotated. Losing it gives every stay a second identity, so a damaged file is refused, and no reason for a new one.
 * @throws ConfigurationError when the file holds no secret
 */
export function readIdSecret({ idSecret, stateDir }: Pick<Configuration, 'idSecret' | 'stateDir'>): Buffer {
  if (idSecret !== undefined) return Buffer.from(idSecret, 'utf8');
  const file = join(stateDir, 'id-secret');
  const secret = Buffer.from(makeOnce(file, `${randomBytes(32).toString('base64url')}\n`).trim(), 'base64url');
  if (secret.length !== 32) {
    throw new ConfigurationError([
      `${file}: innehåller ingen hemlighet, lägg tillbaka den ur en kopia av tillståndet | ` +
        'holds no secret: put it back from a backup of the state',
    ]);
  }
  return secret;
}
