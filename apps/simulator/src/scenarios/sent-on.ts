import { consent, info, need, ready, type Scope } from '../messages/ward-message.ts';
import { MINUTE } from '../county/county-time.ts';
import type { HospitalId } from '../county/hospitals.ts';
import type { WardStay } from '../county/ward-stay.ts';
import { allTold, ONLY_THE_ADMISSION, type Scenario } from './scenario.ts';

/** A patient is sent on to another ward, which goes on with the case: who was told there is told on (DEC-08, DEC-31). */
export const SENT_ON: readonly Scenario[] = [
  {
    name: 'sent-on-and-home',
    hospitals: ['KS', 'PS'],
    sentOn: 2,
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      const next = sendOn(stay, stay.random.pick(['KS', 'PS']), ['SOC', 'ROV']);
      // Another day than the first ward gave: that is news to those who have its notice.
      next.expect(4);
      next.admit({ consent: 'Y' });
      next.update(next.day(4, 9), { facts: [ready('Y')] });
      next.discharge(next.day(4, 13), { informs: units });
      allTold(stay, units, ONLY_THE_ADMISSION);
      allTold(next, units, { BUT: 1, UTK: 1, UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'sent-on-with-a-need-of-its-own',
    hospitals: ['KS'],
    sentOn: 2,
    play(stay) {
      const units = stay.units(['SOC']);
      const next = sendOn(stay, 'PS', ['SOC']);
      next.expect(3);
      next.admit({ need: ['SOC'], consent: 'Y' });
      next.discharge(next.day(3, 13), { informs: units });
      allTold(stay, units, ONLY_THE_ADMISSION);
      allTold(next, units, { INS: 1, UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'sent-on-and-home-without-information',
    hospitals: ['KS', 'PS'],
    sentOn: 2,
    play(stay) {
      const units = stay.units(['SOC']);
      const next = sendOn(stay, 'KS', ['SOC']);
      // The very day that the first ward gave is no news.
      next.expect(3);
      next.admit({ consent: 'Y' });
      next.discharge(next.day(2, 20));
      allTold(stay, units, ONLY_THE_ADMISSION);
      allTold(next, units, { UTS: 1 });
      next.truth.flagged('UTS-01');
    },
  },
  {
    name: 'sent-on-without-a-ground-there',
    hospitals: ['KS'],
    sentOn: 2,
    play(stay) {
      const units = stay.units(['SOC']);
      // The consent was given to the first ward: it says nothing of what the second may tell.
      const next = sendOn(stay, 'KS', ['SOC']);
      next.admit();
      next.update(next.day(1, 9), { facts: [ready('Y')] });
      allTold(stay, units, ONLY_THE_ADMISSION);
      next.truth.leaves('STATE-GROUND');
    },
  },
  {
    name: 'sent-on-to-a-ward-that-orders-no-notice',
    hospitals: ['KS', 'PS'],
    sentOn: 2,
    play(stay) {
      const units = stay.units(['SOC']);
      const next = sendOn(stay, 'OS', ['SOC']);
      next.admit({ need: ['SOC'], consent: 'Y' });
      next.discharge(next.day(2, 13), { informs: units });
      allTold(stay, units, ONLY_THE_ADMISSION);
      allTold(next, units, { UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'sent-on-by-one-who-told-nobody',
    hospitals: ['KS', 'PS'],
    sentOn: 2,
    play(stay) {
      const next = sendOn(stay, 'OS', undefined);
      next.admit({ need: ['SOC'] });
      next.truth.flagged('INS-01');
    },
  },
  {
    name: 'sent-on-and-heard-of-late',
    hospitals: ['KS', 'PS'],
    sentOn: 2,
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(4);
      stay.admit({ need: ['SOC'] });
      const next = stay.goesOn('KS', stay.day(1, 12));
      next.admit({ facts: [consent('Y'), ready('Y')] });
      stay.discharge(stay.day(1, 18), { leaving: '02', discharged: next.admitted });
      next.discharge(next.day(2, 13), { facts: [info(['SOC'])] });
      allTold(stay, units, ONLY_THE_ADMISSION);
      allTold(next, units, { UTK: 1, UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'sent-on-and-dead',
    hospitals: ['KS', 'PS'],
    sentOn: 2,
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      const next = sendOn(stay, 'PS', ['SOC', 'ROV']);
      next.admit({ consent: 'Y', facts: [ready('Y')] });
      next.discharge(next.hours(30), { leaving: '20' });
      allTold(stay, units, { 'INS-WITHDRAWN': 1 });
      allTold(next, units, { 'UTK-WITHDRAWN': 1 });
    },
  },
  {
    name: 'sent-on-and-never-there',
    hospitals: ['KS'],
    sentOn: 2,
    play(stay) {
      const units = stay.units(['SOC']);
      const next = sendOn(stay, 'PS', ['SOC']);
      next.admit({ consent: 'Y', facts: [ready('Y')] });
      next.cancel(next.hours(5));
      allTold(stay, units, ONLY_THE_ADMISSION);
      allTold(next, units, { 'UTK-WITHDRAWN': 1 });
      stay.truth.leaves('CONFIRM');
    },
  },
  {
    name: 'sent-on-and-arrived-after-a-day',
    hospitals: ['KS', 'PS'],
    sentOn: 2,
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(4);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(1, 13), { leaving: '05' });
      // What begins then is a case of its own, and nobody has said that it needs anything.
      const next = stay.goesOn('KS', stay.day(2, 16));
      next.goesOnWith = undefined;
      next.admit({ consent: 'Y', facts: [ready('Y')] });
      next.discharge(next.day(1, 13), { facts: [need([])] });
      allTold(stay, units, ONLY_THE_ADMISSION);
      stay.truth.leaves('CONFIRM');
    },
  },
  {
    name: 'sent-on-and-arrived-before-the-transfer',
    hospitals: ['KS', 'PS'],
    sentOn: 2,
    play(stay) {
      const units = stay.units(['SOC']);
      const transfer = stay.day(1, 12.5);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      const next = stay.goesOn('DS', stay.day(1, 12));
      next.admitted = transfer - 90 * MINUTE;
      next.expect(2);
      next.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(1, 13), { leaving: '02', discharged: transfer });
      next.discharge(next.day(1, 13), { informs: units });
      allTold(stay, units, ONLY_THE_ADMISSION);
      allTold(next, units, { INS: 1, UTS: 1, INFO: 1 });
    },
  },
  {
    // It began long before the transfer, so it is another matter, and nothing of it is for those whom the first stay told.
    name: 'another-stay-that-began-before-the-transfer',
    hospitals: ['KS', 'PS'],
    sentOn: 2,
    play(stay) {
      const units = stay.units(['SOC']);
      const other = stay.goesOn('OS', stay.hours(2));
      other.goesOnWith = undefined;
      stay.expect(4);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      other.expect(3);
      other.admit({ consent: 'Y', facts: stay.random.chance(0.5) ? [need([])] : [] });
      stay.discharge(stay.day(1, 13), { leaving: '02' });
      other.discharge(other.day(2, 13), { facts: [ready('Y')], informs: units });
      allTold(stay, units, ONLY_THE_ADMISSION);
      stay.truth.leaves('CONFIRM');
    },
  },
  {
    name: 'sent-on-and-in-no-need-there',
    hospitals: ['KS', 'PS'],
    sentOn: 2,
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      const next = sendOn(stay, stay.random.pick(['KS', 'PS']), ['SOC', 'ROV']);
      next.expect(4);
      next.admit({ consent: 'Y', need: [] });
      next.discharge(next.day(2, 13), { informs: units });
      allTold(stay, units, { 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'transferred-and-back-at-the-same-ward',
    hospitals: ['KS', 'PS'],
    sentOn: 2,
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(4);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(1, 13), { leaving: '02' });
      // No other unit, so no continuation: a case of its own, which nobody has said needs anything.
      const next = stay.comesBack(stay.day(1, 19));
      next.admit({ consent: 'Y' });
      next.discharge(next.day(2, 13), { informs: units });
      allTold(stay, units, ONLY_THE_ADMISSION);
      stay.truth.leaves('CONFIRM');
    },
  },
  {
    name: 'sent-on-twice',
    hospitals: ['KS'],
    sentOn: 3,
    play(stay) {
      const municipal = stay.units(['SOC']);
      const both = stay.units(['SOC', 'ROV']);
      const next = sendOn(stay, 'KS', ['SOC']);
      next.expect(5);
      next.admit({ need: ['ROV'] });
      next.discharge(next.day(1, 13), { leaving: '09' });
      const last = next.goesOn('PS', next.day(1, 15));
      last.admit({ consent: 'Y' });
      last.discharge(last.day(1, 13), { informs: both });
      allTold(stay, municipal, ONLY_THE_ADMISSION);
      // Its own notice to the clinic; to the municipality only the new day.
      allTold(next, municipal, { BUT: 1 });
      allTold(next, next.units(['ROV']), ONLY_THE_ADMISSION);
      allTold(last, both, { UTS: 1, INFO: 1 });
    },
  },
];

/** A first stay whose need is told at once, and the stay that the patient is sent on to the next day. */
function sendOn(stay: WardStay, to: HospitalId, told: readonly Scope[] | undefined): WardStay {
  stay.expect(4);
  stay.admit(told ? { need: told, consent: 'Y' } : {});
  stay.discharge(stay.day(1, 13), { leaving: stay.random.pick(['02', '05', '09']) });
  return stay.goesOn(to, stay.day(1, 15));
}
