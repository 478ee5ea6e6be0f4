import { HOUR, MINUTE } from '../county/county-time.ts';
import { MERGED_HOME } from '../county/people.ts';
import { consent, info, need, order, ready } from '../messages/ward-message.ts';
import { allTold, EVERYTHING, leaveWell, NEEDS, ONLY_THE_ADMISSION, runOn, type Scenario } from './scenario.ts';

/** Stays with a need in which the ward does all that it has to: told, and nothing flagged. */
export const NEEDED: readonly Scenario[] = [
  {
    name: 'need-at-admission',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const needs = stay.random.pick(NEEDS);
      const days = stay.random.int(2, 4);
      stay.expect(days, stay.random.chance(0.5) ? 14 : undefined);
      stay.admit({ need: needs, consent: 'Y' });
      leaveWell(stay, stay.units(needs), days);
    },
  },
  {
    name: 'need-implied-by-agreement',
    hospitals: ['DS'],
    play(stay) {
      stay.expect(3);
      stay.admit({ consent: 'Y' });
      leaveWell(stay, stay.units(['SOC', 'ROV']), 3);
    },
  },
  {
    name: 'implied-need-denied',
    hospitals: ['DS'],
    play(stay) {
      stay.expect(3);
      stay.admit({ need: [] });
      stay.discharge(stay.day(3, 13));
    },
  },
  {
    name: 'ordered-in-time',
    hospitals: ['OS'],
    play(stay) {
      const needs = stay.random.pick(NEEDS);
      stay.expect(3);
      stay.admit({ need: needs, consent: 'Y' });
      stay.update(stay.hours(stay.random.int(1, 44) / 2), { facts: [order()] });
      leaveWell(stay, stay.units(needs), 3);
    },
  },
  {
    name: 'assessed-later-and-told-at-once',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const needs = stay.random.pick(NEEDS);
      const assessed = stay.hours(40) - stay.random.int(20, 600) * MINUTE;
      stay.expect(4);
      stay.admit();
      stay.update(stay.hours(40), { facts: [need(needs, { at: assessed }), consent('Y')] });
      runOn(stay, stay.units(needs), 4);
    },
  },
  {
    name: 'need-grows',
    hospitals: ['KS'],
    play(stay) {
      stay.expect(4);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(stay.hours(20), { facts: [need(['SOC', 'ROV'])] });
      runOn(stay, stay.units(['SOC', 'ROV']), 4);
    },
  },
  {
    name: 'need-ends',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(4);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.update(stay.hours(20), { facts: [need([])] });
      stay.discharge(stay.day(4, 11));
      allTold(stay, stay.units(['SOC', 'ROV']), { 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'need-said-again-in-every-message',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(2);
      const facts = [need(['KHSL'], { at: stay.admitted }), consent('Y')];
      stay.admit({ facts });
      stay.update(stay.hours(7), { facts });
      stay.update(stay.day(1, 20), { facts: [...facts, ready('Y', { at: stay.day(1, 19) })] });
      stay.discharge(stay.day(2, 12), { facts, informs: stay.units(['KHSL']) });
      allTold(stay, stay.units(['KHSL']), EVERYTHING);
    },
  },
  {
    name: 'board-that-was-merged',
    hospitals: ['KS'],
    play(stay) {
      stay.home = MERGED_HOME;
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      runOn(stay, stay.units(['SOC']), 3);
    },
  },
  {
    name: 'co-ordination-number-has-no-address',
    hospitals: ['KS'],
    about: 'co-ordination-number',
    play(stay) {
      stay.expect(3);
      stay.admit({ need: ['ROV'], consent: 'Y' });
      runOn(stay, stay.units(['ROV']), 3);
    },
  },
  {
    name: 'reserve-number-has-no-address',
    hospitals: ['KS', 'PS'],
    about: 'reserve-number',
    play(stay) {
      stay.expect(3);
      stay.admit({ need: ['ROV'], consent: 'Y' });
      runOn(stay, stay.units(['ROV']), 3);
    },
  },
  {
    name: 'sent-in-the-very-last-second',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const sent = stay.sentBefore(stay.start);
      stay.admitted = sent - 24 * HOUR;
      stay.expect(3);
      stay.admit({ sent, need: ['SOC'], consent: 'Y' });
      allTold(stay, stay.units(['SOC']), ONLY_THE_ADMISSION);
    },
  },
  {
    name: 'two-texts-of-one-scope',
    hospitals: ['KS'],
    play(stay) {
      stay.expect(3);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.update(stay.day(3, 9), { facts: [ready('Y')] });
      stay.discharge(stay.day(3, 13), {
        facts: [info(['SOC', 'ROV'], 'Första delen.'), info(['SOC', 'ROV'], 'Andra delen.')],
      });
      allTold(stay, stay.units(['SOC', 'ROV']), EVERYTHING);
    },
  },
];

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
