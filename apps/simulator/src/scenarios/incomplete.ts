import { consent, need } from '../messages/ward-message.ts';
import { allTold, NEEDS, ONLY_THE_ADMISSION, type Scenario } from './scenario.ts';

/** Admission notices that lack one of the four items of LUS 2:2 (INS-05), and some that are completed, in time or late (DEC-16). */
export const INCOMPLETE: readonly Scenario[] = [
  {
    name: 'no-expected-discharge',
    hospitals: ['KS', 'PS'],
    injects: ['INS-05'],
    play(stay) {
      const needs = stay.random.pick(NEEDS);
      stay.admit({ need: needs, consent: 'Y' });
      allTold(stay, stay.units(needs), ONLY_THE_ADMISSION);
      stay.truth.flagged('INS-05');
      stay.truth.leaves('COMPLETE-INS');
    },
  },
  {
    name: 'no-name',
    hospitals: ['KS', 'DS', 'PS'],
    injects: ['INS-05'],
    play(stay) {
      stay.withName = false;
      stay.expect(4);
      stay.admit({ need: ['ROV'], consent: 'Y' });
      allTold(stay, stay.units(['ROV']), ONLY_THE_ADMISSION);
      stay.truth.flagged('INS-05');
      stay.truth.leaves('COMPLETE-INS');
    },
  },
  {
    name: 'no-registered-address',
    hospitals: ['KS', 'PS'],
    injects: ['INS-05'],
    play(stay) {
      stay.home = undefined;
      stay.expect(4);
      stay.admit({ need: ['ROV'], consent: 'Y' });
      allTold(stay, stay.units(['ROV']), ONLY_THE_ADMISSION);
      stay.truth.flagged('INS-05');
      stay.truth.leaves('COMPLETE-INS');
    },
  },
  {
    name: 'incomplete-and-late',
    hospitals: ['KS', 'PS'],
    injects: ['INS-05', 'INS-03'],
    play(stay) {
      stay.admit();
      stay.update(stay.hours(30), { facts: [need(['SOC'], { at: stay.admitted }), consent('Y')] });
      allTold(stay, stay.units(['SOC']), ONLY_THE_ADMISSION);
      stay.truth.flagged('INS-05');
      stay.truth.flagged('INS-03');
      stay.truth.leaves('COMPLETE-INS');
    },
  },
  {
    name: 'completed-by-a-second-version',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const needs = stay.random.pick(NEEDS);
      stay.admit({ need: needs, consent: 'Y' });
      stay.expect(4);
      stay.update(stay.hours(stay.random.int(2, 22)));
      allTold(stay, stay.units(needs), { INS: 2 });
    },
  },
  {
    name: 'completed-too-late',
    hospitals: ['KS', 'PS'],
    injects: ['INS-05'],
    play(stay) {
      const needs = stay.random.pick(NEEDS);
      stay.admit({ need: needs, consent: 'Y' });
      stay.expect(4);
      stay.update(stay.hours(stay.random.int(25, 40)));
      allTold(stay, stay.units(needs), { INS: 2 });
      stay.truth.flagged('INS-05');
    },
  },
  {
    name: 'name-comes-later',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.withName = false;
      stay.expect(4);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.withName = true;
      stay.update(stay.hours(5));
      allTold(stay, stay.units(['SOC']), { INS: 2 });
    },
  },
];
