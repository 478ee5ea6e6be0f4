import { expect, it } from '@jest/globals';
import { headerBreaches } from '../../../test/conformance/contracts.ts';
import { READERS } from './translate-record.ts';

it('reads no kind of record that the contract does not name', () => {
  const headers = {
    id: '000000a1-0000-8000-8000-000000000001',
    traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
  };
  const breaches = [...READERS.keys(), 'something-else'].map((kind) => [
    kind,
    headerBreaches({ ...headers, kind, 'schema-version': '1' }).length,
  ]);
  expect(breaches).toEqual([...[...READERS.keys()].map((kind) => [kind, 0]), ['something-else', 1]]);
});
