import { consent, type FactLine, info, need, ready } from '../messages/ward-message.ts';
import { HOUR, MINUTE } from '../county/county-time.ts';
import { allTold, EVERYTHING, type Scenario } from './scenario.ts';

const fact = (code: FactLine['code'], value: string): FactLine => ({ code, value: [value] });

/**
 * Ready for discharge: said too late, to some alone, with a referral open, with a time that cannot be. Stays of psychiatric and
 * addiction wards are among them, for whom a decision on open compulsory care stands in its place. That a patient went home
 * without a word of it every stay's own log shows (`county/hindsight.ts`).
 */
export const READINESS: readonly Scenario[] = [
  {
    name: 'never-said-to-be-ready',
    hospitals: ['KS', 'PS', 'DS'],
    injects: ['UTK-01'],
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      stay.expect(3);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.discharge(stay.day(3, 13), { informs: units });
      allTold(stay, units, { INS: 1, UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'ready-since-the-morning-and-said-at-night',
    hospitals: ['KS', 'PS'],
    injects: ['UTK-02'],
    play(stay) {
      const units = stay.units(['SOC']);
      const said = stay.day(2, 20);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(said, { facts: [ready('Y', { at: said - stay.random.int(5, 12) * HOUR })] });
      stay.discharge(stay.day(3, 13), { informs: units });
      allTold(stay, units, EVERYTHING);
      stay.truth.flagged('UTK-02');
    },
  },
  {
    name: 'ready-for-hours-within-the-limit',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      const said = stay.day(2, 16);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(said, { facts: [ready('Y', { at: said - 3 * HOUR - 40 * MINUTE })] });
      stay.discharge(stay.day(3, 13), { informs: units });
      allTold(stay, units, EVERYTHING);
    },
  },
  {
    name: 'readiness-told-to-the-clinic-alone',
    hospitals: ['KS', 'PS'],
    injects: ['UTK-03'],
    play(stay) {
      const [municipality, clinic] = stay.units(['SOC', 'ROV']);
      stay.expect(2);
      stay.admit({ need: ['SOC', 'ROV'], facts: [consent('Y', ['ROV'])] });
      stay.update(stay.day(2, 9), { facts: [ready('Y')] });
      stay.discharge(stay.day(2, 13), { facts: [info(['SOC', 'ROV'])] });
      if (municipality) stay.truth.told(municipality.party, { INS: 1 });
      if (clinic) stay.truth.told(clinic.party, EVERYTHING);
      stay.truth.flagged('UTS-01');
      stay.truth.leaves('STATE-GROUND');
    },
  },
  {
    name: 'ready-with-a-referral-open',
    hospitals: ['KS', 'PS'],
    injects: ['UTK-04'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y', facts: [fact('CARETYPE', 'PSY'), fact('REFERRAL', 'Y')] });
      stay.update(stay.day(2, 9), { facts: [ready('Y')] });
      stay.discharge(stay.day(2, 13), { informs: units });
      allTold(stay, units, EVERYTHING);
      stay.truth.flagged('UTK-04');
    },
  },
  {
    name: 'ready-when-the-referral-had-ended',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y', facts: [fact('CARETYPE', 'BER'), fact('REFERRAL', 'Y')] });
      stay.update(stay.day(1, 9), { facts: [fact('REFERRAL', 'N')] });
      stay.update(stay.day(2, 9), { facts: [ready('Y')] });
      stay.discharge(stay.day(2, 13), { informs: units });
      allTold(stay, units, EVERYTHING);
    },
  },
  {
    name: 'sent-before-noon-by-its-own-word',
    hospitals: ['KS', 'PS'],
    injects: ['UTK-07'],
    play(stay) {
      const units = stay.units(['SOC']);
      const arrives = stay.day(2, stay.random.int(26, 30) / 2);
      const sent = stay.day(2, 12) - stay.random.int(0, 30) * MINUTE;
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(arrives, { sent, facts: [ready('Y', { at: sent - 5 * MINUTE })] });
      stay.discharge(stay.day(3, 13), { informs: units });
      allTold(stay, units, EVERYTHING);
      stay.truth.flagged('UTK-07');
    },
  },
  {
    name: 'into-open-compulsory-care-without-its-decision',
    hospitals: ['KS'],
    injects: ['TVG-03'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y', facts: [fact('CARETYPE', 'PSY'), fact('COMPULSORY', 'LPT')] });
      stay.update(stay.day(2, 9), { facts: [fact('COMPULSORY', 'OPT')] });
      stay.isReadyByDecision = true;
      stay.discharge(stay.day(3, 13), { informs: units });
      allTold(stay, units, { INS: 1, UTS: 1, INFO: 1 });
      stay.truth.flagged('TVG-03');
    },
  },
  {
    name: 'into-open-compulsory-care-as-decided',
    hospitals: ['KS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y', facts: [fact('CARETYPE', 'PSY'), fact('COMPULSORY', 'LRV')] });
      stay.update(stay.day(2, 9), { facts: [fact('COMPULSORY', 'ORV'), fact('OPTDECISION', 'Y')] });
      stay.isReadyByDecision = true;
      stay.discharge(stay.day(3, 13), { informs: units });
      allTold(stay, units, { INS: 1, 'OPT-DECISION': 1, UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'compulsory-care-that-ends-in-voluntary',
    hospitals: ['KS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y', facts: [fact('CARETYPE', 'PSY'), fact('COMPULSORY', 'LPT')] });
      stay.update(stay.day(2, 9), { facts: [fact('COMPULSORY', 'N')] });
      stay.update(stay.day(3, 9), { facts: [ready('Y')] });
      stay.discharge(stay.day(3, 13), { informs: units });
      allTold(stay, units, EVERYTHING);
    },
  },
];

/** What the ward says of the day: too late, too often, not at all, and wrongly. The log of the stay shows it. */
export const DAYS_SAID: readonly Scenario[] = [
  {
    name: 'new-day-told-on-the-day-itself',
    hospitals: ['KS', 'PS'],
    injects: ['BUT-02'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(5);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.expect(2);
      stay.update(stay.day(2, stay.random.int(7, 10)), { facts: [ready('Y')] });
      stay.discharge(stay.day(2, 13), { informs: units });
      allTold(stay, units, { ...EVERYTHING, BUT: 1 });
    },
  },
  {
    name: 'the-day-passes-without-a-word',
    hospitals: ['KS', 'PS'],
    injects: ['BUT-03'],
    play(stay) {
      const units = stay.units(['ROV']);
      stay.expect(1);
      stay.admit({ need: ['ROV'], consent: 'Y' });
      stay.update(stay.hours(8));
      allTold(stay, units, { INS: 1 });
    },
  },
  {
    name: 'another-day-again-and-again',
    hospitals: ['KS', 'PS'],
    injects: ['BUT-04'],
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      stay.expect(3);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      for (const [days, day] of [5, 7, 6].entries()) {
        stay.expect(day);
        stay.update(stay.day(days + 1, 10));
      }
      stay.update(stay.day(6, 9), { facts: [ready('Y')] });
      stay.discharge(stay.day(6, 13), { informs: units });
      allTold(stay, units, { ...EVERYTHING, BUT: 3 });
    },
  },
  {
    name: 'the-day-of-leaving-was-another',
    hospitals: ['KS', 'PS'],
    injects: ['UTS-03'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(stay.day(2, 20), { facts: [ready('Y'), info(['SOC'])] });
      stay.discharge(stay.day(3, 11));
      stay.update(stay.day(3, 15), { discharged: stay.day(2, 22) });
      allTold(stay, units, { ...EVERYTHING, UTS: 2 });
    },
  },
  {
    name: 'news-overtaken-by-later-news',
    hospitals: ['KS', 'PS'],
    injects: ['TEK-04'],
    play(stay) {
      const units = stay.units(['SOC']);
      const first = stay.sentBefore(stay.hours(5));
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(stay.hours(6));
      stay.update(stay.hours(7), { sent: first });
      stay.update(stay.day(3, 9), { facts: [ready('Y')] });
      stay.discharge(stay.day(3, 13), { informs: units });
      allTold(stay, units, EVERYTHING);
    },
  },
  {
    name: 'a-child-whose-need-is-never-stated',
    hospitals: ['KS', 'OS', 'PS'],
    about: 'known-here-only',
    injects: ['INS-11'],
    play(stay) {
      stay.expect(2);
      stay.admit({ facts: [fact('CARETYPE', 'BUP')] });
      stay.discharge(stay.day(2, 13), { leaving: stay.random.pick(['01', '07']) });
    },
  },
  {
    name: 'need-is-none-and-said-so-at-the-end',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(2);
      stay.admit({ facts: [fact('CARETYPE', 'BER')] });
      stay.discharge(stay.day(2, 13), { facts: [need([])] });
    },
  },
];
