import { allTold, EVERYTHING, leaveWell, ONLY_THE_ADMISSION, type Scenario } from './scenario.ts';
import { ready } from '../messages/ward-message.ts';

/** Ways of leaving that are no way home (DEC-08), and leaving against advice, which is. */
export const LEAVING: readonly Scenario[] = [
  {
    name: 'died-in-hospital',
    hospitals: ['KS', 'DS', 'PS'],
    play(stay) {
      stay.expect(4);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.discharge(stay.day(2, 5), { leaving: stay.random.pick(['20', '40', '41', '42']) });
      allTold(stay, stay.units(['SOC', 'ROV']), { 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'died-and-said-so-in-an-update',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(4);
      stay.admit({ need: ['SOC'], consent: 'N' });
      stay.update(stay.hours(30), { dead: true });
      stay.discharge(stay.hours(34), { leaving: '20', dead: true });
      allTold(stay, stay.units(['SOC']), { 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'died-before-the-notice-was-missed',
    hospitals: ['OS'],
    play(stay) {
      stay.admit({ need: ['SOC'] });
      stay.update(stay.hours(8), { dead: true });
    },
  },
  {
    name: 'transferred',
    hospitals: ['KS', 'PS'],
    sentOn: 1,
    play(stay) {
      stay.expect(4);
      stay.admit({ need: ['ROV'], consent: 'Y' });
      stay.discharge(stay.day(2, 13), { leaving: stay.random.pick(['02', '05', '09']) });
      allTold(stay, stay.units(['ROV']), ONLY_THE_ADMISSION);
      stay.truth.leaves('CONFIRM');
    },
  },
  {
    name: 'transferred-as-an-update-says',
    hospitals: ['KS', 'PS'],
    sentOn: 1,
    play(stay) {
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 13));
      stay.update(stay.day(2, 15), { leaving: '02' });
      allTold(stay, stay.units(['SOC']), ONLY_THE_ADMISSION);
      stay.truth.leaves('CONFIRM');
    },
  },
  {
    name: 'left-against-advice',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      stay.expect(2);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.discharge(stay.day(2, 13), { leaving: '07', informs: units });
      allTold(stay, units, { INS: 1, UTS: 1, INFO: 1 });
    },
  },
  {
    name: 'left-against-advice-uninformed',
    hospitals: ['KS', 'PS'],
    injects: ['UTS-01'],
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 20), { leaving: '07' });
      allTold(stay, units, { INS: 1, UTS: 1 });
      stay.truth.flagged('UTS-01');
    },
  },
  {
    name: 'ready-and-gone-in-one-message',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['KHSL', 'SOC']);
      stay.expect(2);
      stay.admit({ need: ['KHSL', 'SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 13), { facts: [ready('Y')], informs: units });
      allTold(stay, units, EVERYTHING);
    },
  },
  {
    name: 'left-within-a-day',
    hospitals: ['KS', 'DS', 'PS'],
    play(stay) {
      stay.expect(1);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      leaveWell(stay, stay.units(['SOC', 'ROV']), 1);
    },
  },
];
