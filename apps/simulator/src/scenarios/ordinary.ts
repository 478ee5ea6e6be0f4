import { consent, info, need, ready } from '../messages/ward-message.ts';
import type { Scenario } from './scenario.ts';

/** Most stays: nobody outside the hospital is concerned. Nobody may be told, nothing flagged, no Task made (DEC-01). */
export const ORDINARY: readonly Scenario[] = [
  {
    name: 'no-need-stated',
    hospitals: ['KS', 'OS', 'PS'],
    play(stay) {
      const days = stay.random.int(1, 4);
      stay.expect(days);
      stay.admit();
      if (stay.random.chance(0.3)) stay.update(stay.hours(6));
      stay.discharge(stay.day(days, 14));
    },
  },
  {
    name: 'need-none',
    hospitals: ['KS', 'OS', 'PS'],
    play(stay) {
      stay.expect(2);
      stay.admit({ need: [] });
      stay.discharge(stay.day(3, 11), { facts: [ready('Y')] });
    },
  },
  {
    name: 'still-in-bed-without-need',
    hospitals: ['KS', 'OS', 'PS'],
    play(stay) {
      stay.admit({ need: [] });
      stay.update(stay.hours(30));
    },
  },
];

/** The rarer ones among those that concern nobody. */
export const WITHOUT_NEED: readonly Scenario[] = [
  {
    name: 'facts-without-need',
    hospitals: ['KS', 'OS', 'PS'],
    play(stay) {
      stay.expect(2);
      stay.admit({ consent: 'Y' });
      stay.update(stay.day(2, 9), { facts: [ready('Y')] });
      stay.discharge(stay.day(6, 13), { facts: [info(['SOC', 'ROV'])] });
    },
  },
  {
    name: 'need-none-said-again',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.admit({ need: [] });
      stay.update(stay.hours(26), { facts: [need([]), consent('N')] });
      stay.discharge(stay.day(3, 15), { leaving: stay.random.pick(['01', '02', '07', '20']) });
    },
  },
  {
    name: 'emergency-only',
    hospitals: ['KS', 'DS', 'PS'],
    play(stay) {
      stay.class = 'E';
      stay.admit({ need: stay.hospital.sender === 'DS' ? [] : ['SOC'], consent: 'Y' });
      stay.discharge(stay.hours(5));
    },
  },
  {
    name: 'cancelled-without-need',
    hospitals: ['KS', 'OS', 'PS'],
    play(stay) {
      stay.admit();
      stay.cancel(stay.hours(4));
    },
  },
  {
    name: 'need-never-true-before-the-admission-came',
    hospitals: ['KS'],
    play(stay) {
      const assessed = stay.admitted;
      const first = stay.sentBefore(stay.hours(1));
      stay.update(stay.hours(3), { sent: first + 600_000, facts: [need(['SOC'], { at: assessed, status: 'D' })] });
      stay.admit({ arrives: stay.hours(4), sent: first, facts: [need(['SOC'], { at: assessed })] });
      stay.discharge(stay.day(2, 10));
    },
  },
];
