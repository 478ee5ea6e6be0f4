import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readHeader, type MessageHeaderFields } from './header.ts';

const MSH = 'MSH|^~\\&|APP^1.2^ISO|KS|HUB|REGION|20261101120000+0100||ADT^A01^ADT_A01|M1|P|2.5.1|||AL|NE||8859/1~ASCII';

function header(bytes: Buffer | string): MessageHeaderFields {
  const read = readHeader(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  if (!read.ok) throw new Error(read.fault.code);
  return read.value;
}

function fault(text: string): string | undefined {
  const read = readHeader(Buffer.from(text));
  return read.ok ? undefined : read.fault.code;
}

describe('readHeader', () => {
  it('reads the fields of the MSH', () => {
    const { raw, delimiters, charset, ...texts } = header(`${MSH}\rPID|1`);
    expect(texts).toEqual({
      sendingApplication: 'APP',
      sendingFacility: 'KS',
      receivingApplication: 'HUB',
      receivingFacility: 'REGION',
      sentAt: '20261101120000+0100',
      messageCode: 'ADT',
      triggerEvent: 'A01',
      messageStructure: 'ADT_A01',
      controlId: 'M1',
      processingId: 'P',
      version: '2.5.1',
      acceptAcknowledgement: 'AL',
      applicationAcknowledgement: 'NE',
      characterSet: '8859/1',
    });
    expect([delimiters.component, charset]).toEqual(['^', '8859/1']);
    expect([raw(1), raw(2), raw(3), raw(18), raw(99)]).toEqual(['|', '^~\\&', 'APP^1.2^ISO', '8859/1~ASCII', '']);
  });

  it.each([
    ['LF', `${MSH}\nPID|1`],
    ['CRLF', `${MSH}\r\nPID|1`],
    ['nothing after it', MSH],
    ['leading CR and LF', `\r\n${MSH}\rPID|1`],
    ['a tab, and byte order marks behind the end of a line', `\t\r\n\uFEFF\uFEFF ${MSH}\rPID|1`],
    ['a byte order mark', `\uFEFF${MSH}\rPID|1`],
  ])('ends at its line: %s', (_name, text) => {
    expect(header(text)).toMatchObject({ controlId: 'M1', characterSet: '8859/1' });
  });

  it.each([
    ['by MSH-18', Buffer.from('MSH|^~\\&|A|SÖS||||||||||||||8859/1', 'latin1')],
    ['as UTF-8 where nothing is declared', Buffer.from('MSH|^~\\&|A|SÖS||')],
    ['as 8859/1 where it is not UTF-8', Buffer.from('MSH|^~\\&|A|SÖS||', 'latin1')],
    ['as 8859/1 where the declared UTF-8 is none', Buffer.from('MSH|^~\\&|A|SÖS||||||||||||||UTF-8', 'latin1')],
  ])('reads letters %s', (_name, bytes) => {
    expect(header(bytes).sendingFacility).toBe('SÖS');
  });

  it.each([
    ['8859/1', Buffer.from('MSH|^~\\&|A|SÖS||||||||||||||8859/1', 'latin1')],
    ['UNICODE UTF-8', Buffer.from('MSH|^~\\&|A|SÖS||||||||||||||8859/1')],
    ['UNICODE UTF-8', Buffer.from('MSH|^~\\&|A|SÖS||')],
    ['8859/1', Buffer.from('MSH|^~\\&|A|SÖS||', 'latin1')],
    ['ASCII', Buffer.from('MSH|^~\\&|A|KS||')],
  ])('tells by which charset it was read: %s', (charset, bytes) => {
    expect(header(bytes).charset).toBe(charset);
  });

  it('does not count blanks around a field, and keeps them for the echo', () => {
    const padded = header(
      'MSH|^~\\&|APP   | KS  ^x|HUB||20261101  ||ADT  ^A01 |M1   | P   |2.5.1||| AL |NE ||8859/1   ',
    );
    expect(padded).toMatchObject({
      ...{ sendingApplication: 'APP', sendingFacility: 'KS', messageCode: 'ADT', triggerEvent: 'A01' },
      ...{ controlId: 'M1', processingId: 'P', applicationAcknowledgement: 'NE', charset: '8859/1' },
    });
    expect([padded.raw(3), padded.raw(4), padded.raw(10)]).toEqual(['APP   ', ' KS  ^x', 'M1   ']);
  });

  it('holds no U+0000 and no C1 character', () => {
    const odd = header(Buffer.from('MSH|^~\\&|A\x96\xe5|K\0S||||||M\x81\0|P||||||||8859/1', 'latin1'));
    expect([odd.sendingApplication, odd.sendingFacility, odd.controlId, odd.raw(10)]).toEqual([
      'A–å',
      'K S',
      'M',
      'M  ',
    ]);
  });

  it('reads unusual delimiters and escapes', () => {
    expect(header('MSH#*+!%#A#K!F!S*x#')).toMatchObject({ sendingApplication: 'A', sendingFacility: 'K#S' });
  });

  it.each([
    ['', 'empty'],
    ['\r\n', 'empty'],
    ['PID|1', 'no-header'],
    ['msh|^~\\&|', 'no-header'],
    ['M\0S\0H\0|\0', 'no-header'],
    ['FHS|^~\\&|', 'batch'],
    ['BHS|^~\\&|', 'batch'],
    ['MSH', 'bad-delimiters'],
    ['MSH|', 'bad-delimiters'],
    ['MSH|^|', 'bad-delimiters'],
    ['MSH|^~\\&#%|', 'bad-delimiters'],
    ['MSH|^^\\&|', 'bad-delimiters'],
    ['MSH|^~|&|', undefined],
    ['MSH|^~&|', undefined],
    ['MSH|^~&&|', 'bad-delimiters'],
    ['MSHA^~\\&A', 'bad-delimiters'],
    ['MSH ^~\\& x', 'bad-delimiters'],
  ])('%j: %s', (text, code) => {
    expect(fault(text)).toBe(code);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(MSH.length), (values, keep) => {
        const read = readHeader(Buffer.concat([Buffer.from(MSH.slice(0, keep)), values]));
        if (read.ok) read.value.raw(18);
      }),
      { numRuns: 1000 },
    );
  });
});
