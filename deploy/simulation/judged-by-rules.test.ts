import { describe, expect, it } from '@jest/globals';
import { ANSWERED_CODES, makeAnsweringCounty } from '../../apps/simulator/src/county/answering.ts';
import { makeCounty } from '../../apps/simulator/src/county/county.ts';
import { HOSPITALS } from '../../apps/simulator/src/county/hospitals.ts';
import { isTold, responsibleFor } from '../../apps/simulator/src/county/truth.ts';
import { ORDINARY, SPECIAL } from '../../apps/simulator/src/scenarios/catalogue.ts';
import { FAULT_KINDS, type FaultKind } from '../../apps/simulator/src/scenarios/fault-kinds.ts';
import { judgedByRules, type Named } from './judged-by-rules.ts';

const START = Date.parse('2026-03-25T04:00:00Z');

/** A week before winter time. */
const AUTUMN = Date.parse('2026-10-19T04:00:00Z');
const A_TENTH_OF_EACH = new Map((Object.keys(FAULT_KINDS) as FaultKind[]).map((kind) => [kind, 0.1]));

/** What a stage that stands still does to a stay only the whole hub can show. */
const NEEDS_THE_HUB = new Set(
  [...SPECIAL, ...ORDINARY].filter(({ during }) => during !== undefined).map(({ name }) => name),
);

const listed = (named: readonly Named[]): string =>
  named
    .map(({ code, party }) => `${code} of ${party}`)
    .sort()
    .join();

/** True where the calendar of the county tells when it was due, and it was at another time. */
function isOfAnotherTime({ code, party, due }: Named, laid: readonly Named[]): boolean {
  const told = laid.filter((one) => one.code === code && one.party === party && one.due !== undefined);
  return told.length > 0 && !told.some((one) => one.due === due);
}

describe('the rules by themselves', () => {
  it.each([
    ['of seed 1', makeCounty(240, '1', START)],
    ['of seed 2', makeCounty(240, '2', START)],
    ['of seed 3', makeCounty(240, '3', START)],
    ['in which a tenth goes wrong in each way', makeCounty(80, 'faults', START, { faults: A_TENTH_OF_EACH })],
    [
      'in which the clocks change in autumn',
      makeCounty(40, 'autumn', AUTUMN, { faults: new Map([['clock-change', 1]]) }),
    ],
  ] as const)('name what a county %s injects, of whom it is, not before it is due, and nothing else', (_, county) => {
    const found = judgedByRules(county);
    const differing = county.stays.flatMap(({ visit, scenario, hospital, truth }) => {
      if (NEEDS_THE_HUB.has(scenario)) return [];
      const expected = listed(
        truth.deviations.map((code) => ({
          code,
          party: responsibleFor(code) === 'hub' ? 'hub' : HOSPITALS[hospital].organisation,
        })),
      );
      const told = (found.get(visit) ?? []).filter(({ code }) => isTold(truth, code));
      const named = listed(told);
      const early = told.filter(({ isTooEarly }) => isTooEarly === true);
      return named === expected && early.length === 0 ? [] : [{ visit, scenario, expected, named, early }];
    });
    expect(differing).toEqual([]);
  });

  it.each(['1', '2', '3'])(
    'name what parties of seed %s did not answer, whose it is, and until when it could be done',
    (seed) => {
      const county = makeAnsweringCounty(150, seed, START);
      const found = judgedByRules(county);
      const differing = county.stays.flatMap(({ visit, laid, replies }) => {
        const named = (found.get(visit) ?? []).filter(({ code }) => ANSWERED_CODES.has(code));
        const wrongTime = named.filter((one) => one.isTooEarly === true || isOfAnotherTime(one, laid));
        const isRight = listed(named) === listed(laid) && wrongTime.length === 0;
        return isRight ? [] : [{ visit, expected: listed(laid), named: listed(named), wrongTime, replies }];
      });
      expect(differing).toEqual([]);
      expect(new Set(county.stays.flatMap(({ laid }) => laid.map(({ code }) => code)))).toEqual(ANSWERED_CODES);
    },
  );
});
