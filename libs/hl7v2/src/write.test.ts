import { describe, expect, it } from '@jest/globals';
import { delimitersOf } from './delimiters.ts';
import { parseMessage } from './parse.ts';
import { components, HL7_NULL, repetitions, segment, value, writeMessage } from './write.ts';

describe('writeMessage', () => {
  it('writes fields by their number, MSH too', () => {
    const text = writeMessage([
      segment('MSH', { 4: 'KS', 9: components(['ADT', 'A01', 'ADT_A01']), 10: 'M1' }),
      segment('PID', { 3: repetitions([components(['191212121212', '', '', '', 'NI']), 'M77']), 8: HL7_NULL }),
      segment('PV1', { 3: components(['', '', '', 'SE2321000016-1001', '']), 19: 'V1', 20: '' }),
    ]);
    expect(text).toBe(
      'MSH|^~\\&||KS|||||ADT^A01^ADT_A01|M1\r' +
        'PID|||191212121212^^^^NI~M77|||||""\r' +
        'PV1|||^^^SE2321000016-1001||||||||||||||||V1\r',
    );
  });

  it.each([undefined, delimitersOf('#', '*+!%')!])('is read back as it was', (delimiters) => {
    const hard = 'a|b^c~d&e\\f#g*h+i!j%k\nl';
    const fields = { 5: value(hard, delimiters), 6: components([hard, hard], delimiters) };
    const text = writeMessage([segment('MSH', { 3: 'A' }, delimiters), segment('ZZZ', fields)], delimiters);
    const message = parseMessage(text);
    if (!message.ok) throw new Error(message.fault.code);
    expect([message.value.text('ZZZ', 5), message.value.text('ZZZ', 6, 2)]).toEqual([hard, hard]);
  });
});
