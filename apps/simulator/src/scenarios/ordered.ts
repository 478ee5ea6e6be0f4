import { need, order } from '../messages/ward-message.ts';
import { allTold, ONLY_THE_ADMISSION, type Scenario } from './scenario.ts';

/** Admission notices that are ordered for nobody, for one need, or one by one (DEC-32). */
export const ORDERED: readonly Scenario[] = [
  {
    name: 'ordered-for-nobody',
    hospitals: ['OS'],
    play(stay) {
      stay.expect(4);
      stay.admit({ consent: 'Y' });
      stay.update(stay.hours(2), { facts: [order()] });
      stay.truth.leaves('COMPLETE-INS');
    },
  },
  {
    name: 'ordered-before-the-need-was-stated',
    hospitals: ['OS'],
    play(stay) {
      stay.expect(4);
      stay.admit({ consent: 'Y' });
      stay.update(stay.hours(2), { facts: [order()] });
      stay.update(stay.hours(6), { facts: [need(['SOC', 'ROV'])] });
      allTold(stay, stay.units(['SOC', 'ROV']), ONLY_THE_ADMISSION);
    },
  },
  {
    name: 'ordered-for-a-need-that-nobody-stated',
    hospitals: ['OS'],
    play(stay) {
      stay.expect(4);
      stay.admit();
      stay.update(stay.hours(2), { facts: [order(['SOC'])] });
      allTold(stay, stay.units(['SOC']), ONLY_THE_ADMISSION);
    },
  },
  {
    name: 'ordered-for-one-of-two-needs',
    hospitals: ['OS'],
    injects: ['INS-01'],
    play(stay) {
      const [ordered, forgotten] = stay.random.shuffled(['SOC', 'ROV'] as const);
      if (!ordered || !forgotten) return;
      stay.expect(4);
      stay.admit({ need: [ordered, forgotten], consent: 'Y' });
      stay.update(stay.hours(3), { facts: [order([ordered])] });
      allTold(stay, stay.units([ordered]), ONLY_THE_ADMISSION);
      stay.truth.flagged('INS-01');
    },
  },
  {
    name: 'ordered-one-by-one',
    hospitals: ['OS'],
    play(stay) {
      stay.expect(4);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.update(stay.hours(3), { facts: [order(['SOC'])] });
      stay.update(stay.hours(7), { facts: [order(['ROV'])] });
      allTold(stay, stay.units(['SOC', 'ROV']), ONLY_THE_ADMISSION);
    },
  },
];
