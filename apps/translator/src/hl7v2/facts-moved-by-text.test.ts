import { describe, expect, it } from '@jest/globals';
import { fact, type Fields } from '../../test/adt.ts';
import { eventOf, findingsOf } from '../../test/reading.ts';

const facts = (...obx: Fields[]) => eventOf({ obx }).facts;
const findings = (...obx: Fields[]) => findingsOf({ obx });

describe('a text with a bare field delimiter', () => {
  const text = 'Ring 08-1 | 08-2 || 08-3';
  const parts = { 6: ' 08-2 ', 7: '', 8: ' 08-3', 11: '', 14: 'D', 17: '20260509080000' };

  it('is one text, and what was moved by it is read where it stands', () => {
    const moved = fact('INFO', 'Ring 08-1 ', { 4: 'SOC', ...parts });
    expect(facts(moved)).toMatchObject([{ scopes: ['SOC'], values: [text], status: 'D', stated: '20260509080000' }]);
    expect(findings(moved)).toEqual(['flagged unescaped-delimiter@OBX[1]-5']);
  });

  it.each<[string, Fields]>([
    ['a status in its place', { 6: 'enhet', 11: 'F' }],
    ['no status at all', { 6: 'enhet', 11: '' }],
    ['something else behind', { 6: 'enhet', 11: '', 12: '20260509' }],
  ])('is none with %s', (_name, more) => {
    expect(facts(fact('INFO', 'Ring', { 4: 'SOC', ...more }))).toMatchObject([{ values: ['Ring'], status: 'F' }]);
    expect(findings(fact('INFO', 'Ring', { 4: 'SOC', ...more }))).toEqual([]);
  });
});
