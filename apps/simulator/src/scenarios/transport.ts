import { consent, need, ready } from '../messages/ward-message.ts';
import { MINUTE } from '../county/county-time.ts';
import { allTold, EVERYTHING, NEEDS, type Scenario } from './scenario.ts';

/** Messages that come twice, or overtake each other: late, twice and out of order is normal (architecture 2.8). */
export const TRANSPORT: readonly Scenario[] = [
  {
    name: 'everything-twice',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const needs = stay.random.pick(NEEDS);
      const units = stay.units(needs);
      stay.expect(3);
      const admission = stay.admit({ need: needs, consent: 'Y' });
      stay.again(admission, stay.start);
      const readiness = stay.update(stay.day(2, 9), { facts: [ready('Y')] });
      stay.again(admission, stay.day(2, 12));
      stay.again(readiness, stay.day(2, 12.5));
      const discharge = stay.discharge(stay.day(3, 13), { informs: units });
      stay.again(discharge, stay.day(5, 13));
      stay.again(readiness, stay.day(5, 14));
      allTold(stay, units, EVERYTHING);
    },
  },
  {
    name: 'need-overtakes-the-admission',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const sent = stay.sentBefore(stay.start);
      stay.expect(4);
      const facts = [need(['SOC'], { at: stay.admitted }), consent('Y')];
      stay.update(stay.start, { sent, facts });
      stay.admit({ arrives: stay.hours(0.5), sent: sent - 5 * MINUTE });
      allTold(stay, stay.units(['SOC']), { INS: 1 });
    },
  },
  {
    name: 'expected-discharges-swapped',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      const sent = stay.sentBefore(stay.day(1, 10));
      stay.expect(6);
      stay.update(stay.day(1, 10), { sent });
      stay.expect(5);
      stay.update(stay.day(1, 10.5), { sent: sent - 20 * MINUTE });
      stay.expect(6);
      stay.discharge(stay.day(6, 13), { informs: units });
      allTold(stay, units, { INS: 1, BUT: 1, UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'updates-of-one-minute',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const arrives = stay.day(1, 10);
      const sent = stay.sentBefore(arrives);
      const units = stay.units(['SOC']);
      stay.expect(4);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      // All of the same time: what was taken in last holds (DEC-20).
      for (const days of [5, 6, 7, 8, 9, 2]) {
        stay.expect(days);
        stay.update(arrives, { sent });
      }
      stay.discharge(stay.day(2, 13), { informs: units });
      allTold(stay, units, { INS: 1, BUT: 6, UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'readiness-swapped',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(5);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      const sent = stay.sentBefore(stay.day(1, 10));
      stay.update(stay.day(1, 10), { sent, facts: [ready('N')] });
      stay.update(stay.day(1, 10.5), { sent: sent - 20 * MINUTE, facts: [ready('Y')] });
      allTold(stay, stay.units(['SOC']), { INS: 1 });
    },
  },
  {
    name: 'discharge-overtakes-the-readiness',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 13), { informs: units });
      stay.update(stay.day(2, 14), { sent: stay.sentBefore(stay.day(2, 9)), facts: [ready('Y')] });
      allTold(stay, units, EVERYTHING);
    },
  },
];
