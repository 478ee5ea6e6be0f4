import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeOnce, writeDurably } from './durable-file.ts';
import { readIdSecret } from './id-secret.ts';

describe('the id secret', () => {
  let stateDir = '';
  beforeEach(() => void (stateDir = mkdtempSync(join(tmpdir(), 'bryggan-secret-'))));
  afterEach(() => rmSync(stateDir, { recursive: true }));

  it('is made once, for the owner alone, and kept', () => {
    const secret = readIdSecret({ stateDir });
    expect(secret).toHaveLength(32);
    expect(readIdSecret({ stateDir })).toEqual(secret);
    expect(statSync(join(stateDir, 'id-secret')).mode & 0o777).toBe(0o600);
  });

  it('is the environment’s when that has one', () => {
    expect(readIdSecret({ stateDir, idSecret: 'x'.repeat(32) }).toString()).toBe('x'.repeat(32));
    expect(readdirSync(stateDir)).toEqual([]);
  });

  it('is never made anew in place of a damaged one', () => {
    writeFileSync(join(stateDir, 'id-secret'), '');
    expect(() => readIdSecret({ stateDir })).toThrow(/id-secret/);
  });
});

describe('durable files', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'bryggan-file-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('made once give the second maker what the first wrote', () => {
    const file = join(folder, 'a');
    expect(makeOnce(file, 'first')).toBe('first');
    expect(makeOnce(file, 'second')).toBe('first');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('replaced leave nothing beside them', () => {
    const file = join(folder, 'in', 'a');
    writeDurably(file, 'one');
    writeDurably(file, 'two');
    expect(readFileSync(file, 'utf8')).toBe('two');
    expect(readdirSync(join(folder, 'in'))).toEqual(['a']);
  });
});
