import { consent, info, need, order, ready } from '../messages/ward-message.ts';
import { MINUTE } from '../county/county-time.ts';
import { allTold, EVERYTHING, NEEDS, ONLY_THE_ADMISSION, type Scenario } from './scenario.ts';

/** Admission notices that never come. */
export const INS_MISSING: readonly Scenario[] = [
  {
    name: 'never-ordered',
    hospitals: ['OS'],
    injects: ['INS-01'],
    play(stay) {
      stay.expect(6);
      stay.admit({ need: stay.random.pick(NEEDS), consent: 'Y' });
      if (stay.random.chance(0.5)) stay.update(stay.hours(30));
      stay.truth.flagged('INS-01');
    },
  },
  {
    name: 'assessed-later-and-never-ordered',
    hospitals: ['OS'],
    injects: ['INS-01'],
    play(stay) {
      stay.admit();
      stay.update(stay.hours(12), { facts: [need(['SOC'], { at: stay.hours(11) })] });
      stay.truth.flagged('INS-01');
    },
  },
  {
    name: 'never-ordered-and-gone',
    hospitals: ['OS'],
    injects: ['INS-02'],
    play(stay) {
      const days = stay.random.int(1, 3);
      stay.expect(days);
      stay.admit({ need: stay.random.pick(NEEDS), consent: 'Y' });
      stay.discharge(stay.day(days, 14), { informs: stay.units(['SOC', 'ROV']) });
      stay.truth.flagged('INS-02');
    },
  },
  {
    name: 'ready-and-never-ordered',
    hospitals: ['OS'],
    injects: ['INS-02'],
    play(stay) {
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(stay.hours(14), { facts: [ready('Y')] });
      stay.truth.flagged('INS-02');
    },
  },
  {
    name: 'need-first-told-in-the-discharge',
    hospitals: ['KS', 'PS'],
    injects: ['INS-02'],
    play(stay) {
      const needs = stay.random.pick(NEEDS);
      const units = stay.units(needs);
      stay.expect(2);
      stay.admit();
      stay.discharge(stay.day(2, 13), { facts: [need(needs), consent('Y')], informs: units });
      allTold(stay, units, { INS: 1, UTS: 1, INFO: 1 });
      stay.truth.flagged('INS-02');
    },
  },
  {
    name: 'need-first-told-after-the-discharge',
    hospitals: ['KS', 'PS'],
    injects: ['INS-02'],
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      stay.expect(2);
      stay.admit();
      stay.discharge(stay.day(2, 12));
      const facts = [need(['SOC', 'ROV'], { at: stay.day(2, 10) }), consent('Y'), info(['SOC', 'ROV'])];
      stay.update(stay.day(2, 15), { facts });
      allTold(stay, units, { INS: 1, UTS: 1, INFO: 1 });
      stay.truth.flagged('INS-02');
    },
  },
];

/** Information at discharge that never comes, comes late, or is lawfully withheld (LUS 3:2; DEC-03, DEC-06). */
export const INFORMATION: readonly Scenario[] = [
  {
    name: 'information-never-came',
    hospitals: ['KS', 'PS'],
    injects: ['UTS-01'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(stay.day(2, 9), { facts: [ready('Y')] });
      stay.discharge(stay.day(2, 13));
      allTold(stay, units, { INS: 1, UTK: 1, UTS: 1 });
      stay.truth.flagged('UTS-01');
    },
  },
  {
    name: 'information-for-one-of-two',
    hospitals: ['KS', 'PS'],
    injects: ['UTS-01'],
    play(stay) {
      const [municipality, clinic] = stay.units(['SOC', 'ROV']);
      stay.expect(2);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.discharge(stay.day(2, 13), { facts: [info([])] });
      if (municipality) stay.truth.told(municipality.party, { INS: 1, UTS: 1 });
      if (clinic) stay.truth.told(clinic.party, { INS: 1, UTS: 1, INFO: 1 });
      stay.truth.flagged('UTS-01');
    },
  },
  {
    name: 'information-a-day-late',
    hospitals: ['KS', 'PS', 'OS'],
    injects: ['UTS-02'],
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      stay.expect(2);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y', facts: stay.hospital.sender === 'OS' ? [order()] : [] });
      stay.discharge(stay.day(2, 13));
      stay.update(stay.day(3, stay.random.int(7, 20)), { facts: units.map(({ scopes }) => info(scopes)) });
      allTold(stay, units, { INS: 1, UTS: 1, INFO: 1 });
      stay.truth.flagged('UTS-02');
    },
  },
  {
    name: 'information-just-before-midnight',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      const midnight = stay.day(3, 0);
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 13));
      stay.update(midnight, { sent: midnight - 5 * MINUTE, facts: [info(['SOC'])] });
      allTold(stay, units, { INS: 1, UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'information-at-midnight-sharp',
    hospitals: ['KS', 'PS'],
    injects: ['UTS-02'],
    play(stay) {
      const units = stay.units(['SOC']);
      const midnight = stay.day(3, 0);
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 13));
      stay.update(midnight, { sent: midnight, facts: [info(['SOC'])] });
      allTold(stay, units, { INS: 1, UTS: 1, INFO: 1 });
      stay.truth.flagged('UTS-02');
    },
  },
  {
    name: 'information-before-the-discharge',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['KHSL']);
      stay.expect(3);
      stay.admit({ need: ['KHSL'], consent: 'Y' });
      stay.update(stay.day(2, 16), { facts: [ready('Y'), info(['KHSL', 'ROV'])] });
      stay.discharge(stay.day(3, 10));
      allTold(stay, units, EVERYTHING);
    },
  },
  {
    name: 'no-ground-stated',
    hospitals: ['KS', 'PS'],
    injects: ['UTS-01'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(2);
      stay.admit({ need: ['SOC'] });
      stay.update(stay.day(2, 8), { facts: [ready('Y')] });
      stay.discharge(stay.day(2, 13), { informs: units });
      allTold(stay, units, ONLY_THE_ADMISSION);
      stay.truth.flagged('UTS-01');
      stay.truth.leaves('STATE-GROUND');
    },
  },
  {
    name: 'consent-refused',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const needs = stay.random.pick(NEEDS);
      const units = stay.units(needs);
      stay.expect(2);
      stay.admit({ need: needs, consent: 'N' });
      stay.update(stay.day(2, 8), { facts: [ready('Y')] });
      stay.discharge(stay.day(2, 13), { informs: units });
      for (const { party, isSameRegion } of units) {
        stay.truth.told(party, isSameRegion ? EVERYTHING : ONLY_THE_ADMISSION);
      }
    },
  },
  {
    name: 'consent-refused-for-the-municipality-alone',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const [municipality, clinic] = stay.units(['SOC', 'ROV']);
      stay.expect(2);
      stay.admit({ need: ['SOC', 'ROV'], facts: [consent('N', ['SOC']), consent('Y', ['ROV'])] });
      stay.update(stay.day(2, 8), { facts: [ready('Y')] });
      stay.discharge(stay.day(2, 13), { facts: [info(['ROV'])] });
      if (municipality) stay.truth.told(municipality.party, ONLY_THE_ADMISSION);
      if (clinic) stay.truth.told(clinic.party, EVERYTHING);
    },
  },
  {
    name: 'consent-withdrawn',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(stay.day(2, 8), { facts: [ready('Y')] });
      stay.update(stay.day(2, 11), { facts: [consent('N')] });
      stay.discharge(stay.day(3, 13), { informs: units });
      allTold(stay, units, { INS: 1, UTK: 1 });
    },
  },
  {
    name: 'consent-given-after-all',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(2);
      stay.admit({ need: ['SOC'] });
      stay.update(stay.day(2, 7), { facts: [ready('Y')] });
      stay.discharge(stay.day(2, 11), { informs: units });
      stay.update(stay.day(2, 16), { facts: [consent('Y')] });
      allTold(stay, units, EVERYTHING);
    },
  },
];
