import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { charsetNamed, decodeCharset, encodeCharset, type Charset } from './charset.ts';

const SWEDISH = 'Åsa Öberg, Häggvägen';
const UTF8 = Buffer.from(SWEDISH, 'utf8');
const LATIN = Buffer.from(SWEDISH, 'latin1');
const EURO_15 = Buffer.from([0xa4]);

describe('charsetNamed', () => {
  it.each<[string, Charset | undefined]>([
    ['ASCII', 'ASCII'],
    ['8859/1', '8859/1'],
    ['8859-1', '8859/1'],
    ['ISO-8859-1', '8859/1'],
    ['ISO_8859_1', '8859/1'],
    ['8859/15', '8859/15'],
    ['UNICODE UTF-8', 'UNICODE UTF-8'],
    ['unicode utf-8', 'UNICODE UTF-8'],
    ['UTF-8', 'UNICODE UTF-8'],
    ['UTF8', 'UNICODE UTF-8'],
    ['windows-1252', 'CP1252'],
    ['UNICODE UTF-16', undefined],
    ['ISO IR87', undefined],
    ['', undefined],
  ])('%s', (name, expected) => {
    expect(charsetNamed(name)).toBe(expected);
  });
});

describe('decodeCharset', () => {
  it.each<[name: string, bytes: Buffer, declared: string, senderDefault: Charset | undefined, expected: unknown]>([
    ['declared UTF-8', UTF8, 'UNICODE UTF-8', undefined, [SWEDISH, 'UNICODE UTF-8']],
    ['declared 8859/1', LATIN, '8859/1', undefined, [SWEDISH, '8859/1']],
    ['declared 8859/15', LATIN, '8859/15', 'UNICODE UTF-8', [SWEDISH, '8859/15']],
    ['8859/15 has the euro sign', EURO_15, '8859/15', undefined, ['€', '8859/15']],
    ['8859/1 has not', EURO_15, '8859/1', undefined, ['¤', '8859/1']],
    ['CP1252', Buffer.from([0x80, 0xe5]), 'CP1252', undefined, ['€å', 'CP1252']],
    ['nothing declared, UTF-8 bytes', UTF8, '', '8859/1', [SWEDISH, 'UNICODE UTF-8']],
    ['nothing declared, the sender default', LATIN, '', '8859/1', [SWEDISH, '8859/1']],
    ['unknown name, the sender default', LATIN, 'ISO IR87', '8859/1', [SWEDISH, '8859/1']],
    ['nothing declared, no default', LATIN, '', undefined, 'unknown-charset'],
    ['declared UTF-8, other bytes', LATIN, 'UNICODE UTF-8', '8859/1', 'not-in-declared-charset'],
    ['a cut UTF-8 letter', UTF8.subarray(0, 1), 'UTF-8', undefined, 'not-in-declared-charset'],
    ['bytes CP1252 does not have', Buffer.from([0x81]), 'CP1252', undefined, 'not-in-declared-charset'],
    ['a default that does not fit', LATIN, '', 'UNICODE UTF-8', 'not-in-declared-charset'],
    ['plain ASCII', Buffer.from('MSH|'), '8859/1', undefined, ['MSH|', '8859/1']],
  ])('%s', (_name, bytes, declared, senderDefault, expected) => {
    const decoded = decodeCharset(bytes, declared, senderDefault);
    const { value } = decoded.ok ? decoded : { value: undefined };
    expect(decoded.ok ? [value?.text, value?.charset] : decoded.fault.code).toEqual(expected);
    expect(value?.salvage ?? []).toEqual([]);
  });

  const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

  it.each<[name: string, bytes: Buffer, declared: string, text: string, charset: Charset, salvage: string[]]>([
    ['UTF-8 under 8859/1', UTF8, '8859/1', SWEDISH, 'UNICODE UTF-8', ['utf-8']],
    ['UTF-8 under 8859/15', UTF8, '8859/15', SWEDISH, 'UNICODE UTF-8', ['utf-8']],
    ['UTF-8 under windows-1252', UTF8, 'windows-1252', SWEDISH, 'UNICODE UTF-8', ['utf-8']],
    ['UTF-8 under ASCII', UTF8, 'ASCII', SWEDISH, 'UNICODE UTF-8', ['not-ascii']],
    ['the sender default under ASCII', LATIN, 'ASCII', SWEDISH, '8859/1', ['not-ascii']],
    ['Windows-1252 under 8859/1', latin('\x8eimi\xe5 \x96'), '8859/1', 'Žimiå –', '8859/1', ['windows-1252']],
    ['Windows-1252 under 8859/15', latin('\x80\xa4\xe5'), '8859/15', '€€å', '8859/15', ['windows-1252']],
    ['Windows-1252 by the sender default', latin('\x93\xe5'), '', '“å', '8859/1', ['windows-1252']],
    ['a C1 character in UTF-8', Buffer.from('a\u0096b'), 'UTF-8', 'a–b', 'UNICODE UTF-8', ['windows-1252']],
    ['no letter of Windows-1252 either', latin('V\x811\xe5'), '8859/1', 'V 1å', '8859/1', ['controls']],
    [
      'UTF-8 among 8859/1, and what only looks like it',
      Buffer.concat([UTF8, latin('\xd6\x94 \xe5\x94\xa0 \xe5')]),
      '8859/1',
      `${SWEDISH}Ö” å”\u00a0 å`,
      '8859/1',
      ['utf-8', 'windows-1252'],
    ],
    ['UTF-8 among the sender default', Buffer.concat([UTF8, LATIN]), '', SWEDISH + SWEDISH, '8859/1', ['utf-8']],
    ['U+0000 in ASCII', latin('V\x001'), '', 'V 1', 'ASCII', ['controls']],
    [
      'all at once',
      Buffer.from('\0\u0080å\u0081'),
      '8859/1',
      ' €å ',
      'UNICODE UTF-8',
      ['utf-8', 'windows-1252', 'controls'],
    ],
  ])('salvages %s', (_name, bytes, declared, text, charset, salvage) => {
    const decoded = decodeCharset(bytes, declared, '8859/1');
    expect(decoded.ok && decoded.value).toEqual({ text, charset, salvage, damagedBySender: false });
  });

  it('never makes a replacement character, and tells one that the sender made', () => {
    const charset = fc.constantFrom('', 'ASCII', '8859/1', '8859/15', 'UTF-8', 'CP1252', 'CP1250', 'x');
    const agreed = fc.constantFrom<Charset>('8859/1', '8859/15', 'UNICODE UTF-8', 'CP1252');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), charset, agreed, (values, declared, senderDefault) => {
        const bytes = Buffer.from(values);
        const decoded = decodeCharset(bytes, declared, senderDefault);
        if (!decoded.ok) return;
        const { text, charset: read, salvage } = decoded.value;
        expect(text).not.toMatch(/[\0\x80-\x9f]/);
        expect(text.includes('\uFFFD')).toBe(isUtf8(bytes) && bytes.toString('utf8').includes('\uFFFD'));
        if (salvage.includes('windows-1252') || salvage.includes('controls')) return;
        expect(encodeCharset(text, read)).toEqual(bytes);
      }),
    );
    const damaged = decodeCharset(Buffer.from('\uFFFDsa'), '', undefined);
    expect(damaged.ok && damaged.value.damagedBySender).toBe(true);
  });
});

describe('encodeCharset', () => {
  it.each<[string, Charset, Buffer | undefined]>([
    ['å', '8859/1', Buffer.from([0xe5])],
    ['€', '8859/1', undefined],
    ['€', '8859/15', EURO_15],
    ['å', 'ASCII', undefined],
    ['\ud800', 'UNICODE UTF-8', undefined],
    ['å', 'UNICODE UTF-8', Buffer.from([0xc3, 0xa5])],
  ])('%s in %s', (text, charset, expected) => {
    expect(encodeCharset(text, charset)).toEqual(expected);
  });
});
