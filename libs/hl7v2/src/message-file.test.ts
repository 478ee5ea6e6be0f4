import { describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messagesIn, readFilesAt } from './message-file.ts';

const texts = (file: string | Buffer): string[] => messagesIn(Buffer.from(file)).map(({ bytes }) => bytes.toString());

describe('a file of messages', () => {
  it.each([
    ['lines that end with LF', 'MSH|^~\\&|KS\nPID|1\n', ['MSH|^~\\&|KS\rPID|1\r']],
    ['lines that end with CRLF', 'MSH|a\r\nPID|1', ['MSH|a\rPID|1']],
    ['several messages', 'MSH|a\nPID|1\n\nMSH|b\nPID|2', ['MSH|a\rPID|1\r', 'MSH|b\rPID|2']],
    ['a frame as it was caught', '\x0bMSH|a\rPID|1\r\x1c\r', ['MSH|a\rPID|1\r\r']],
    ['a batch, which is one', 'FHS|x\nBHS|x\nMSH|a\nMSH|b\nBTS|2', ['FHS|x\rBHS|x\rMSH|a\rMSH|b\rBTS|2']],
    ['an LF within a text', 'MSH|a\rOBX|1|x\ny\rPV1|1\r\nMSH|b', ['MSH|a\rOBX|1|x\ny\rPV1|1', 'MSH|b']],
    ['nothing', '\n\n', []],
  ])('with %s', (_, file, messages) => {
    expect(texts(file)).toEqual(messages);
  });

  it('keeps every byte of a text, in whatever charset', () => {
    const file = Buffer.concat([Buffer.from('MSH|a\nPID|1|'), Buffer.from([0xe5, 0xc3, 0xa5, 0x80])]);
    expect(messagesIn(file)[0]!.bytes.subarray(-4)).toEqual(Buffer.from([0xe5, 0xc3, 0xa5, 0x80]));
  });

  it('has its visit id among its values', () => {
    const [message] = messagesIn(Buffer.from('MSH|^~\\&|KS\nPV1|1|I||||||||V1^^^KS~V2'));
    for (const visit of ['V1', 'V2']) expect(message!.values.has(visit)).toBe(true);
  });
});

describe('what stands at paths', () => {
  it('is each file in its order, and what cannot be read hides no other', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bryggan-files-'));
    const at = (name: string): string => join(folder, name);
    try {
      mkdirSync(at('all/inner/none'), { recursive: true });
      mkdirSync(at('empty/inner'), { recursive: true });
      for (const name of ['all/b', 'all/a', 'all/inner/c', 'outside']) writeFileSync(at(name), name);
      symlinkSync(at('outside'), at('all/link'));
      symlinkSync(at('gone'), at('all/lost'));
      symlinkSync(at('all'), at('all/round'));
      const found = [...readFilesAt(['gone', 'all', 'empty', 'outside'].map(at))];
      expect(found.map(({ path, lacks }) => [path.slice(folder.length + 1), lacks])).toEqual([
        ['gone', 'file-unreadable'],
        ['all/a', undefined],
        ['all/b', undefined],
        ['all/inner/c', undefined],
        ['all/link', undefined],
        ['all/lost', 'file-unreadable'],
        ['empty', 'folder-empty'],
        ['outside', undefined],
      ]);
      expect(found.flatMap((file) => (file.lacks === undefined ? [file.bytes.toString()] : []))).toContain('outside');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
