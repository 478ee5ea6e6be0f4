import { allTold, type Scenario } from './scenario.ts';

/** The expected discharge: every change is told (LUS 2:4), and a discharge on another day than was told is BUT-01. */
export const EXPECTED_DISCHARGE: readonly Scenario[] = [
  {
    name: 'expected-there-and-back',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      stay.expect(4);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.expect(6);
      stay.update(stay.day(1, 10));
      stay.expect(4);
      stay.update(stay.day(2, 10));
      stay.discharge(stay.day(4, 13), { informs: units });
      allTold(stay, units, { INS: 1, BUT: 2, UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'expected-at-another-hour',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(3, 11);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.expect(3, 15);
      stay.update(stay.day(1, 10));
      stay.discharge(stay.day(3, 15), { informs: units });
      allTold(stay, units, { INS: 1, BUT: 1, UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'left-long-before-expected',
    hospitals: ['KS', 'PS', 'DS'],
    injects: ['BUT-01'],
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      stay.expect(stay.random.int(4, 7));
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.discharge(stay.day(2, 13), { informs: units });
      allTold(stay, units, { INS: 1, UTS: 1, INFO: 1 });
      stay.truth.flagged('BUT-01');
    },
  },
  {
    name: 'left-long-after-expected',
    hospitals: ['KS', 'PS'],
    injects: ['BUT-01'],
    play(stay) {
      const units = stay.units(['ROV']);
      stay.expect(1);
      stay.admit({ need: ['ROV'], consent: 'Y' });
      stay.expect(2);
      stay.update(stay.day(1, 9));
      stay.discharge(stay.day(stay.random.int(4, 6), 13), { informs: units });
      allTold(stay, units, { INS: 1, BUT: 1, UTS: 1, INFO: 1 });
      stay.truth.flagged('BUT-01');
    },
  },
  {
    name: 'left-a-day-off',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(stay.random.pick([2, 4]));
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(3, 13), { informs: units });
      allTold(stay, units, { INS: 1, UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'shift-that-was-announced',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(7);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.expect(3);
      stay.update(stay.day(3, 8));
      stay.discharge(stay.day(3, 13), { informs: units });
      allTold(stay, units, { INS: 1, BUT: 1, UTS: 1, INFO: 1 });
    },
  },
];
