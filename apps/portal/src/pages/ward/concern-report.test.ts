import { describe, expect, it } from '@jest/globals';
import { callLines } from './concern-report.tsx';

const AT = Date.parse('2026-05-04T09:15:00+02:00');
const NOW = AT + 3_600_000;
const nameOf = (id: string) => `namn ${id}`;
const noted = (recipient: string, at: number) => ({
  ...{ id: `${recipient} ${at}`, kind: 'call' as const, channel: 'fax' as const, name: 'Vera Vård' },
  ...{ recipient, at },
});

describe('the calls of a stay', () => {
  it('are those that the hub has, however they were recorded, and those noted here that are on their way to it', () => {
    const calls = [
      { id: 'c1', recipient: '0184', at: AT, kind: 'INS', channel: 'fax' },
      { id: 'c2', recipient: '0182', at: AT - 60_000, channel: 'paper' },
    ];
    const lines = callLines(calls, [noted('0184', AT + 20_000), noted('0184', AT + 120_000)], nameOf, NOW);
    expect(lines).toEqual([
      expect.stringMatching(/^namn 0182, .*09[.:]14, papper$/),
      expect.stringMatching(/^namn 0184, .*09[.:]15, fax$/),
      expect.stringMatching(/^namn 0184, .*09[.:]17, fax$/),
    ]);
  });
});
