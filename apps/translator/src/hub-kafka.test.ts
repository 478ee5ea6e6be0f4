import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readConfiguration } from '#libs/platform';
import { loginOf } from './hub-kafka.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** The login of a command by these settings, beside a state with this file of logins. */
function login(environment: Readonly<Record<string, string>>, kept?: string) {
  const stateDir = mkdtempSync(join(tmpdir(), 'bryggan-logins-'));
  folders.push(stateDir);
  if (kept !== undefined) writeFileSync(join(stateDir, 'kafka-users.json'), kept);
  return loginOf(readConfiguration(environment, { embedded: true, stateDir }));
}

const KEPT = JSON.stringify({
  hub: { username: 'hub', password: 'kept' },
  router: { username: 'router', password: 'r' },
});

describe('the login of a command beside a running hub', () => {
  it('is the embedded hub’s own, kept with its state', () => {
    expect(login({}, KEPT)).toEqual({ username: 'hub', password: 'kept' });
  });

  it('is that of the settings where they name one', () => {
    const stated = { BRYGGAN_KAFKA_USERNAME: 'operator', BRYGGAN_KAFKA_PASSWORD: 'own' };
    expect(login(stated, KEPT)).toEqual({ username: 'operator', password: 'own' });
  });

  it('is never given to brokers that the settings name', () => {
    expect(login({ BRYGGAN_KAFKA_BROKERS: 'kafka.example:9092' }, KEPT)).toBeUndefined();
  });

  it('is none beside no state, and a damaged file is told', () => {
    expect(login({})).toBeUndefined();
    expect(() => login({}, '{"hub":{}}')).toThrow(/kafka-users\.json/);
    expect(() => login({}, 'no JSON')).toThrow(/kafka-users\.json/);
  });
});
