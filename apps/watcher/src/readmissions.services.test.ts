import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { StayEvent } from '#libs/domain';
import { consent, message, need, stated, type Told } from '../test/ward.ts';
import { Watch } from '../test/watch.ts';

let watch: Watch;
beforeAll(async () => {
  watch = await Watch.begin();
});
afterAll(() => watch.end());
beforeEach(() => watch.clear());

const ADMITTED = message('A01', { sent: '04 08:30', facts: [need('SOC', '04 08:00'), consent('Y', '04 08:00')] });
const left = (sent: string, more: Partial<Told> = {}): StayEvent =>
  message('A03', { sent, ...more, encounter: { end: stated(sent), leaving: 'home', ...more.encounter } });
const LEFT = left('07 10:00');
const again = (start: string, more: Partial<Told> = {}): StayEvent =>
  message('A01', { visit: 'v2', sent: start, ...more, encounter: { start: stated(start), ...more.encounter } });
const AGAIN = again('09 08:00');

/** What is said of readmissions when all that is due has been judged. */
async function readmissions(...batches: readonly (readonly StayEvent[])[]): Promise<string[]> {
  for (const batch of batches) {
    await watch.events(...batch);
    await watch.judgeAt('09 08:00');
  }
  return (await watch.open()).filter((one) => one.startsWith('ATI'));
}

describe('a readmission', () => {
  it.each<[string, readonly (readonly StayEvent[])[], readonly string[]]>([
    ['is an early one within 72 hours', [[ADMITTED, LEFT], [AGAIN]], ['ATI-02 2']],
    ['is found in whatever order the stays come', [[AGAIN], [ADMITTED], [LEFT]], ['ATI-02 2']],
    ['is found in one batch', [[ADMITTED, LEFT, AGAIN]], ['ATI-02 2']],
    ['is a late one within 30 days', [[ADMITTED, LEFT], [again('20 08:00')]], ['ATI-01 1']],
    ['is none of what never was a case', [[message('A01', { sent: '04 08:30' }), LEFT], [AGAIN]], []],
    ['is none while the patient is still there', [[ADMITTED], [AGAIN]], []],
    ['is none when it was planned', [[ADMITTED, LEFT], [again('09 08:00', { encounter: { admissionType: 'R' } })]], []],
    [
      'is none when it was pre-admitted, said before or after',
      [[ADMITTED, LEFT], [AGAIN], [message('A05', { visit: 'v2', sent: '08 08:00', encounter: { class: 'PRENC' } })]],
      [],
    ],
    [
      'is none when a planned stay lies in between',
      [[ADMITTED, LEFT, AGAIN], [again('08 08:00', { visit: 'v3', encounter: { admissionType: 'R' } })]],
      [],
    ],
    [
      'is none after a transfer, which goes on with the case',
      [[ADMITTED, left('07 10:00', { encounter: { leaving: 'transfer' } })], [AGAIN]],
      [],
    ],
    ['of another person is none', [[ADMITTED, LEFT], [again('09 08:00', { person: '189001019802' })]], []],
    [
      'ends when the second stay never was',
      [[ADMITTED, LEFT], [AGAIN], [message('A11', { visit: 'v2', sent: '09 12:00' })]],
      [],
    ],
    [
      'follows a corrected admission of the second stay',
      [
        [ADMITTED, LEFT],
        [AGAIN],
        [message('A08', { visit: 'v2', sent: '15 12:00', encounter: { start: stated('15 08:00') } })],
      ],
      ['ATI-01 1'],
    ],
    ['ends when the discharge is taken back', [[ADMITTED, LEFT], [AGAIN], [message('A13', { sent: '09 12:00' })]], []],
  ])('%s', async (_name, batches, expected) => {
    expect(await readmissions(...batches)).toEqual(expected);
  });

  it('is told to nobody, and bears what was missing in the stay before', async () => {
    await watch.events(ADMITTED, LEFT);
    await watch.judgeAt('08 00:01');
    await watch.events(AGAIN);
    await watch.judgeAt('09 08:00');
    const said = (await watch.said()).filter(({ value }) => JSON.stringify(value['code']).includes('"ATI-02"'));
    expect(said.map(({ topic }) => topic)).toEqual(['deviations']);
    const found = (await watch.deviations()).map(({ deviation }) => deviation);
    const missing = found.filter(
      ({ code, severity }) => severity > 1 && !code.startsWith('ATI') && !code.startsWith('TEK'),
    );
    expect(missing.map(({ code }) => code)).toContain('UTS-01');
    const [readmission] = found.filter(({ code }) => code === 'ATI-02');
    expect(readmission?.evidence).toEqual(
      expect.arrayContaining([AGAIN.eventId, ...missing.flatMap(({ evidence }) => evidence)]),
    );
  });

  it('wakes the stay before once, and not all that the person ever had', async () => {
    const stays = Array.from({ length: 6 }, (_, n) => [
      again(`${10 + 2 * n} 08:00`, { visit: `many${n}` }),
      message('A03', {
        ...{ visit: `many${n}`, sent: `${11 + 2 * n} 08:00` },
        encounter: { start: stated(`${10 + 2 * n} 08:00`), end: stated(`${11 + 2 * n} 08:00`), leaving: 'home' },
      }),
    ]);
    for (const stay of stays) {
      await watch.events(...stay);
      await watch.judgeAt('27 08:00');
    }
    const versions = async (): Promise<number[]> => {
      const { rows } = await watch.pool.query<{ v: number }>(
        'select lock_version::int as v from stay order by stay_id',
      );
      return rows.map(({ v }) => v);
    };
    const before = await versions();
    // Read from the database, as after a while: nothing is news of it.
    watch.county = { ...watch.county, version: 'later' };
    await watch.events(message('A08', { visit: 'many5', sent: '26 08:00', encounter: { start: stated('20 08:00') } }));
    await watch.judgeAt('28 08:00');
    const touched = (await versions()).filter((version, n) => version !== before[n]);
    expect(touched).toHaveLength(1);
  });
});
