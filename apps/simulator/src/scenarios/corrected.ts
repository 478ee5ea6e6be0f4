import { basis, consent, info, need, ready } from '../messages/ward-message.ts';
import { HOMES } from '../county/people.ts';
import { allTold, EVERYTHING, ONLY_THE_ADMISSION, type Scenario } from './scenario.ts';

/** Facts that were wrong, changed, or never true; and grounds other than consent. */
export const CORRECTED: readonly Scenario[] = [
  {
    name: 'need-corrected',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const [municipality, clinic] = stay.units(['SOC', 'ROV']);
      stay.expect(4);
      stay.admit({ facts: [need(['SOC', 'ROV'], { at: stay.admitted }), consent('Y')] });
      stay.update(stay.hours(6), { facts: [need(['ROV'], { at: stay.admitted, status: 'C' })] });
      if (municipality) stay.truth.told(municipality.party, { 'INS-WITHDRAWN': 1 });
      if (clinic) stay.truth.told(clinic.party, ONLY_THE_ADMISSION);
    },
  },
  {
    name: 'need-never-true',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(2);
      stay.admit({ facts: [need(['SOC'], { at: stay.admitted }), consent('Y')] });
      stay.update(stay.hours(6), { facts: [need([], { at: stay.admitted, status: 'D' })] });
      stay.discharge(stay.day(2, 13));
      allTold(stay, stay.units(['SOC']), { 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'need-that-was-late-never-true',
    hospitals: ['OS'],
    play(stay) {
      stay.admit({ facts: [need(['SOC'], { at: stay.admitted })] });
      stay.update(stay.hours(40), { facts: [need([], { at: stay.admitted, status: 'D' })] });
    },
  },
  {
    name: 'ready-yes-no-yes',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(4);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(stay.day(2, 9), { facts: [ready('Y')] });
      stay.update(stay.day(2, 15), { facts: [ready('N')] });
      stay.update(stay.day(3, 9), { facts: [ready('Y')] });
      allTold(stay, units, { INS: 1, UTK: 1, 'UTK-WITHDRAWN': 1 });
    },
  },
  {
    name: 'ready-never-true',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const at = stay.day(2, 8.5);
      stay.expect(4);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(stay.day(2, 9), { facts: [ready('Y', { at })] });
      stay.update(stay.day(2, 11), { facts: [ready('Y', { at, status: 'D' })] });
      allTold(stay, stay.units(['SOC']), { INS: 1, 'UTK-WITHDRAWN': 1 });
    },
  },
  {
    name: 'information-corrected',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const at = stay.day(2, 12);
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 13), { facts: [info(['SOC'], 'Första texten.', { at })] });
      stay.update(stay.day(2, 15), { facts: [info(['SOC'], 'Rättad text.', { at, status: 'C' })] });
      allTold(stay, stay.units(['SOC']), { INS: 1, UTS: 1, INFO: 2 });
    },
  },
  {
    name: 'information-never-true',
    hospitals: ['KS', 'PS'],
    injects: ['UTS-01'],
    play(stay) {
      const at = stay.day(2, 12);
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 13), { facts: [info(['SOC'], 'Fel patient.', { at })] });
      stay.update(stay.day(2, 15), { facts: [info(['SOC'], 'Fel patient.', { at, status: 'D' })] });
      allTold(stay, stay.units(['SOC']), { INS: 1, UTS: 1 });
      stay.truth.flagged('UTS-01');
    },
  },
  {
    name: 'name-corrected',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(4);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.familyName = 'Rättadsson';
      stay.update(stay.hours(5));
      allTold(stay, stay.units(['SOC']), { INS: 2 });
    },
  },
  {
    name: 'address-corrected-to-another-municipality',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const before = stay.units(['SOC']);
      stay.expect(4);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.home = stay.random.pick(HOMES.filter(({ party }) => party !== stay.home?.party));
      stay.update(stay.hours(5));
      allTold(stay, before, { 'INS-WITHDRAWN': 1 });
      allTold(stay, stay.units(['SOC']), ONLY_THE_ADMISSION);
    },
  },
  {
    name: 'cannot-consent',
    hospitals: ['KS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(2);
      stay.admit({ need: ['SOC'], facts: [basis('CANNOT_CONSENT')] });
      stay.update(stay.day(2, 9), { facts: [ready('Y')] });
      stay.discharge(stay.day(2, 13), { informs: units });
      allTold(stay, units, EVERYTHING);
    },
  },
  {
    name: 'private-hospital-on-its-own-terms',
    hospitals: ['PS'],
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      stay.expect(2);
      stay.admit({ need: ['SOC', 'ROV'], facts: [basis('PRIVATE_PROVIDER')] });
      stay.update(stay.day(2, 9), { facts: [ready('Y')] });
      stay.discharge(stay.day(2, 13), { informs: units });
      allTold(stay, units, EVERYTHING);
    },
  },
  {
    name: 'ground-that-carries-another-kind',
    hospitals: ['KS'],
    injects: ['UTS-01'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(2);
      stay.admit({ need: ['SOC'], facts: [basis('LPT_7A')] });
      stay.update(stay.day(2, 9), { facts: [ready('Y')] });
      stay.discharge(stay.day(2, 13), { informs: units });
      allTold(stay, units, ONLY_THE_ADMISSION);
      stay.truth.flagged('UTS-01');
      stay.truth.leaves('STATE-GROUND');
    },
  },
  {
    name: 'ground-that-only-authorities-have',
    hospitals: ['PS'],
    injects: ['UTS-01'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(2);
      stay.admit({ need: ['SOC'], facts: [basis('CANNOT_CONSENT')] });
      stay.discharge(stay.day(2, 13), { informs: units });
      allTold(stay, units, ONLY_THE_ADMISSION);
      stay.truth.flagged('UTS-01');
      stay.truth.leaves('STATE-GROUND');
    },
  },
];
