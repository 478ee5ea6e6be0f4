import { describe, expect, it } from '@jest/globals';
import { acknowledgement, type AcknowledgementError, type Outcome, wantedAnswers } from './acknowledgement.ts';
import { decodeCharset } from './charset.ts';
import { readHeader, type MessageHeaderFields } from './header.ts';
import { parseMessage } from './parse.ts';

function header(text: string): MessageHeaderFields {
  const read = readHeader(Buffer.from(text));
  if (!read.ok) throw new Error(read.fault.code);
  return read.value;
}

function answer(of: string | undefined, code: 'AA' | 'AE' | 'AR' | 'CA', error?: AcknowledgementError): string {
  const given = { of: of === undefined ? undefined : header(of), code, controlId: 'B7', at: '20261101120001+0100' };
  return acknowledgement(error ? { ...given, error } : given).toString('utf8');
}

const IN_251 = 'MSH|^~\\&|APP^1.2^ISO|KS|HUB|REGION|20261101||ADT^A01^ADT_A01|M1|P|2.5.1';
const IN_23 = 'MSH|^~\\&|APP|KS|HUB|REGION|20261101||ADT^A09|M1|T|2.3';
const ERROR: AcknowledgementError = {
  hl7Code: '201',
  severity: 'E',
  text: 'A09 tas inte emot | ring 08',
  bryCode: 'BRY-1005',
  location: 'MSH^1^9',
};

describe('acknowledgement', () => {
  it('swaps sender and receiver and echoes what belongs to the message', () => {
    expect(answer(IN_251, 'AA')).toBe(
      'MSH|^~\\&|HUB|REGION|APP^1.2^ISO|KS|20261101120001+0100||ACK^A01^ACK|B7|P|2.5.1\rMSA|AA|M1\r',
    );
  });

  it('tells an error in ERR from version 2.5 on', () => {
    expect(answer(IN_251, 'AR', ERROR)).toBe(
      'MSH|^~\\&|HUB|REGION|APP^1.2^ISO|KS|20261101120001+0100||ACK^A01^ACK|B7|P|2.5.1\r' +
        'MSA|AR|M1\r' +
        'ERR||MSH^1^9|201^Unsupported event code^HL70357|E|BRY-1005^^BRYGGAN|||A09 tas inte emot \\F\\ ring 08\r',
    );
  });

  it('tells an error in MSA before version 2.5', () => {
    expect(answer(IN_23, 'AR', ERROR)).toBe(
      'MSH|^~\\&|HUB|REGION|APP|KS|20261101120001+0100||ACK^A09^ACK|B7|T|2.3\r' +
        'MSA|AR|M1|BRY-1005 A09 tas inte emot \\F\\ ring 08|||201^Unsupported event code^HL70357\r',
    );
  });

  it.each([
    ['2.4', false],
    ['2.5', true],
    ['2.10', true],
    ['2.8', true],
    ['3', true],
    ['x', false],
    ['', true],
  ])('version %s', (version, inErr) => {
    expect(answer(IN_251.replace('2.5.1', version), 'AE', ERROR).includes('\rERR|')).toBe(inErr);
  });

  it('speaks in the delimiters of the message', () => {
    expect(answer('MSH#*+!%#APP*1#KS#HUB#R!F!E#2026##ADT*A01*ADT_A01#M!E!1#P#2.5.1', 'AE', ERROR)).toBe(
      'MSH#*+!%#HUB#R!F!E#APP*1#KS#20261101120001!R!0100##ACK*A01*ACK#B7#P#2.5.1\r' +
        'MSA#AE#M!E!1\r' +
        'ERR##MSH*1*9#201*Unsupported event code*HL70357#E#BRY-1005**BRYGGAN###A09 tas inte emot | ring 08\r',
    );
  });

  it('says UTF-8 where ASCII is not enough, and only there', () => {
    const swedish = answer(IN_251, 'AE', { ...ERROR, text: 'Kafka svarar inte, försök igen' });
    const message = parseMessage(swedish);
    if (!message.ok) throw new Error(message.fault.code);
    expect(message.value.text('MSH', 18)).toBe('UNICODE UTF-8');
    expect(message.value.text('ERR', 8)).toBe('Kafka svarar inte, försök igen');
    expect(answer(IN_251, 'AE', ERROR)).not.toContain('UTF-8');
  });

  it('can answer bytes without a header', () => {
    expect(answer(undefined, 'AR', { hl7Code: '100', severity: 'E', text: 'MSH saknas' })).toBe(
      'MSH|^~\\&|||||20261101120001+0100||ACK|B7|P|2.5.1\r' +
        'MSA|AR\r' +
        'ERR|||100^Segment sequence error^HL70357|E||||MSH saknas\r',
    );
  });
});

describe('an answer to a header that is out of the ordinary', () => {
  const latin = (text: string) => Buffer.from(text, 'latin1');
  const error = { ...ERROR, text: 'Försök igen – nu' };

  function bytesFor(of: Buffer, withError = false): Buffer {
    const read = readHeader(of);
    if (!read.ok) throw new Error(read.fault.code);
    return acknowledgement({ of: read.value, code: 'AA', controlId: 'B7', at: '2026', ...(withError && { error }) });
  }

  it.each([
    ['8859/1, declared', latin('MSH|^~\\&|Journal Öst|KS|||2026||ADT^A01|KS-Å1|P|2.5.1||||||8859/1'), '8859/1'],
    ['8859/1, not declared', latin('MSH|^~\\&|Journal Öst|KS|||2026||ADT^A01|KS-Å1|P|2.5.1'), '8859/1'],
    ['UTF-8', Buffer.from('MSH|^~\\&|Journal Öst|KS|||2026||ADT^A01|KS-Å1|P|2.5.1||||||UTF-8'), 'UNICODE UTF-8'],
    [
      'UTF-8 under 8859/1',
      Buffer.from('MSH|^~\\&|Journal Öst|KS|||2026||ADT^A01|KS-Å1|P|2.5.1||||||8859/1'),
      'UNICODE UTF-8',
    ],
  ])('has the bytes that were sent: %s', (_name, of, charset) => {
    const [answered, asked] = [bytesFor(of, true), of];
    const controlId = asked.subarray(asked.indexOf('KS-'), asked.indexOf('|P|'));
    expect(answered.includes(Buffer.concat([Buffer.from('MSA|AA|'), controlId, Buffer.from('\r')]))).toBe(true);
    const decoded = decodeCharset(answered, charset);
    expect(decoded.ok && decoded.value).toMatchObject({ charset, salvage: [] });
    expect(decoded.ok && decoded.value.text).toContain(`|${charset}\r`);
    expect(decoded.ok && decoded.value.text).toMatch(/Försök igen [–?] nu/);
  });

  it('echoes blanks', () => {
    expect(bytesFor(latin('MSH|^~\\&|J |KS    |B |H|2026||ADT^A01|M1   |P  |2.5.1')).toString()).toBe(
      'MSH|^~\\&|B |H|J |KS    |2026||ACK^A01^ACK|B7|P  |2.5.1\rMSA|AA|M1   \r',
    );
  });

  it('speaks without an escape character to a sender that has none', () => {
    const text = bytesFor(latin('MSH|^~&|J|KS|B&x|H|2026||ADT^A01|M1|P|2.5.1'), true).toString();
    expect(text).toContain('MSH|^~&|B&x|H|J|KS|');
    expect(text).not.toContain('\\');
  });

  it.each([3, 4, 5, 6, 9, 10, 11, 12])('bounds what it echoes of MSH-%i', (field) => {
    const fields = ['MSH', '^~\\&', 'J', 'KS', 'B', 'H', '2026', '', 'ADT^A01', 'M1', 'P', '2.5.1'];
    fields[field - 1] = field === 9 ? `ADT^${'😀'.repeat(50_000)}` : `x${'😀'.repeat(50_000)}`;
    const answered = bytesFor(Buffer.from(fields.join('|')));
    expect(answered.length).toBeLessThan(2000);
    expect(answered.toString()).not.toContain('\uFFFD');
  });

  it('echoes no control character', () => {
    const odd = 'A\0\x01\x1c\x0b\x7f\x81\x96\xe5';
    for (const charset of ['', '8859/1', '8859/15']) {
      const answered = bytesFor(
        latin(`MSH|^~\\&|${odd}|${odd}|${odd}|${odd}|2026||ADT^${odd}|${odd}|${odd}|${odd}||||||${charset}`),
      );
      expect(answered.toString('latin1').replaceAll('\r', '')).not.toMatch(/\p{Cc}/u);
    }
  });
});

describe('the answers that a sender wants: now, and + for one that follows', () => {
  const ALL: readonly Outcome[] = ['accepted', 'error', 'rejected'];

  it.each([
    ['', '', ['AA', 'AE', 'AR']],
    ['', 'AL', ['AA', 'AE', 'AR']],
    ['NE', 'AL', ['AA', 'AE', 'AR']],
    ['NE', 'ER', ['', 'AE', 'AR']],
    ['', 'SU', ['AA', '', '']],
    ['NE', 'XX', ['AA', 'AE', 'AR']],
    ['AL', 'AL', ['CA+', 'CE', 'CR']],
    ['al', 'al', ['CA+', 'CE', 'CR']],
    ['AL', 'SU', ['CA+', 'CE', 'CR']],
    ['AL', 'ER', ['CA', 'CE', 'CR']],
    ['AL', 'NE', ['CA', 'CE', 'CR']],
    ['AL', '', ['CA', 'CE', 'CR']],
    ['AL', 'XX', ['CA', 'CE', 'CR']],
    ['XX', '', ['CA', 'CE', 'CR']],
    ['ER', 'NE', ['', 'CE', 'CR']],
    ['ER', 'AL', ['AA', 'CE', 'CR']],
    ['SU', 'NE', ['CA', '', '']],
    ['SU', 'AL', ['CA+', 'AE', 'AR']],
    ['NE', 'NE', ['', '', '']],
    ['NE', '', ['', '', '']],
    ['', 'NE', ['', '', '']],
    ['constructor', '__proto__', ['CA', 'CE', 'CR']],
  ])('MSH-15 %j, MSH-16 %j: %j', (acceptAcknowledgement, applicationAcknowledgement, expected) => {
    const header = { acceptAcknowledgement, applicationAcknowledgement };
    const told = ALL.map((outcome) => wantedAnswers(header, outcome));
    expect(told.map(({ now = '', later }) => `${now}${later ? '+' : ''}`)).toEqual(expected);
  });
});
