import { type FactLine, ready } from '../messages/ward-message.ts';
import type { WardStay } from '../county/ward-stay.ts';
import { allTold, EVERYTHING, type Scenario } from './scenario.ts';

/** What the patient should have and know when leaving for home: the check list, and the word that the patient was informed. */
const check = (...value: string[]): FactLine => ({ code: 'CHECK', value });
const informed = (...value: string[]): FactLine => ({ code: 'PATINFO', value });

/** All that the law asks for was told, and the ward says this of the discharge. */
function leavesWith(stay: WardStay, ...facts: FactLine[]): void {
  const needs = stay.random.pick([['SOC'], ['SOC', 'ROV']] as const);
  const units = stay.units(needs);
  stay.expect(3);
  stay.admit({ need: needs, consent: 'Y' });
  stay.update(stay.day(2, 9), { facts: [ready('Y')] });
  stay.discharge(stay.day(3, 13), { informs: units, facts });
  allTold(stay, units, EVERYTHING);
}

export const AT_THE_DISCHARGE: readonly Scenario[] = [
  {
    name: 'patient-never-informed',
    hospitals: ['MS'],
    injects: ['UTS-06'],
    play(stay) {
      leavesWith(stay);
      stay.truth.flagged('UTS-06');
    },
  },
  {
    name: 'patient-informed-the-day-before',
    hospitals: ['MS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(stay.day(2, 9), { facts: [ready('Y'), informed('ORAL')] });
      stay.discharge(stay.day(3, 13), { informs: units });
      allTold(stay, units, EVERYTHING);
    },
  },
  {
    name: 'patient-informed-and-said-so-the-same-evening',
    hospitals: ['MS'],
    play(stay) {
      leavesWith(stay);
      stay.update(stay.day(3, 22), { facts: [informed('WRITTEN', 'CONTACT')] });
    },
  },
  {
    name: 'medicine-list-was-not-there',
    hospitals: ['KS', 'PS'],
    injects: ['UTS-07'],
    play(stay) {
      leavesWith(stay, check(stay.random.pick(['NO-MEDICINE-LIST', 'NO-MEDICINES']), 'AIDS'));
      stay.truth.flagged('UTS-07');
    },
  },
  {
    name: 'aids-were-not-there',
    hospitals: ['KS', 'PS'],
    injects: ['UTS-08'],
    play(stay) {
      leavesWith(stay, check('MEDICINES', stay.random.pick(['NO-AIDS', 'NO-HOME-ADAPTATION'])));
      stay.truth.flagged('UTS-08');
    },
  },
  {
    name: 'missing-the-day-before-and-there-when-leaving',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(stay.day(2, 9), { facts: [ready('Y'), check('NO-MEDICINES', 'NO-AIDS')] });
      stay.discharge(stay.day(3, 13), { informs: units, facts: [check('MEDICINES', 'AIDS')] });
      allTold(stay, units, EVERYTHING);
    },
  },
  {
    name: 'nothing-on-the-list-and-dead',
    hospitals: ['KS', 'MS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(4);
      stay.admit({ need: ['SOC'], consent: 'Y', facts: [check('NO-MEDICINES', 'NO-AIDS')] });
      stay.discharge(stay.day(2, 13), { leaving: '20' });
      allTold(stay, units, { 'INS-WITHDRAWN': 1 });
    },
  },
];
