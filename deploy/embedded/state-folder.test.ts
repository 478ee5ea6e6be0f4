import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepLogSmall, openLog } from './part.ts';
import { openStateFolder, removeIfEmpty, requireData, requireIdSecret, whyUnmade } from './state-folder.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'bryggan-folder-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const put = (name: string, text = ''): void => {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
};
const RECORD = JSON.stringify({ pid: 1, port: 1, startTime: '1', dataDir: 'x', stateDir: 'x', settings: '' });

describe('the state folder', () => {
  it('is new until a start has left something in it', () => {
    expect(openStateFolder(join(folder, 'state'))).toEqual({ path: join(folder, 'state'), isNew: true });
    expect(statSync(join(folder, 'state')).mode & 0o777).toBe(0o700);
    for (const name of ['hub.json', 'owner.json', 'hub.log']) put(name);
    expect(openStateFolder(folder).isNew).toBe(true);
    put('kafka/data/meta.properties');
    expect(openStateFolder(folder).isNew).toBe(false);
  });

  it('that a disk which can only be read does not let be made says so, whatever mkdir says', () => {
    const asked: string[] = [];
    const onlyRead = (at: string): void => {
      asked.push(at);
      throw Object.assign(new Error('read-only file system'), { code: 'EROFS' });
    };
    expect(whyUnmade(join(folder, 'a/b'), onlyRead)).toBe('EROFS');
    expect(asked).toEqual([folder]);
    expect(whyUnmade(join(folder, 'a/b'))).toBe('ENOENT');
  });

  it.each([['callers.json'], ['postgres.json']])('that has %s must have its id secret', (used) => {
    expect(() => requireIdSecret(folder)).not.toThrow();
    put(used);
    expect(() => requireIdSecret(folder)).toThrow(/^id-secret of the state .* is missing, .*: put it back from a copy/);
    put('id-secret');
    expect(() => requireIdSecret(folder)).not.toThrow();
  });

  it('must have the data that its record tells of, and whole ones', () => {
    const data = join(folder, 'kafka/data');
    const check = () => requireData(folder, 'kafka.json', data, 'meta.properties');
    expect(check).not.toThrow();
    put('kafka/data/events-0/00.log', 'x');
    expect(check).toThrow(/meta\.properties of the state .* is missing, and .* is not whole/);
    put('kafka/data/meta.properties');
    expect(check).not.toThrow();
    rmSync(data, { recursive: true });
    expect(check).not.toThrow();
    put('kafka.json', RECORD);
    expect(check).toThrow(/kafka\/data of the state .* is missing/);
  });

  it('keeps what is in a folder that was taken for empty', () => {
    put('data/PG_VERSION', '18');
    removeIfEmpty(join(folder, 'data'));
    expect(existsSync(join(folder, 'data/PG_VERSION'))).toBe(true);
  });
});

describe("a part's own log", () => {
  it('is its owner’s alone and begins anew above 10 MB, while it is being written', () => {
    const file = join(folder, 'kafka.log');
    put('kafka.log', 'old');
    const descriptor = openLog(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    truncateSync(file, 11 * 1024 * 1024);
    keepLogSmall(file);
    writeFileSync(descriptor, 'new');
    expect([statSync(file).size, statSync(`${file}.1`).size]).toEqual([3, 11 * 1024 * 1024]);
    expect(statSync(`${file}.1`).mode & 0o777).toBe(0o600);
  });
});
