import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { foreignContent } from './foreign-content.ts';
import { readStrictJson } from './strict-json.ts';

const MESSAGE = 'MSH|^~\\&|A|KS|||20260510||ADT^A01|1|P|2.5.1\r';
const MARK = '\ufeff';

describe('what bytes are that are no message', () => {
  it.each<[string, string | Buffer, string | undefined]>([
    ['nothing', '', 'empty-content'],
    ['a mark and blanks', `${MARK}\r\n  `, 'empty-content'],
    ['HL7 v2 in XML', '<?xml version="1.0"?><ADT_A01 xmlns="urn:hl7-org:v2xml"/>', 'xml-content'],
    ['FHIR in XML, marked and indented', `${MARK}\n  <Bundle xmlns="http://hl7.org/fhir"/>`, 'xml-content'],
    ['a page of the web', '<!doctype html>', 'xml-content'],
    ['a packed file', gzipSync(MESSAGE), 'binary-content'],
    ['an archive', Buffer.from('PK\x03\x04\x14\x00', 'latin1'), 'binary-content'],
    ['a PDF', '%PDF-1.7\n', 'binary-content'],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'binary-content'],
    ['UTF-16 with its mark', Buffer.from(MARK + MESSAGE, 'utf16le'), 'utf-16-content'],
    ['UTF-16 without a mark', Buffer.from(MESSAGE, 'utf16le'), 'utf-16-content'],
    ['UTF-16 of the other order', Buffer.from(MESSAGE, 'utf16le').swap16(), 'utf-16-content'],
    ['any other text', 'Name;Ward\n', undefined],
    ['a message', MESSAGE, undefined],
    ['a message in its frame', `\x0b${MESSAGE}\x1c\r`, undefined],
    ['a sign that begins no element', '<<< MSH', undefined],
    ['a frame in words', `<SB>${MESSAGE}<EB>`, undefined],
    ['JSON with something wrong in it', '{"\0"', undefined],
  ])('tells %s', (_, bytes, what) => {
    expect(foreignContent(Buffer.from(bytes))).toBe(what);
  });

  it.each<[string, string | Buffer, string]>([
    ['XML', '<Bundle/>', 'xml-content'],
    ['nothing', '', 'empty-content'],
    ['what is packed', gzipSync('{}'), 'binary-content'],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'utf-16-content'],
    ['a text', 'hej', 'bad-body'],
  ])('is said of %s where JSON is read', (_, bytes, name) => {
    expect(readStrictJson(Buffer.from(bytes), { depth: 8 })).toMatchObject({ name });
  });
});
