import { describe, expect, it } from '@jest/globals';
import { acknowledgement, type AcknowledgementError } from './acknowledgement.ts';
import { acknowledgementCode, acknowledgementMode, type Outcome } from './acknowledgement-mode.ts';
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

describe('acknowledgementMode', () => {
  const ALL: readonly Outcome[] = ['accepted', 'error', 'rejected'];

  it.each([
    ['', '', 'original', ['AA', 'AE', 'AR']],
    ['', 'AL', 'original', ['AA', 'AE', 'AR']],
    ['NE', 'AL', 'original', ['AA', 'AE', 'AR']],
    ['AL', 'NE', 'enhanced-always', ['CA', 'CE', 'CR']],
    ['AL', '', 'enhanced-always', ['CA', 'CE', 'CR']],
    ['al', 'AL', 'enhanced-always', ['CA', 'CE', 'CR']],
    ['XX', '', 'enhanced-always', ['CA', 'CE', 'CR']],
    ['ER', 'NE', 'enhanced-errors', [undefined, 'CE', 'CR']],
    ['SU', 'NE', 'enhanced-success', ['CA', undefined, undefined]],
    ['NE', 'NE', 'enhanced-never', [undefined, undefined, undefined]],
    ['NE', '', 'enhanced-never', [undefined, undefined, undefined]],
    ['', 'NE', 'enhanced-never', [undefined, undefined, undefined]],
  ])('MSH-15 %j, MSH-16 %j: %s', (acceptAcknowledgement, applicationAcknowledgement, expected, codes) => {
    const mode = acknowledgementMode({ acceptAcknowledgement, applicationAcknowledgement });
    expect(mode).toBe(expected);
    expect(ALL.map((outcome) => acknowledgementCode(mode, outcome))).toEqual(codes);
  });
});
