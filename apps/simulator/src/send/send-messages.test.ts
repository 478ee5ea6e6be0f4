import { describe, expect, it } from '@jest/globals';
import { messagesOf } from './send-messages.ts';

const found = (file: string) =>
  messagesOf(Buffer.from(file)).map(({ values }) => [...values].filter((one) => one === 'V-1').length);

describe('the messages of a file', () => {
  it.each<[string, string, number[]]>([
    ['two of HL7 v2, lines ended by LF', 'MSH|^~\\&|A|KS\nPV1|V-1\nMSH|^~\\&|A|KS\nPV1|V-2\n', [1, 0]],
    [
      'a FHIR message is one, and its visit is found wherever it stands',
      '{"entry":[{"resource":{"value":"V-1"}}]}',
      [1],
    ],
    ['a FHIR message behind a byte order mark', '\uFEFF\n{"a":"V-1"}', [1]],
    ['JSON that breaks off is one message, of which nothing is known', '{"a":"V-1', [0]],
    ['nothing', '\n', []],
  ])('%s', (_what, file, expected) => expect(found(file)).toEqual(expected));
});
