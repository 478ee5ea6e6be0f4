import { describe, expect, it } from '@jest/globals';
import { fact, type Fields } from '../../test/adt.ts';
import { eventOf, findingsOf } from '../../test/reading.ts';

const facts = (...obx: Fields[]) => eventOf({ obx }).facts;
const findings = (...obx: Fields[]) => findingsOf({ obx });

describe('a document is no text', () => {
  it.each([
    [{ 2: 'ED' }, 'KS^TEXT^PLAIN^Base64^VGV4dA=='],
    [{ 2: 'RP' }, 'http://x.example/1^KS^TEXT'],
  ])('%j: nothing is stated, and that is told', (type, value) => {
    const info = fact('INFO', value, { ...type, 4: 'ROV' });
    expect(facts(info)).toEqual([]);
    expect(findings(info)).toEqual(['unstated unknown-fact-value@OBX[1]-5']);
    expect(facts({ ...info, 11: 'D' })).toMatchObject([{ status: 'D' }]);
  });

  it('but one whose sender writes the text itself is', () => {
    expect(facts(fact('INFO', 'Ring', { 2: 'ED', 4: 'ROV' }))).toMatchObject([{ values: ['Ring'] }]);
  });
});
