import { MINUTE } from '../county/county-time.ts';
import { consent, need } from '../messages/ward-message.ts';
import { allTold, leaveWell, runOn, type Scenario } from './scenario.ts';

/**
 * What is no admission, news, discharge or cancellation of one: outpatients who become inpatients and the other way round (A04,
 * A06, A07), what is only planned (A05, A14, A16, A25), other wards (A02, A12), leave (A21, A22), and two numbers that are
 * one person's (A40). Standards 3.2.
 */
export const MORE_TRIGGERS: readonly Scenario[] = [
  {
    name: 'an-outpatient-is-admitted',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.class = 'E';
      stay.send('A04', stay.start);
      stay.class = 'I';
      stay.expect(3);
      const changed = stay.hours(6) - 20 * MINUTE;
      stay.send('A06', stay.hours(6), { occurred: changed, facts: [need(['SOC', 'ROV']), consent('Y')] });
      runOn(stay, stay.units(['SOC', 'ROV']), 3);
    },
  },
  {
    name: 'an-inpatient-becomes-an-outpatient',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.class = 'O';
      stay.send('A07', stay.hours(8));
      allTold(stay, stay.units(['SOC']), { 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'planned-and-never-came',
    hospitals: ['KS', 'OS', 'PS'],
    play(stay) {
      stay.class = 'P';
      stay.expect(5);
      stay.send('A05', stay.start, { facts: [need(['SOC']), consent('Y')] });
      stay.send('A14', stay.hours(20));
    },
  },
  {
    name: 'moved-and-back',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      stay.expect(3);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.send('A02', stay.hours(5));
      stay.send('A12', stay.hours(6));
      runOn(stay, units, 3);
    },
  },
  {
    name: 'a-planned-discharge-taken-back',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(5);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.expect(3);
      stay.send('A16', stay.hours(5));
      stay.expected = undefined;
      stay.send('A25', stay.hours(9));
      // The day before it holds again: a second news.
      allTold(stay, units, { INS: 1, BUT: 2 });
    },
  },
  {
    name: 'on-leave',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      stay.expect(4);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.send('A21', stay.day(1, 10));
      stay.send('A22', stay.day(2, 18));
      leaveWell(stay, units, 4);
    },
  },
  {
    name: 'two-numbers-of-one-person',
    hospitals: ['KS', 'PS'],
    about: 'known-here-only',
    play(stay) {
      stay.expect(3);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.mergeInto(stay.somebodyElse(), stay.hours(5));
      allTold(stay, stay.units(['SOC', 'ROV']), { INS: 2 });
    },
  },
];
