import { consent, need } from '../messages/facts.ts';
import { allTold, NEEDS, ONLY_THE_ADMISSION, runOn, type Scenario } from './scenario.ts';

/** Needs stated in several lines of a message (DEC-26), and needs of another scope with a clock of their own (DEC-27). */
export const NEEDS_APART: readonly Scenario[] = [
  {
    name: 'needs-in-two-lines',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const [first, second] = stay.random.shuffled([need(['SOC']), need(['ROV'])]);
      stay.expect(3);
      stay.admit({ consent: 'Y', facts: [first, second].filter((fact) => fact !== undefined) });
      runOn(stay, stay.units(['SOC', 'ROV']), 3);
    },
  },
  {
    name: 'no-need-beside-a-need',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const needs = stay.random.pick(NEEDS);
      stay.expect(3);
      stay.admit({ consent: 'Y', facts: stay.random.shuffled([need([]), need(needs)]) });
      runOn(stay, stay.units(needs), 3);
    },
  },
  {
    name: 'another-need-told-late',
    hospitals: ['KS', 'PS'],
    injects: ['INS-04'],
    play(stay) {
      const [first, other] = stay.random.shuffled(['SOC', 'ROV'] as const);
      if (!first || !other) return;
      stay.expect(5);
      stay.admit({ need: [first], consent: 'Y' });
      stay.update(stay.hours(stay.random.int(46, 60)), { facts: [need(['SOC', 'ROV'], { at: stay.hours(20) })] });
      allTold(stay, stay.units(['SOC', 'ROV']), ONLY_THE_ADMISSION);
      stay.truth.flagged('INS-04');
    },
  },
  {
    name: 'another-need-told-in-time',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const assessed = stay.hours(30);
      stay.expect(5);
      stay.admit({ need: ['ROV'], consent: 'Y' });
      stay.update(stay.hours(stay.random.int(32, 52)), {
        facts: [need(['SOC', 'ROV'], { at: assessed }), consent('Y')],
      });
      runOn(stay, stay.units(['SOC', 'ROV']), 5);
    },
  },
];
