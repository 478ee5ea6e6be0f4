import { describe, expect, it } from '@jest/globals';
import type { CountedStay } from './month-table.ts';
import { history, message, need } from '../ward.fixture.ts';
import { pairCounts, pairRates } from './pairs.ts';
import { stayProfile } from '../patterns/stay-profile.ts';

const CLINIC = 'SE2321000016-2001';
const stayOf = (district: string | undefined, codes: readonly string[], protectedOne = false): CountedStay => {
  const address = { lines: ['Gatan 1'], municipality: '0180', ...(district !== undefined && { district }) };
  const patient = { address, listedClinic: CLINIC, ...(protectedOne && { protection: 'sekretessmarkering' as const }) };
  const { stay } = history([message('A01', { sent: '04 08:30', facts: [need('SOC', '04 08:00')], patient })]);
  const profile = stayProfile(stay);
  if (!profile) throw new Error('it was admitted');
  return { profile, codes };
};

describe('patterns by pair', () => {
  const stays = [
    stayOf('jarva', ['INS-01']),
    stayOf('jarva', ['UTS-01']),
    stayOf('farsta', ['INS-01']),
    stayOf(undefined, ['INS-01']),
    stayOf('jarva', ['INS-01'], true),
  ];

  it('count a measure over the stays that two had in common, and nobody who is protected', () => {
    const rates = pairRates(pairCounts(stays), 'clinic-board', 'INS-01');
    expect(rates.map(({ first, second, count, of }) => [first, second, count, of])).toEqual([
      [CLINIC, '0180-jarva', 1, 2],
      [CLINIC, '0180', 1, 1],
      [CLINIC, '0180-farsta', 1, 1],
    ]);
    expect(rates[0]?.interval.low).toBeLessThan(0.5);
  });

  it('are of a board and a hospital too', () => {
    const rates = pairRates(pairCounts(stays), 'board-hospital', 'UTS-01');
    expect(rates.map(({ first, count, of }) => [first, count, of])).toEqual([
      ['0180-jarva', 1, 2],
      ['0180', 0, 1],
      ['0180-farsta', 0, 1],
    ]);
  });

  it('add up over months', () => {
    const months = [...pairCounts(stays), ...pairCounts(stays.slice(0, 1))];
    const [jarva] = pairRates(months, 'clinic-board', 'INS-01');
    expect(jarva).toMatchObject({ second: '0180-jarva', count: 2, of: 3 });
  });
});
