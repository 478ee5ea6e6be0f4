import { describe, expect, it } from '@jest/globals';
import { createLog, Metrics } from '#libs/platform';
import { RefusedRequest } from './refusal.ts';
import { WrongTokens } from './wrong-tokens.ts';

describe('wrong tokens', () => {
  it('are answered at once, then late, then refused; none of another address is slowed for it', async () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
    const wrong = new WrongTokens({ log, metrics: new Metrics() });
    const told: number[] = [];
    const begun = performance.now();
    const met = Array.from({ length: 20_000 }, (_, n) => wrong.met('192.0.2.7').finally(() => told.push(n)));
    await wrong.met('192.0.2.8');
    const results = await Promise.allSettled(met);
    const refused = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(refused).toHaveLength(20_000 - 20 - 64);
    expect(
      refused.every((reason) => reason instanceof RefusedRequest && reason.fault.name === 'too-many-requests'),
    ).toBe(true);
    // The 64 that waited are the last to be told.
    expect(told.slice(-64).sort((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, n) => n + 20));
    expect(performance.now() - begun).toBeGreaterThanOrEqual(990);
    expect(lines).toHaveLength(1);
    wrong.onApplicationShutdown();
  });
});
