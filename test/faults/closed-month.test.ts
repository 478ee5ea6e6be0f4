import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR } from '../../apps/simulator/src/county/county-time.ts';
import { HOMES, REGISTERED } from '../../apps/simulator/src/county/people.ts';
import { consent, info, need, ready } from '../../apps/simulator/src/messages/ward-message.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { CLINIC, Ward } from '../hub/ward.ts';

/**
 * A month of a hub: in one board's stays the information at discharge is missing far oftener than in all others. Half of the others
 * lie in another hospital: of a month with one unit alone nothing is shown of it.
 */
const START = Date.parse('2026-05-05T08:00:00+02:00');
const [BAD, OTHERS, MISSING] = [50, 100, 30];
const JARVA = HOMES.find(({ party }) => party === '0180-jarva')!;
const OTHER_CLINIC = 'SE5560000001-2002';
let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub('month', { clockStart: START });
}, 240_000);
afterAll(() => hub.dispose(), 120_000);

async function asked(caller: string, path: string, accept = 'application/json'): Promise<string> {
  const headers = { authorization: `Bearer ${hub.token(caller)}`, accept };
  const answer = await fetch(`${hub.http}${path}`, { headers });
  return `${answer.status} ${await answer.text()}`;
}

describe('a closed month of a running hub', () => {
  it('tells what comes back, the same each time, and rates by unit and pair to those who may have them', async () => {
    const wards = Array.from({ length: BAD + OTHERS }, (_, n) => {
      const person = REGISTERED[n % REGISTERED.length]!;
      const place = n < BAD ? { home: JARVA, clinic: OTHER_CLINIC } : { clinic: CLINIC };
      const sender = n < BAD + OTHERS / 2 ? 'KS' : 'MS';
      return new Ward(`month-${n}`, { sender, person, ...place, admitted: START - HOUR, expected: '20260508' });
    });
    const facts = [need(['SOC'], { at: START - HOUR }), consent('Y')];
    for (const ward of wards) await hub.send(ward.sender, ward.message('A01', START, { facts }));
    await hub.to(START + 72 * HOUR);
    for (const [n, ward] of wards.entries()) {
      // The other hospital is asked what its patients were told.
      const facts = [ready('Y'), { code: 'PATINFO', value: ['WRITTEN'] } as const];
      const told = n < MISSING ? facts : [...facts, info(['SOC'])];
      await hub.send(ward.sender, ward.message('A03', hub.now, { facts: told }));
    }
    await hub.to(Date.parse('2026-06-20T08:00:00+02:00'));

    const month = await asked('hsf', '/deviation-feed/months/2026-05');
    expect(JSON.parse(month.slice(4))).toMatchObject({
      month: '2026-05',
      recurring: {
        pairs: [
          { measure: 'UTS-01', kind: 'clinic-board', first: OTHER_CLINIC, second: '0180-jarva' },
          { measure: 'UTS-01', kind: 'board-hospital', first: '0180-jarva' },
        ],
      },
    });
    expect(await asked('hsf', '/deviation-feed/months/2026-05')).toBe(month);
    expect(await asked('storsthlm', '/deviation-feed/months/2026-05')).toBe(month);
    expect(await asked('hsf', '/deviation-feed/months/2026-05', 'text/csv')).toMatch(
      /^200 measure;dimension;within;value;count\r\n/,
    );
    const rates = JSON.parse((await asked('hsf', '/deviation-patterns?code=UTS-01')).slice(4)) as { rates: object[] };
    expect(rates.rates).toMatchObject([{ month: '2026-05', count: MISSING, of: BAD + OTHERS / 2, flags: [] }]);
    const pairs = '/deviation-pairs?code=UTS-01&pair=clinic-board';
    expect(await asked('operator', pairs)).toContain(`"second":"0180-jarva","count":${MISSING},"of":${BAD}`);
    expect((await asked('hsf', pairs)).slice(0, 3)).toBe('403');
    expect((await asked('0184', '/deviation-feed/months/2026-05')).slice(0, 3)).toBe('403');
    const feed = (await hub.outcome()).on(hub.topics.deviationFeed).filter(({ kind }) => kind === 'deviation-month');
    expect(feed).toHaveLength(1);
    expect(JSON.parse(month.slice(4))).toMatchObject(JSON.parse(feed[0]!.value.toString()) as object);
  }, 600_000);
});
