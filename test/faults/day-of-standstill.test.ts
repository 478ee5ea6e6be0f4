import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR, MINUTE } from '../../apps/simulator/src/county/county-time.ts';
import { REGISTERED } from '../../apps/simulator/src/county/people.ts';
import { consent, info, need, order, ready } from '../../apps/simulator/src/messages/ward-message.ts';
import { settled } from '../hub/harm.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { SOLNA, Ward } from '../hub/ward.ts';

const START = Date.parse('2026-05-04T08:00:00+02:00');
const ADMITTED = START - 20 * HOUR;
const OF_EACH = 15;
let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub('standstill', { clockStart: START });
}, 240_000);
afterAll(() => hub.dispose(), 120_000);

describe('a day in which the whole hub stands still', () => {
  it('is caught up without one false alarm: what wards could not send is nobody’s, what never came is still found', async () => {
    const wards = (name: string, expected?: string): Ward[] =>
      Array.from({ length: OF_EACH }, (_, n) => {
        const person = REGISTERED[n % REGISTERED.length]!;
        return new Ward(`${name}-${n}`, { sender: 'OS', person, admitted: ADMITTED, ...(expected && { expected }) });
      });
    // Due within the day: ordered in it, never ordered, and told before it and home in it.
    const [late, never, home] = [wards('late'), wards('never'), wards('home', '20260504')];
    const facts = [need(['SOC'], { at: ADMITTED }), consent('Y')];
    for (const ward of [...late, ...never]) await hub.send('OS', ward.message('A01', START, { facts }));
    for (const ward of home) {
      const told = [...facts, order(), ready('Y', { at: START - HOUR })];
      await hub.send('OS', ward.message('A01', START, { facts: told }));
    }
    await hub.client.settle();
    await hub.to(START + MINUTE);
    await hub.stop();
    const back = START + 24 * HOUR;
    await hub.start(back);
    // The queues of the wards' systems, as they were written in the day.
    for (const ward of late) await hub.send('OS', ward.message('A08', START + 2 * HOUR, { facts: [order()] }));
    for (const ward of home) {
      const patient = { code: 'PATINFO', value: ['WRITTEN'] } as const;
      await hub.send('OS', ward.message('A03', START + 10 * HOUR, { facts: [info(['SOC']), patient] }));
    }
    await settled(hub);
    await hub.to(back + 10 * MINUTE);
    await hub.to(back + 2 * HOUR);
    await hub.to(back + 20 * HOUR);

    const seen = await hub.outcome();
    const course = (ward: Ward) => {
      const stayId = hub.stayId('OS', ward.visit);
      const byWard = seen.everFlagged(stayId).filter((code) => !code.startsWith('TEK-'));
      return { told: seen.told(stayId)[SOLNA]?.[0], byWard };
    };
    expect(late.map(course)).toEqual(late.map(() => ({ told: 'INS', byWard: [] })));
    expect(never.map(course)).toEqual(never.map(() => ({ told: undefined, byWard: ['INS-01'] })));
    expect(home.map(course)).toEqual(home.map(() => ({ told: 'INS', byWard: [] })));
    const early = seen.deviationVersions.filter(({ deviation, status, lastUpdated = 0 }) => {
      return status !== 'cancelled' && deviation.code === 'INS-01' && lastUpdated < deviation.due;
    });
    expect(early).toEqual([]);
  }, 600_000);
});
