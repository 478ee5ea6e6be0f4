import { info } from '../messages/ward-message.ts';
import { HOUR } from '../county/county-time.ts';
import { allTold, type Scenario } from './scenario.ts';

/** Discharges that are said anew, patched (DEC-24), or the second of one visit (DEC-27); and a death that was none (DEC-29). */
export const DISCHARGED_AGAIN: readonly Scenario[] = [
  {
    name: 'taken-back-and-discharged-half-an-hour-earlier',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      stay.expect(2);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.discharge(stay.day(2, 14.5), { discharged: stay.day(2, 14) });
      stay.cancel(stay.day(2, 15.5), stay.day(2, 14));
      stay.discharge(stay.day(2, 16.5), { discharged: stay.day(2, 13.5), informs: units });
      allTold(stay, units, { INS: 1, UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'dead-as-an-update-says',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(2);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.discharge(stay.day(2, 13));
      stay.update(stay.day(2, 15), { leaving: stay.random.pick(['20', '40', '41', '42']) });
      allTold(stay, stay.units(['SOC', 'ROV']), { 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'dead-and-discharged-again-without-a-word-of-it',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(4);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 6), { leaving: '20' });
      stay.discharge(stay.day(2, 8), { discharged: stay.day(2, 5.5), leaving: undefined });
      allTold(stay, stay.units(['SOC']), { 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'readmitted-in-the-same-visit-and-informed-again',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 10), { facts: [info(['SOC'], 'Åter hem.')] });
      stay.admitted = stay.day(2, 17);
      stay.admit({ arrives: stay.day(2, 18) });
      stay.discharge(stay.day(3, 13), { facts: [info(['SOC'], 'Åter hem igen.')] });
      allTold(stay, units, { INS: 1, UTS: 2, INFO: 2 });
    },
  },
  {
    name: 'readmitted-in-the-same-visit-and-not-informed-again',
    hospitals: ['KS', 'PS'],
    injects: ['UTS-01'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 10), { facts: [info(['SOC'], 'Åter hem.')] });
      stay.admitted = stay.day(2, 17);
      stay.admit({ arrives: stay.day(2, 18) });
      stay.discharge(stay.day(3, 13));
      allTold(stay, units, { INS: 1, UTS: 2, INFO: 1 });
      stay.truth.flagged('UTS-01');
    },
  },
  {
    name: 'death-that-was-none',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.admitted = stay.start - HOUR;
      stay.expect(5);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.update(stay.hours(30), { dead: true });
      stay.update(stay.hours(30.5), { dead: false });
      allTold(stay, stay.units(['SOC', 'ROV']), { INS: 1, 'INS-WITHDRAWN': 1 });
    },
  },
];
