import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Charset } from './charset.ts';
import { delimitersOf, escapeText, readEscapes, STANDARD_DELIMITERS, unescapeText } from './delimiters.ts';

const ODD = delimitersOf('#', '*+!%')!;

describe('unescapeText', () => {
  it.each<[raw: string, text: string]>([
    ['Test\\T\\son', 'Test&son'],
    ['\\F\\\\S\\\\R\\\\E\\', '|^~\\'],
    ['rad 1\\.br\\rad 2', 'rad 1\nrad 2'],
    ['a\\.sp2\\b\\.ce\\c', 'a\n\nb\nc'],
    ['a\\.sk3\\b', 'a   b'],
    ['\\.in+4\\\\.fi\\a\\H\\b\\N\\', 'ab'],
    ['\\X0D0A\\', '\r\n'],
    ['\\XC3A5\\', 'å'],
    ['\\XE5\\ is not UTF-8', '\\XE5\\ is not UTF-8'],
    ['\\XE\\', '\\XE\\'],
    ['\\Zin\\ \\C2842\\ \\M244021\\', '\\Zin\\ \\C2842\\ \\M244021\\'],
    ['\\Zab\\F\\', '\\Zab\\F\\'],
    ['\\Zab\\\\F\\', '\\Zab\\|'],
    ['C:\\dir\\F\\', 'C:\\dir|'],
    ['a\\b', 'a\\b'],
    ['\\', '\\'],
    ['\\\\', '\\\\'],
    ['\\E\\T\\E\\', '\\T\\'],
    ['\\P\\', '#'],
    ['\\.sp99999\\', '\\.sp99999\\'],
    ['', ''],
  ])('%s', (raw, text) => {
    expect(unescapeText(raw, STANDARD_DELIMITERS, 'UNICODE UTF-8')).toBe(text);
  });

  it.each<[Charset, string]>([
    ['8859/1', '¤å'],
    ['8859/15', '€å'],
  ])('reads hex by %s', (charset, text) => {
    expect(unescapeText('\\XA4E5\\', STANDARD_DELIMITERS, charset)).toBe(text);
  });

  it.each<[raw: string, charset: Charset, text: string]>([
    ['\\X00C5\\kesson', 'UNICODE UTF-8', 'Åkesson'],
    ['\\X00C5\\kesson', '8859/1', 'Åkesson'],
    ['\\X00C500E4\\', 'ASCII', 'Åä'],
    ['\\XE5\\\\XC4D6\\', 'ASCII', 'åÄÖ'],
    ['\\XC3A5\\', 'ASCII', 'å'],
    ['\\X0160\\', '8859/1', 'Š'],
    ['\\X2013\\', '8859/1', '–'],
    ['\\X20AC\\', '8859/1', '€'],
    ['\\X20AC\\', 'UNICODE UTF-8', '€'],
    ['\\XD83DDE00\\', 'UNICODE UTF-8', '😀'],
    ['\\X0041\\', 'UNICODE UTF-8', 'A'],
    ['\\X000A\\', 'UNICODE UTF-8', '\n'],
    ['\\X0D0A\\', '8859/1', '\r\n'],
    ['\\X4142\\', '8859/1', 'AB'],
    ['\\XE5E4\\', '8859/1', 'åä'],
    ['\\X96\\', '8859/1', '–'],
  ])('reads %s in %s as %s', (raw, charset, text) => {
    expect(readEscapes(raw, STANDARD_DELIMITERS, charset)).toEqual({ text, unread: false });
  });

  it.each([
    '\\X00\\',
    '\\X0000\\',
    '\\X0081\\',
    '\\X81\\',
    '\\XD800\\',
    '\\X1C\\',
    '\\XE5E4\\',
    '\\Q\\',
    '\\Zin\\',
    'a\\b',
  ])('leaves %s as it is, and tells so', (raw) => {
    expect(readEscapes(`å ${raw} \\T\\`, STANDARD_DELIMITERS, 'UNICODE UTF-8')).toEqual({
      text: `å ${raw} &`,
      unread: true,
    });
  });

  it('never gives U+0000 or a C1 character', () => {
    const charset = fc.constantFrom<Charset>('ASCII', '8859/1', '8859/15', 'UNICODE UTF-8', 'CP1252', 'CP1250');
    const hex = fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('hex'));
    fc.assert(
      fc.property(hex, charset, (digits, read) => {
        const { text, unread } = readEscapes(`\\X${digits}\\`, STANDARD_DELIMITERS, read);
        expect(text).not.toMatch(/[^\P{Cc}\t\n\r\x7f]|\uFFFD/u);
        expect(unread).toBe(text === `\\X${digits}\\`);
      }),
      { numRuns: 3000 },
    );
  });

  it('uses the delimiters of the message', () => {
    expect(unescapeText('!F!!S!!R!!E!!T!\\F\\', ODD, 'ASCII')).toBe('#*+!%\\F\\');
  });

  it('changes nothing where the message has no escape character', () => {
    expect(unescapeText('\\F\\', delimitersOf('|', '^~')!, 'ASCII')).toBe('\\F\\');
  });
});

describe('escapeText', () => {
  it('is read back as it was, line breaks as LF', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[#*+!%|^~\\&a\r\n]{0,20}$/));
    fc.assert(
      fc.property(text, fc.constantFrom(STANDARD_DELIMITERS, ODD), (original, delimiters) => {
        fc.pre(!original.includes('\x0b') && !original.includes('\x1c'));
        const written = escapeText(original, delimiters);
        expect(written).not.toMatch(/[\r\n]/);
        const { field, component, repetition, subcomponent } = delimiters;
        for (const special of [field, component, repetition, subcomponent!]) expect(written).not.toContain(special);
        expect(unescapeText(written, delimiters, 'UNICODE UTF-8')).toBe(original.replace(/\r\n?/g, '\n'));
      }),
    );
  });

  it('keeps the bytes of MLLP out of a body', () => {
    expect(escapeText('a\x0bb\x1cc', STANDARD_DELIMITERS)).toBe('a\\.br\\b c');
  });

  it('puts spaces where the message has no escape character', () => {
    expect(escapeText('a|b^c\r\nd', delimitersOf('|', '^~')!)).toBe('a b c d');
  });
});
