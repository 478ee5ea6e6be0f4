import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
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

/**
 * The secret of a hub that has run: for a command that works on its state and must never make one.
 * @throws ConfigurationError when there is none, or the file holds none
 */
export function keptIdSecret(configuration: Pick<Configuration, 'idSecret' | 'stateDir'>): Buffer {
  const { idSecret, stateDir } = configuration;
  const file = join(stateDir, 'id-secret');
  if (idSecret === undefined && !existsSync(file)) {
    throw new ConfigurationError([
      `${file}: finns inte, ange hubbens BRYGGAN_DATA eller BRYGGAN_ID_SECRET | ` +
        "is not there: set the hub's BRYGGAN_DATA or BRYGGAN_ID_SECRET",
    ]);
  }
  return readIdSecret(configuration);
}
