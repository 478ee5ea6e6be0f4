import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCallers } from './callers.ts';
import { loadCounty, type County } from './county.ts';

const county = loadCounty(join(import.meta.dirname, '../../../deploy/county'));
type Entry = { token: string; party: string; roles: string[] };

describe('openCallers', () => {
  let folder = '';
  const file = () => join(folder, 'callers.json');
  const written = () => JSON.parse(readFileSync(file(), 'utf8')) as Record<string, Entry>;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'bryggan-callers-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes the callers of contract 1, for the owner alone', () => {
    openCallers(file(), county);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const callers = written();
    expect(callers['0184']).toEqual({ token: expect.any(String), party: '0184', roles: ['party'] });
    expect(callers['sender:KS']).toMatchObject({ party: 'SE2321000016-1000', roles: ['sender'] });
    expect(callers.operator).toMatchObject({ party: 'operator', roles: ['operator'] });
    for (const name of ['storsthlm', 'hsf']) expect(callers[name]).toMatchObject({ party: name, roles: ['observer'] });
    expect(Object.keys(callers)).toHaveLength(county.partyIds().length + county.senderIds().length + 3);
    const tokens = Object.values(callers).map(({ token }) => token);
    expect(new Set(tokens).size).toBe(tokens.length);
    for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  });

  it('knows a caller by its token alone', () => {
    const callers = openCallers(file(), county);
    const { token } = written()['sender:KS']!;
    const expected = { name: 'sender:KS', party: 'SE2321000016-1000', roles: ['sender'] };
    expect(callers.byToken(token)).toEqual(expected);
    expect(callers.byAuthorization(`Bearer ${token}`)).toEqual(expected);
    expect(callers.byAuthorization(`bearer ${token}`)).toEqual(expected);
    for (const bad of [
      undefined,
      '',
      token,
      `Basic ${token}`,
      `Bearer ${token}x`,
      'Bearer sender:KS',
      `Bearer ${token} x`,
    ]) {
      expect(callers.byAuthorization(bad)).toBeUndefined();
    }
  });

  it('keeps tokens from start to start and adds who is new', () => {
    openCallers(file(), county);
    const { '0184': solna, ...others } = written();
    writeFileSync(file(), JSON.stringify(others));
    const callers = openCallers(file(), county);
    const again = written();
    expect({ ...again, '0184': undefined }).toEqual({ ...others, '0184': undefined });
    expect(again['0184']?.token).not.toBe(solna?.token);
    expect(callers.byToken(again['0184']!.token)?.name).toBe('0184');
  });

  it('lets nobody in whom the county no longer has, but keeps the token', () => {
    openCallers(file(), county);
    const { token } = written()['0184']!;
    const without: County = { ...county, partyIds: () => county.partyIds().filter((id) => id !== '0184') };
    expect(openCallers(file(), without).byToken(token)).toBeUndefined();
    expect(openCallers(file(), county).byToken(token)?.name).toBe('0184');
  });

  it('takes party and roles from the county, not from the file', () => {
    openCallers(file(), county);
    const callers = written();
    callers['0184']!.roles = ['operator'];
    writeFileSync(file(), JSON.stringify(callers));
    expect(openCallers(file(), county).byName('0184')?.roles).toEqual(['party']);
  });

  it.each(['{', '[]x', '{"0184":{}}', '{"0184":{"token":"x"}}', 'null', '[]'])('refuses a damaged file: %s', (text) => {
    writeFileSync(file(), text);
    expect(() => openCallers(file(), county)).toThrow(/callers\.json: är skadad/);
    expect(readFileSync(file(), 'utf8')).toBe(text);
  });
});
