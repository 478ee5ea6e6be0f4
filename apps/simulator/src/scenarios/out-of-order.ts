import { need, order, ready } from '../messages/ward-message.ts';
import { HOUR, MINUTE } from '../county/county-time.ts';
import { allTold, ONLY_THE_ADMISSION, type OutOfOrder, type Scenario } from './scenario.ts';
import type { WardStay } from '../county/ward-stay.ts';

/**
 * A stage of the hub stands still over a deadline. The ward did what it had to, so nothing may be flagged against it; what
 * came to its recipient too late is the hub's own (TEK-01, one per notice). `stay.start` is when the stage stops; it goes
 * on after `STANDSTILL` hours.
 */
export const STANDSTILL = 8;

/** What the hub passes on to each of the units, too late. */
const PASSING_ON: readonly OutOfOrder[] = ['dispatcher', 'router', 'translator'];

const admissionOverDeadline = (during: OutOfOrder): Scenario => ({
  name: `admission-while-the-${during}-stands-still`,
  hospitals: ['KS', 'PS'],
  during,
  injects: ['TEK-01'],
  play(stay) {
    const arrives = stay.hours(stay.random.int(1, 6) / 2);
    stay.admitted = arrives - 21 * HOUR;
    stay.expect(4);
    stay.admit({ arrives, need: ['SOC', 'ROV'], consent: 'Y' });
    const units = stay.units(['SOC', 'ROV']);
    allTold(stay, units, ONLY_THE_ADMISSION);
    stay.truth.flagged('TEK-01', units.length);
  },
});

const newsOverAnHour = (during: OutOfOrder): Scenario => ({
  name: `news-while-the-${during}-stands-still`,
  hospitals: ['KS', 'PS'],
  during,
  injects: ['TEK-01'],
  play(stay) {
    admittedTheDayBefore(stay);
    stay.expect(6);
    stay.update(stay.hours(stay.random.int(1, 8) / 2), { facts: [ready('Y')] });
    const units = stay.units(['SOC']);
    allTold(stay, units, { INS: 1, BUT: 1, UTK: 1 });
    stay.truth.flagged('TEK-01', 2 * units.length);
  },
});

const newsJustBeforeItGoesOn = (during: OutOfOrder): Scenario => ({
  name: `news-just-before-the-${during}-goes-on`,
  hospitals: ['KS', 'PS'],
  during,
  play(stay) {
    admittedTheDayBefore(stay);
    stay.update(stay.hours(STANDSTILL - 0.5), { facts: [ready('Y')] });
    allTold(stay, stay.units(['SOC']), { INS: 1, UTK: 1 });
  },
});

function admittedTheDayBefore(stay: WardStay): void {
  stay.admitted = stay.hours(-20) - 30 * MINUTE;
  stay.expect(3);
  stay.admit({ arrives: stay.hours(-20), need: ['SOC'], consent: 'Y' });
}

export const HUB_STANDS_STILL: readonly Scenario[] = [
  ...PASSING_ON.flatMap((stage) => [
    admissionOverDeadline(stage),
    newsOverAnHour(stage),
    newsJustBeforeItGoesOn(stage),
  ]),
  {
    name: 'told-while-the-watcher-stands-still',
    hospitals: ['KS', 'PS'],
    during: 'watcher',
    play(stay) {
      const arrives = stay.hours(1);
      stay.admitted = arrives - 22 * HOUR;
      stay.expect(4);
      stay.admit({ arrives, need: ['SOC', 'ROV'], consent: 'Y' });
      allTold(stay, stay.units(['SOC', 'ROV']), ONLY_THE_ADMISSION);
    },
  },
  {
    name: 'missed-while-the-watcher-stands-still',
    hospitals: ['OS'],
    during: 'watcher',
    injects: ['INS-01'],
    play(stay) {
      stay.admitted = stay.hours(-21);
      stay.expect(4);
      stay.admit({ arrives: stay.hours(-20), need: ['SOC'], consent: 'Y' });
      stay.truth.flagged('INS-01');
    },
  },
  {
    name: 'order-that-found-the-door-shut',
    hospitals: ['OS'],
    during: 'ingress',
    injects: ['TEK-01'],
    play(stay) {
      const units = orderedAfterTheStandstill(stay, 0);
      stay.truth.flagged('TEK-01', units);
    },
  },
  {
    name: 'order-long-after-the-door-opened',
    hospitals: ['OS'],
    during: 'ingress',
    injects: ['INS-03'],
    play(stay) {
      orderedAfterTheStandstill(stay, 1);
      stay.truth.flagged('INS-03');
    },
  },
];

/** Due in the middle of the standstill, sent in vain an hour before, and sent again some time after its end. */
function orderedAfterTheStandstill(stay: WardStay, hoursAfter: number): number {
  const due = stay.hours(4);
  stay.admitted = due - 24 * HOUR;
  stay.expect(4);
  const units = stay.units(['SOC', 'ROV']);
  stay.admit({ arrives: stay.hours(-18), consent: 'Y', facts: [need(['SOC', 'ROV'], { at: stay.admitted })] });
  stay.update(stay.hours(STANDSTILL + hoursAfter), { sent: due - HOUR, facts: [order()] });
  allTold(stay, units, ONLY_THE_ADMISSION);
  return units.length;
}
