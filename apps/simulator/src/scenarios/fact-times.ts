import { consent, info, need, ready } from '../messages/ward-message.ts';
import { MINUTE, SECOND } from '../county/county-time.ts';
import { allTold, EVERYTHING, ONLY_THE_ADMISSION, type Scenario } from './scenario.ts';

/**
 * Facts of which only the day is known (DEC-19): one fact is the same as another when code, scope and time are written the
 * same, whenever it was sent. And facts dated ahead of the message that states them (DEC-21): they hold from when it was sent.
 */
export const FACT_TIMES: readonly Scenario[] = [
  {
    name: 'need-of-a-day-never-true',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const on = stay.admitted;
      stay.expect(3);
      stay.admit({ facts: [need(['SOC'], { on })] });
      const status = stay.random.pick(['D', 'W'] as const);
      stay.update(stay.hours(6), { facts: [need(['SOC'], { on, status })] });
      stay.discharge(stay.day(3, 13));
      allTold(stay, stay.units(['SOC']), { 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'need-of-a-day-corrected',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const on = stay.admitted;
      stay.expect(4);
      stay.admit({ facts: [need(['SOC'], { on })] });
      stay.update(stay.hours(6), { facts: [need(['ROV'], { on, status: 'C' })] });
      allTold(stay, stay.units(['SOC']), { 'INS-WITHDRAWN': 1 });
      allTold(stay, stay.units(['ROV']), ONLY_THE_ADMISSION);
    },
  },
  {
    name: 'facts-of-a-day-in-every-message',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['KHSL']);
      const facts = [need(['KHSL'], { on: stay.admitted }), consent('Y', [], { on: stay.admitted })];
      const readiness = ready('Y', { on: stay.day(2, 9) });
      stay.expect(2);
      stay.admit({ facts });
      stay.update(stay.hours(5), { facts });
      stay.update(stay.day(1, 20), { facts });
      stay.update(stay.day(2, 9), { facts: [...facts, readiness] });
      stay.discharge(stay.day(2, 13), { facts: [...facts, readiness], informs: units });
      allTold(stay, units, EVERYTHING);
    },
  },
  {
    name: 'consent-of-a-day-never-true',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const on = stay.admitted;
      stay.expect(4);
      stay.admit({ need: ['SOC'], facts: [consent('Y', [], { on })] });
      stay.update(stay.day(1, 9), { facts: [consent('Y', [], { on, status: 'W' })] });
      stay.update(stay.day(2, 9), { facts: [ready('Y')] });
      allTold(stay, stay.units(['SOC']), ONLY_THE_ADMISSION);
      stay.truth.leaves('STATE-GROUND');
    },
  },
  {
    name: 'information-of-a-day-never-true',
    hospitals: ['KS', 'PS'],
    injects: ['UTS-01'],
    play(stay) {
      const on = stay.day(2, 12);
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 13), { facts: [info(['SOC'], 'Fel patient.', { on })] });
      stay.update(stay.day(2, 15), { facts: [info(['SOC'], 'Fel patient.', { on, status: 'D' })] });
      allTold(stay, stay.units(['SOC']), { INS: 1, UTS: 1 });
      stay.truth.flagged('UTS-01');
    },
  },
  {
    name: 'information-corrected-to-the-same',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const on = stay.day(2, 12);
      const units = stay.units(['SOC']);
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 13), { facts: [info(['SOC'], 'Samma text.', { on })] });
      stay.update(stay.day(2, 15), { facts: [info(['SOC'], 'Samma text.', { on, status: 'C' })] });
      allTold(stay, units, { INS: 1, UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'never-true-sent-before-its-fact',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const at = stay.hours(4) - 90 * MINUTE;
      const sent = stay.sentBefore(stay.hours(4));
      stay.expect(3);
      stay.admit();
      stay.update(stay.hours(4), { sent, facts: [need(['SOC'], { at })] });
      stay.update(stay.hours(6), { sent: sent - 20 * MINUTE, facts: [need(['SOC'], { at, status: 'D' })] });
      allTold(stay, stay.units(['SOC']), { 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'correction-that-no-fact-fits',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const at = stay.admitted;
      const units = stay.units(['SOC']);
      stay.expect(2);
      stay.admit({ need: ['SOC'], facts: [consent('Y', [], { at })] });
      // A consent for all was stated; one for social services alone was not, so there is nothing to take back.
      stay.update(stay.hours(8), { facts: [consent('Y', ['SOC'], { at, status: 'D' })] });
      stay.update(stay.day(2, 9), { facts: [ready('Y')] });
      stay.discharge(stay.day(2, 13), { informs: units });
      allTold(stay, units, EVERYTHING);
    },
  },
  {
    name: 'consent-dated-next-year-and-refused-today',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(2);
      stay.admit({ need: ['SOC'], facts: [consent('Y', [], { at: stay.day(365, 9) })] });
      stay.update(stay.day(1, 9), { facts: [consent('N')] });
      stay.update(stay.day(2, 9), { facts: [ready('Y')] });
      stay.discharge(stay.day(2, 13), { informs: stay.units(['SOC']) });
      allTold(stay, stay.units(['SOC']), ONLY_THE_ADMISSION);
    },
  },
  {
    name: 'ready-tomorrow-and-no-more-ready-today',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(4);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.update(stay.day(2, 9), { facts: [ready('Y', { at: stay.day(3, 10) })] });
      stay.update(stay.day(2, 14), { facts: [ready('N')] });
      allTold(stay, stay.units(['SOC']), { INS: 1, 'UTK-WITHDRAWN': 1 });
    },
  },
  {
    name: 'need-dated-ahead',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      stay.expect(4);
      stay.admit({ consent: 'Y', facts: [need(['SOC', 'ROV'], { at: stay.day(10, 9) })] });
      stay.update(stay.day(3, 9), { facts: [ready('Y', { at: stay.day(3, 9) + 30 * SECOND })] });
      stay.discharge(stay.day(4, 13), { informs: units });
      allTold(stay, units, EVERYTHING);
    },
  },
];
