import { need, order } from '../messages/ward-message.ts';
import { HOUR, MINUTE } from '../county/county-time.ts';
import { allTold, ONLY_THE_ADMISSION, runOn, type Scenario } from './scenario.ts';

/**
 * Admissions without a start, or of which only the day is known (DEC-28); one that is sent before the discharge and taken in
 * after it (DEC-29); and one from before the hospital had an agreement (DEC-30).
 */
export const ADMISSION_TIMES: readonly Scenario[] = [
  {
    name: 'admission-without-any-time',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.admissionGiven = 'not-at-all';
      stay.expect(3);
      stay.admit({ occurred: undefined, need: ['SOC', 'ROV'], consent: 'Y' });
      runOn(stay, stay.units(['SOC', 'ROV']), 3);
    },
  },
  {
    name: 'admission-whose-event-alone-tells-its-time',
    hospitals: ['KS', 'PS'],
    injects: ['INS-03'],
    play(stay) {
      stay.admissionGiven = 'not-at-all';
      stay.admitted = stay.start - stay.random.int(26, 40) * HOUR;
      stay.expect(3);
      stay.admit({ consent: 'Y', facts: [need(['SOC'])] });
      allTold(stay, stay.units(['SOC']), ONLY_THE_ADMISSION);
      stay.truth.flagged('INS-03');
    },
  },
  {
    name: 'day-of-admission-said-again',
    hospitals: ['OS'],
    injects: ['INS-03'],
    play(stay) {
      // The first message is sent on that day, so the clock runs from it; said again the next day it would run from midnight.
      stay.admissionGiven = 'to-the-day';
      stay.expect(4);
      stay.admit({ occurred: undefined, need: ['SOC'], consent: 'Y' });
      stay.update(stay.hours(20));
      stay.update(stay.hours(25), { facts: [order()] });
      allTold(stay, stay.units(['SOC']), ONLY_THE_ADMISSION);
      stay.truth.flagged('INS-03');
    },
  },
  {
    name: 'admission-taken-in-after-the-discharge',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const arrives = stay.hours(6);
      const units = stay.units(['SOC']);
      stay.expect(0);
      stay.discharge(arrives, { sent: arrives - MINUTE, informs: units });
      stay.admit({ arrives, sent: arrives - 2 * MINUTE, need: ['SOC'], consent: 'Y' });
      allTold(stay, units, { INS: 1, UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'older-than-the-agreement',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.admitted = Date.parse('2017-11-20T09:00:00Z');
      stay.isUnjudged = true;
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(3, 13));
      allTold(stay, stay.units(['SOC']), { INS: 1, UTS: 1 });
    },
  },
];
