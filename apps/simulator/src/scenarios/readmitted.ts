import { ready } from '../messages/ward-message.ts';
import type { WardStay } from '../county/ward-stay.ts';
import { allTold, EVERYTHING, type Scenario } from './scenario.ts';

/**
 * Home, and back again: each is about a person whom nobody else is, known by the hospital's own number alone. The stay before is
 * said to have been followed by another, and its ward can do nothing about it.
 */
function wentHome(stay: WardStay): void {
  const units = stay.units(['SOC', 'ROV']);
  stay.expect(2);
  stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
  stay.update(stay.day(1, 9), { facts: [ready('Y')] });
  stay.discharge(stay.day(2, 13), { informs: units });
  allTold(stay, units, EVERYTHING);
  stay.truth.tellsReadmissions = true;
  // The items of the notice are not whole without a number that others know; who has left is asked for it no more.
  stay.truth.flagged('INS-05');
}

/** Back in bed some days after the first morning, in no need; so the second stay says nothing more. */
function comesBack(stay: WardStay, days: number, planned = false): void {
  const next = stay.comesBack(stay.day(days, 11));
  next.truth.tellsReadmissions = true;
  next.expect(3);
  if (planned) next.send('A05', stay.day(2, 18), { admissionGiven: 'not-at-all' });
  next.admit({ need: [] });
}

const ALONE = { hospitals: ['KS', 'PS'], about: 'known-here-only', comesBack: 2 } as const;

export const READMITTED: readonly Scenario[] = [
  {
    ...{ name: 'home-and-back-within-three-days', injects: ['ATI-02'] },
    ...ALONE,
    play(stay) {
      wentHome(stay);
      comesBack(stay, stay.random.int(3, 5));
      stay.truth.flagged('ATI-02');
    },
  },
  {
    ...{ name: 'home-and-back-within-a-month', injects: ['ATI-01'] },
    ...ALONE,
    play(stay) {
      wentHome(stay);
      comesBack(stay, stay.random.int(6, 20));
      stay.truth.flagged('ATI-01');
    },
  },
  {
    name: 'home-and-back-as-planned',
    ...ALONE,
    play(stay) {
      wentHome(stay);
      comesBack(stay, 4, true);
    },
  },
  {
    name: 'home-and-back-after-a-month',
    ...ALONE,
    play(stay) {
      wentHome(stay);
      comesBack(stay, 34);
    },
  },
];
