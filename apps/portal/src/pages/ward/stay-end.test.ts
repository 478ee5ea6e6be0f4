import { describe, expect, it } from '@jest/globals';
import { endWords } from './stay-end.ts';

const NOW = Date.parse('2026-05-20T12:00:00+02:00');
const LEFT_AT = { dischargedAt: '2026-05-05T08:00:00+02:00' };

describe('how a stay ended', () => {
  it.each<[string, Partial<Parameters<typeof endWords>[0]>, string]>([
    ['expected', { expected: '2026-05-09' }, 'Beräknas hem: lör 9 maj'],
    ['nothing is known', {}, 'Beräknas hem: inte angivet'],
    ['home', { ...LEFT_AT, leaving: 'home' }, 'Utskriven: tis 5 maj 08:00'],
    ['transfer', { ...LEFT_AT, leaving: 'other-hcf' }, 'Överförd till annan enhet: tis 5 maj 08:00'],
    ['against advice', { ...LEFT_AT, leaving: 'aadvice' }, 'Utskriven mot läkares råd: tis 5 maj 08:00'],
    ['dead', { ...LEFT_AT, leaving: 'exp', isDead: true }, 'Avliden: tis 5 maj 08:00'],
    ['dead, and no discharge', { expected: '2026-05-09', isDead: true }, 'Avliden: tiden är inte angiven'],
    [
      'cancelled, whatever was expected',
      { status: 'entered-in-error', expected: '2026-05-09' },
      'Makulerat: vårdtillfället har aldrig ägt rum',
    ],
  ])('%s', (_name, stay, expected) => {
    const { name, text } = endWords({ status: 'finished', isDead: false, ...stay }, NOW);
    expect(`${name}: ${text}`).toBe(expected);
  });
});
