import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IdMaker } from './ids.ts';
import { looksLikePersonNumber } from './person-number-guard.ts';

/** The tax agency's and Inera's published test numbers (SE-23). */
const TEST_NUMBERS = [
  '195009072553',
  '196101182803',
  '189002029800',
  '200001252386',
  '189602029812',
  '191212121212',
  '196109732393',
  '991981000010',
];

describe('looksLikePersonNumber', () => {
  it.each(TEST_NUMBERS)('finds %s bare and inside a text', (number) => {
    for (const text of [number, `x${number}y`, `/fhir/Patient?identifier=${number}`, `PID|1||${number}^^^SKV`]) {
      expect(looksLikePersonNumber(text)).toBe(true);
    }
  });

  it.each(TEST_NUMBERS.filter((number) => !number.startsWith('99')))('finds %s with separators', (number) => {
    const [century, date, last] = [number.slice(0, 2), number.slice(2, 8), number.slice(8)];
    for (const text of [
      `${century}${date}-${last}`,
      `${date}-${last}`,
      `${date}+${last}`,
      `${century}${date} ${last}`,
    ]) {
      expect(looksLikePersonNumber(text)).toBe(true);
    }
  });

  it.each(['98240301AA06', '22950606-FH20'])('finds the national reservnummer %s', (number) => {
    expect(looksLikePersonNumber(`id ${number}.`)).toBe(true);
  });

  it.each([
    '191212121213',
    '199913121212',
    'SE2321000016-1001',
    'SE5560000001-2002',
    '1763800735123',
    '2026-11-22T08:38:55.123Z',
    '127.0.0.1:9092',
    '0180-jarva',
    '',
  ])('lets %j pass', (text) => expect(looksLikePersonNumber(text)).toBe(false));

  it('lets every id of ours pass', () => {
    const ids = new IdMaker(Buffer.alloc(32, 7));
    for (let i = 0; i < 20_000; i++) {
      const id = ids.stay('SE2321000016-1000', `${i}`);
      if (looksLikePersonNumber(id)) throw new Error(id);
    }
  });

  it('lets every trace pass, whatever its span', () => {
    for (const number of TEST_NUMBERS) {
      expect(looksLikePersonNumber(`00-${'a'.repeat(32)}-ab${number}cd-01`)).toBe(false);
      expect(looksLikePersonNumber(`ab${number}cd-01`)).toBe(true);
    }
  });

  it('does not let a number hide beside an id', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TEST_NUMBERS), fc.uuid(), (number, id) => {
        expect(looksLikePersonNumber(`${id} ${number} ${id}`)).toBe(true);
      }),
    );
  });
});
