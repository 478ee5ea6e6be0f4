import { consent, need, order } from '../messages/ward-message.ts';
import { HOUR, MINUTE, SECOND } from '../county/county-time.ts';
import { allTold, NEEDS, ONLY_THE_ADMISSION, runOn, type Scenario } from './scenario.ts';

/** Admission notices that come, but not within 24 hours (LUS 2:3), and some that only look late. */
export const LATE: readonly Scenario[] = [
  {
    name: 'admission-reported-late',
    hospitals: ['KS', 'PS'],
    injects: ['INS-03'],
    play(stay) {
      const needs = stay.random.pick(NEEDS);
      stay.admitted = stay.start - stay.random.int(26, 40) * HOUR;
      stay.expect(3);
      stay.admit({ need: needs, consent: 'Y' });
      runOn(stay, stay.units(needs), 3);
      stay.truth.flagged('INS-03');
    },
  },
  {
    name: 'implied-need-reported-late',
    hospitals: ['DS'],
    injects: ['INS-03'],
    play(stay) {
      stay.admitted = stay.start - stay.random.int(26, 40) * HOUR;
      stay.expect(3);
      stay.admit({ consent: 'Y' });
      runOn(stay, stay.units(['SOC', 'ROV']), 3);
      stay.truth.flagged('INS-03');
    },
  },
  {
    name: 'a-second-too-late',
    hospitals: ['KS', 'PS'],
    injects: ['INS-03'],
    play(stay) {
      const sent = stay.sentBefore(stay.start);
      stay.admitted = sent - 24 * HOUR - SECOND;
      stay.expect(3);
      stay.admit({ sent, need: ['ROV'], consent: 'Y' });
      runOn(stay, stay.units(['ROV']), 3);
      stay.truth.flagged('INS-03');
    },
  },
  {
    name: 'need-at-admission-told-late',
    hospitals: ['KS', 'PS'],
    injects: ['INS-03'],
    play(stay) {
      const needs = stay.random.pick(NEEDS);
      const assessed = stay.admitted - stay.random.int(0, 120) * MINUTE;
      stay.expect(4);
      stay.admit();
      stay.update(stay.hours(stay.random.int(50, 90) / 2), { facts: [need(needs, { at: assessed }), consent('Y')] });
      runOn(stay, stay.units(needs), 4);
      stay.truth.flagged('INS-03');
    },
  },
  {
    name: 'ordered-late',
    hospitals: ['OS'],
    injects: ['INS-03'],
    play(stay) {
      const needs = stay.random.pick(NEEDS);
      stay.expect(4);
      stay.admit({ need: needs, consent: 'Y' });
      stay.update(stay.hours(stay.random.int(50, 90) / 2), { facts: [order()] });
      runOn(stay, stay.units(needs), 4);
      stay.truth.flagged('INS-03');
    },
  },
  {
    name: 'held-back-by-the-sender-over-the-deadline',
    hospitals: ['KS', 'PS'],
    injects: ['INS-03'],
    play(stay) {
      stay.expect(4);
      stay.admit({
        arrives: stay.hours(stay.random.int(26, 40)),
        sent: stay.sentBefore(stay.start),
        need: ['SOC'],
        consent: 'Y',
      });
      runOn(stay, stay.units(['SOC']), 4);
      stay.truth.flagged('INS-03');
    },
  },
  {
    name: 'held-back-within-the-deadline',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const needs = stay.random.pick(NEEDS);
      stay.expect(4);
      stay.admit({
        arrives: stay.hours(stay.random.int(2, 40) / 2),
        sent: stay.sentBefore(stay.start),
        need: needs,
        consent: 'Y',
      });
      runOn(stay, stay.units(needs), 4);
    },
  },
  {
    name: 'assessed-later-and-told-late',
    hospitals: ['KS', 'PS'],
    injects: ['INS-04'],
    play(stay) {
      const needs = stay.random.pick(NEEDS);
      stay.expect(5);
      stay.admit();
      const facts = [need(needs, { at: stay.hours(20) }), consent('Y')];
      stay.update(stay.hours(stay.random.int(45, 60)), { facts });
      runOn(stay, stay.units(needs), 5);
      stay.truth.flagged('INS-04');
    },
  },
  {
    name: 'assessed-later-and-ordered-late',
    hospitals: ['OS'],
    injects: ['INS-04'],
    play(stay) {
      stay.expect(5);
      stay.admit();
      stay.update(stay.hours(21), { facts: [need(['SOC'], { at: stay.hours(20) }), consent('Y')] });
      stay.update(stay.hours(stay.random.int(45, 60)), { facts: [order()] });
      allTold(stay, stay.units(['SOC']), ONLY_THE_ADMISSION);
      stay.truth.flagged('INS-04');
    },
  },
  {
    name: 'assessed-later-and-ordered-in-time',
    hospitals: ['OS'],
    play(stay) {
      stay.expect(5);
      stay.admit();
      stay.update(stay.hours(21), { facts: [need(['SOC'], { at: stay.hours(20) }), consent('Y')] });
      stay.update(stay.hours(stay.random.int(22, 43)), { facts: [order()] });
      runOn(stay, stay.units(['SOC']), 5);
    },
  },
];
