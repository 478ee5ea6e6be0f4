import { HOUR, MINUTE } from '../county/county-time.ts';
import { info, ready } from '../messages/ward-message.ts';
import { allTold, type Scenario } from './scenario.ts';

/** Admissions (A11) and discharges (A13) that never were (DEC-15, DEC-25). What was told of them is taken back. */
export const CANCELLED: readonly Scenario[] = [
  {
    name: 'admission-cancelled',
    hospitals: ['KS', 'DS', 'PS'],
    play(stay) {
      stay.expect(3);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.cancel(stay.hours(stay.random.int(2, 20)));
      allTold(stay, stay.units(['SOC', 'ROV']), { 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'late-admission-cancelled',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.admitted = stay.start - 30 * HOUR;
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.cancel(stay.hours(8));
      allTold(stay, stay.units(['SOC']), { 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'cancelled-before-it-was-missed',
    hospitals: ['OS'],
    play(stay) {
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.cancel(stay.hours(9));
    },
  },
  {
    name: 'cancelled-after-it-was-missed',
    hospitals: ['OS'],
    play(stay) {
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.cancel(stay.hours(40));
    },
  },
  {
    name: 'cancelled-after-the-discharge',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 13));
      stay.cancel(stay.day(3, 10));
      allTold(stay, stay.units(['SOC']), { 'INS-WITHDRAWN': 1 });
      stay.truth.leaves('CONFIRM');
    },
  },
  {
    name: 'cancelled-and-admitted-again',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.cancel(stay.hours(4));
      stay.admitted = stay.hours(5) - 40 * MINUTE;
      stay.admit({ arrives: stay.hours(5), need: ['SOC'], consent: 'Y' });
      allTold(stay, stay.units(['SOC']), { INS: 1, 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'admitted-again-the-same-day-without-a-word-of-need',
    hospitals: ['KS', 'PS'],
    play(stay) {
      // Need and consent of that day hold on; readiness and a discharge do not (DEC-25).
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(stay.hours(2), { facts: [ready('Y')] });
      stay.cancel(stay.hours(4));
      stay.admitted += 10 * MINUTE;
      stay.admit({ arrives: stay.hours(5) });
      allTold(stay, stay.units(['SOC']), { INS: 1, 'INS-WITHDRAWN': 1, 'UTK-WITHDRAWN': 1 });
    },
  },
  {
    name: 'admitted-again-another-day-without-a-word-of-need',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(stay.hours(2), { facts: [ready('Y'), info(['SOC'])] });
      stay.cancel(stay.hours(4));
      stay.expect(9);
      stay.admitted = stay.day(7, 9);
      stay.admit({ arrives: stay.day(7, 10) });
      stay.discharge(stay.day(9, 13), { facts: [ready('Y')], informs: units });
      // The need was that of the stay that never was.
      stay.truth.flagged('INS-11');
      allTold(stay, units, { 'INS-WITHDRAWN': 1, 'UTK-WITHDRAWN': 1 });
    },
  },
  {
    name: 'discharged-cancelled-and-admitted-again',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      stay.expect(3);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.discharge(stay.hours(2), { informs: units });
      stay.cancel(stay.hours(2.5));
      stay.admit({ arrives: stay.hours(3) });
      allTold(stay, units, { INS: 1, 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'cancelled-and-admitted-in-one-minute',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const sent = stay.sentBefore(stay.hours(4));
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.send('A11', stay.hours(4), { sent, occurred: stay.admitted });
      stay.admit({ arrives: stay.hours(4), sent });
      allTold(stay, stay.units(['SOC']), { INS: 1, 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'admitted-and-cancelled-in-one-minute',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const sent = stay.sentBefore(stay.hours(4));
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.admit({ arrives: stay.hours(4), sent });
      stay.send('A11', stay.hours(4), { sent, occurred: stay.admitted });
      allTold(stay, stay.units(['SOC']), { 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'cancelled-and-the-old-admission-sent-again',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(3);
      const admission = stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.cancel(stay.hours(4));
      stay.again(admission, stay.hours(6));
      stay.update(stay.hours(8));
      allTold(stay, stay.units(['SOC']), { 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'cancellation-overtakes-the-admission',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(3);
      const sent = stay.sentBefore(stay.hours(1));
      stay.send('A11', stay.hours(1), { sent: sent + MINUTE, occurred: stay.admitted });
      stay.admit({ arrives: stay.hours(2), sent, need: ['SOC'], consent: 'Y' });
    },
  },
  {
    name: 'discharge-taken-back',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 13));
      stay.cancel(stay.day(2, stay.random.pick([16, 33])), stay.day(2, 12.5));
      allTold(stay, units, { INS: 1 });
    },
  },
  {
    name: 'discharge-taken-back-and-discharged-again',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(stay.day(2, 9), { facts: [ready('Y')] });
      stay.discharge(stay.day(2, 13), { informs: units });
      stay.cancel(stay.day(2, 17), stay.day(2, 12.5));
      stay.discharge(stay.day(3, 13), { informs: units });
      allTold(stay, units, { INS: 1, UTK: 1, UTS: 1, INFO: 2 });
    },
  },
];
