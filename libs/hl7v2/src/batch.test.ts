import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { batchOfAnswers, splitBatch } from './batch.ts';

const message = (id: string, end = '\r') =>
  [`MSH|^~\\&|J|KS|||||ADT^A01|${id}|P|2.5`, 'PID|1|', `NTE|1||Å BTS|9 ${id}`, ''].join(end);
const split = (text: string, encoding: BufferEncoding = 'utf8') => {
  const result = splitBatch(Buffer.from(text, encoding));
  return result.ok ? result.value.messages.map((one) => one.toString(encoding)) : result.fault;
};

describe('a batch', () => {
  it.each([
    ['a batch', `BHS|^~\\&\r${message('1')}${message('2')}BTS|2\r`],
    ['a batch without a trailer', `BHS|^~\\&\r${message('1')}${message('2')}`],
    ['a batch whose trailer counts nothing', `BHS|^~\\&\r${message('1')}${message('2')}BTS\r`],
    ['a file of two batches', `FHS|^~\\&\rBHS|^~\\&\r${message('1')}BTS|1\rBHS|^~\\&\r${message('2')}BTS|1\rFTS|2\r`],
    ['a file without batch headers', `FHS|^~\\&\r${message('1')}${message('2')}FTS\r`],
    ['a file without batch headers that counts it as one', `FHS|^~\\&\r${message('1')}${message('2')}FTS|1\r`],
    ['a byte order mark and blank lines', `\ufeffBHS|^~\\&\r\r\n${message('1')}${message('2')}`],
    ['the end of a file behind it', `\r\n\ufeffBHS|^~\\&\r${message('1')}${message('2')}BTS|2\r\x1a\0\r`],
  ])('%s: the messages as they are', (_, text) => {
    expect(split(text)).toEqual([message('1'), message('2')]);
  });

  it('of lines that end with LF, or with both', () => {
    for (const end of ['\n', '\r\n']) {
      const text = `BHS|^~\\&${end}${message('1', end)}${message('2', end)}BTS|2${end}`;
      expect(split(text, 'latin1')).toEqual([message('1', end), message('2', end)]);
    }
  });

  it.each([
    [`BHS|^~\\&\r${message('1')}BTS|2\r`, { code: 'count-differs', place: 'BTS-1' }],
    [`FHS|^~\\&\rBHS|^~\\&\r${message('1')}BTS|1\rFTS|3\r`, { code: 'count-differs', place: 'FTS-1' }],
    [`BHS|^~\\&\rPID|1\r${message('1')}`, { code: 'text-outside', place: 'BHS' }],
    [`BHS|^~\\&\r${message('1')}BTS|1\rPID|1\r`, { code: 'text-outside', place: 'BHS' }],
    ['BHS|^~\\&\rBTS|0\r', { code: 'empty', place: 'BHS' }],
    [`BHS|^~\\&\r${'MSH|\r'.repeat(1001)}`, { code: 'too-many', place: 'BHS' }],
  ])('%j: nothing is taken', (text, fault) => {
    expect(split(text)).toEqual(fault);
  });

  it('loses no byte of a message, whatever it holds', () => {
    const body = fc.array(fc.stringMatching(/^[A-Z]{2}[0-9]\|[^\r\n]*$/), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(body, { minLength: 1, maxLength: 5 }), (bodies) => {
        const messages = bodies.map((lines, n) => [`MSH|^~\\&|${n}`, ...lines, ''].join('\r'));
        expect(split(`BHS|^~\\&\r${messages.join('')}BTS|${messages.length}\r`)).toEqual(messages);
      }),
    );
  });

  it('is answered with its headers turned round, in their own delimiters and bytes', () => {
    const asked = splitBatch(Buffer.from(`BHS#*~!%#Jä*1#KS#HUB#R%1#2026####B-1\r${message('1')}`, 'latin1'));
    if (!asked.ok) throw new Error(asked.fault.code);
    const answer = batchOfAnswers(asked.value, [Buffer.from('MSH|1\r'), Buffer.from('MSH|2\r')], '20260510');
    expect(answer.toString('latin1')).toBe('BHS#*~!%#HUB#R%1#Jä*1#KS#20260510#####B-1\rMSH|1\rMSH|2\rBTS|2\r');
  });
});
