import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR, MINUTE, PartyDirectory, type StayEvent } from '#libs/domain';
import { consent, may, message, need, SOLNA, stated } from '../test/ward.ts';
import { Watch } from '../test/watch.ts';

let watch: Watch;
beforeAll(async () => {
  watch = await Watch.begin();
});
afterAll(() => watch.end());
beforeEach(() => watch.clear());

/** Minutes after 08:30 on the fourth. */
const at = (minute: number): string =>
  new Date(may('04 08:30') + minute * MINUTE + 2 * HOUR).toISOString().slice(8, 16).replace('T', ' ');
const ADMISSION = message('A01', { sent: at(0), facts: [need('SOC', '04 08:15'), consent('Y', '04 08:15')] });
const same = (n: number): StayEvent => message('A08', { sent: at(n) });
const moving = (n: number): StayEvent =>
  message('A08', { sent: at(n), encounter: { expectedDischarge: stated(n % 2 === 0 ? '10 12:00' : '12 12:00') } });

/** The stay gets messages until it has so many: most of them in large batches, the last one by one. */
async function grow(update: (n: number) => StayEvent, from: number, to: number): Promise<void> {
  const updates = Array.from({ length: to - from }, (_, n) => update(from + n));
  for (let n = 0; n < updates.length - 3; n += 100)
    await watch.events(...updates.slice(n, Math.min(n + 100, -3 + updates.length)));
  for (const one of updates.slice(-3)) await told(one);
}

/** A message, and the receipt of what it had told. */
async function told(event: StayEvent): Promise<void> {
  await watch.events(event);
  const received = at((event.intakeAt - may('04 08:30')) / MINUTE);
  await watch.receipt('v1', `BUT|${SOLNA}|BUT|${event.eventId}`, received);
}

describe.each([
  ['that say the same', same],
  ['that each move the expected discharge', moving],
])('messages of a long stay %s', (_what, update) => {
  it('cost the same work at 1 000 as at 100: a message reads itself, not the stay', async () => {
    await watch.events(ADMISSION);
    await grow(update, 1, 100);
    const few = await watch.workOf(() => told(update(100)));
    await grow(update, 101, 1000);
    const many = await watch.workOf(() => told(update(1000)));
    expect(many.rows).toBe(few.rows);
    expect(few.rows).toBeLessThan(12);
    expect(many.rules).toBeLessThanOrEqual(few.rules);
  });
});

it('a stay that another replica had in between is read anew, and judged as if nothing had been kept', async () => {
  await watch.events(ADMISSION, ...Array.from({ length: 50 }, (_, n) => same(n + 1)));
  const kept = await watch.workOf(() => watch.events(same(60)));
  await watch.pool.query('update stay set lock_version = lock_version + 1');
  const { rows } = await watch.workOf(() => watch.events(same(61)));
  expect(kept.rows).toBeLessThan(12);
  expect(rows).toBeGreaterThan(50);
});

it('a stay in memory is judged by another county once the county has changed', async () => {
  await watch.events(ADMISSION);
  await watch.judgeAt('05 12:00');
  expect(await watch.open()).toEqual(['TEK-01 3']);
  watch.county = { version: 'without Solna', directory: new PartyDirectory({ version: 'nobody', parties: [] }) };
  await watch.events(message('A08', { sent: '05 13:00' }));
  expect(await watch.closed()).toEqual(['TEK-01 disproved']);
});
