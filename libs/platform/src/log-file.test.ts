import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFile } from './log-file.ts';

describe('the log file', () => {
  let folder = '';
  let file = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bryggan-log-'));
    file = join(folder, 'hub.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is its owner’s alone, also when an earlier version made it readable for all', () => {
    writeFileSync(file, 'old\n');
    chmodSync(file, 0o644);
    new LogFile(file).write('new\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toBe('old\nnew\n');
  });

  it('begins anew above its largest size, keeps the four youngest, and loses no line between them', () => {
    const log = new LogFile(file, 10);
    for (let line = 1; line <= 12; line += 1) log.write(`line ${`${line}`.padStart(2, '0')}\n`);
    expect(readdirSync(folder).sort()).toEqual(['hub.log', 'hub.log.1', 'hub.log.2', 'hub.log.3', 'hub.log.4']);
    const kept = ['.4', '.3', '.2', '.1', ''].map((end) => readFileSync(`${file}${end}`, 'utf8')).join('');
    expect(kept).toBe(Array.from({ length: 10 }, (_, i) => `line ${`${i + 3}`.padStart(2, '0')}\n`).join(''));
    expect(statSync(`${file}.1`).mode & 0o777).toBe(0o600);
  });

  it('counts the size that it finds', () => {
    writeFileSync(file, 'x'.repeat(50));
    new LogFile(file, 40).write('new\n');
    expect(readFileSync(file, 'utf8')).toBe('new\n');
  });

  const full = existsSync('/dev/full') ? it : it.skip;
  full('drops what a full disk does not take, without an error', () => {
    const log = new LogFile('/dev/full');
    expect(() => log.write('lost\n')).not.toThrow();
  });
});
