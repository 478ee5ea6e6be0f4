import { HOMES, UNKNOWN_CLINIC, UNKNOWN_HOMES } from '../county/people.ts';
import { consent, need, ready } from '../messages/ward-message.ts';
import { allTold, ONLY_THE_ADMISSION, type Scenario } from './scenario.ts';

/**
 * What no rule can send: protected persons, and needs without a known recipient. A person decides, and in time (TEK-03).
 * Of a protected person's stay nothing is found by searching (RTE-45), deviations neither: the Task is all there is to see.
 */
export const BY_HAND: readonly Scenario[] = [
  {
    name: 'protected-person',
    hospitals: ['KS', 'DS', 'PS'],
    about: 'protected',
    injects: ['TEK-03'],
    play(stay) {
      stay.protection = stay.random.pick(['PV2-22', 'SEKR', 'SKYDD', 'FING'] as const);
      stay.expect(3);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      if (stay.random.chance(0.5)) stay.discharge(stay.day(3, 13), { informs: stay.units(['SOC', 'ROV']) });
      stay.truth.flagged('TEK-03');
      stay.truth.leaves('ROUTE-BY-HAND');
    },
  },
  {
    name: 'protected-person-without-need',
    hospitals: ['KS', 'OS', 'PS'],
    about: 'protected',
    play(stay) {
      stay.protection = 'SEKR';
      stay.expect(2);
      stay.admit({ need: [] });
      stay.discharge(stay.day(2, 13));
    },
  },
  {
    name: 'unknown-municipality',
    hospitals: ['KS', 'PS'],
    injects: ['TEK-03'],
    play(stay) {
      stay.home = stay.random.pick(UNKNOWN_HOMES);
      stay.expect(3);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      allTold(stay, stay.units(['ROV']), ONLY_THE_ADMISSION);
      stay.truth.flagged('TEK-03');
      stay.truth.leaves('ROUTE-BY-HAND');
    },
  },
  {
    name: 'unknown-clinic',
    hospitals: ['KS', 'PS'],
    injects: ['TEK-03'],
    play(stay) {
      const told = stay.units(['SOC']);
      stay.clinic = stay.random.pick([UNKNOWN_CLINIC, undefined]);
      stay.expect(3);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      allTold(stay, told, ONLY_THE_ADMISSION);
      stay.truth.flagged('TEK-03');
      stay.truth.leaves('ROUTE-BY-HAND');
    },
  },
  {
    name: 'nobody-known',
    hospitals: ['KS', 'PS'],
    injects: ['TEK-03'],
    play(stay) {
      stay.home = stay.random.pick(UNKNOWN_HOMES);
      stay.clinic = undefined;
      stay.expect(3);
      stay.admit({ need: ['KHSL'], consent: 'Y' });
      stay.truth.flagged('TEK-03', 2);
      stay.truth.leaves('ROUTE-BY-HAND');
    },
  },
  {
    name: 'address-found-in-time',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.home = stay.random.pick(UNKNOWN_HOMES);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.home = stay.random.pick(HOMES);
      stay.update(stay.hours(8));
      allTold(stay, stay.units(['SOC']), ONLY_THE_ADMISSION);
    },
  },
  {
    name: 'protected-by-a-code-of-no-table',
    hospitals: ['KS', 'PS'],
    about: 'protected-by-unknown-code',
    injects: ['TEK-03'],
    play(stay) {
      stay.protection = 'SKYDDAD';
      stay.expect(3);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.truth.flagged('TEK-03');
      stay.truth.leaves('ROUTE-BY-HAND');
    },
  },
  {
    // ARV is of the person, and holds though no later message says it again (DEC-23).
    name: 'protection-said-once',
    hospitals: ['KS', 'PS'],
    about: 'protected',
    injects: ['TEK-03'],
    play(stay) {
      stay.protection = stay.random.pick(['SEKR', 'SKYDD', 'FING'] as const);
      stay.expect(4);
      stay.admit();
      stay.protection = undefined;
      stay.update(stay.hours(6), { facts: [need(['SOC']), consent('Y')] });
      stay.truth.flagged('TEK-03');
      stay.truth.leaves('ROUTE-BY-HAND');
    },
  },
  {
    // PV2-22 is of the visit: the person's other stays go on by rule (DEC-23).
    name: 'protected-after-the-notice',
    hospitals: ['KS', 'PS'],
    injects: ['TEK-03'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.protection = 'PV2-22';
      stay.update(stay.hours(6));
      stay.discharge(stay.day(2, 13), { facts: [ready('Y')], informs: units });
      // What the ward handed over in time, and the hub holds back, is no deviation of the ward.
      allTold(stay, units, ONLY_THE_ADMISSION);
      stay.truth.flagged('TEK-03');
      stay.truth.leaves('ROUTE-BY-HAND');
    },
  },
  {
    // What is taken back is labelled, and so it is no search hit; the notice that it takes back holds no more.
    name: 'protected-after-the-notice-and-taken-back',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(3);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.protection = 'PV2-22';
      stay.update(stay.hours(6));
      if (stay.random.chance(0.5)) stay.cancel(stay.hours(8));
      else stay.update(stay.hours(8), { facts: [need([])] });
    },
  },
  {
    name: 'protected-and-cancelled',
    hospitals: ['KS', 'PS'],
    about: 'protected',
    play(stay) {
      stay.protection = 'SKYDD';
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.cancel(stay.hours(10));
    },
  },
];
