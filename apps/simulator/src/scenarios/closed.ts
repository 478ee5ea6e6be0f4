import { info, need } from '../messages/ward-message.ts';
import { HOMES, REGION_CLINICS } from '../county/people.ts';
import type { Unit, WardStay } from '../county/ward-stay.ts';
import type { Notices } from '../county/truth.ts';
import { allTold, type Scenario } from './scenario.ts';

/**
 * A stay closes (DEC-17): who is told is what held at the discharge. What is said of person and need within a day of it
 * corrects it; later it changes nothing of this stay. What is said of the stay itself always reaches those who were told.
 */
const TOLD_AT_DISCHARGE: Notices = { INS: 1, UTS: 1, INFO: 1 };

export const CLOSED: readonly Scenario[] = [
  {
    name: 'moved-and-listed-elsewhere-after-the-stay',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = leavesOnDayTwo(stay);
      moves(stay);
      stay.clinic = stay.random.pick(REGION_CLINICS.filter((clinic) => clinic !== stay.clinic));
      stay.update(stay.day(stay.random.int(4, 6), 10));
      allTold(stay, units, TOLD_AT_DISCHARGE);
    },
  },
  {
    name: 'address-corrected-hours-after-the-discharge',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const wrong = stay.units(['SOC']);
      stay.expect(0);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.hours(1.5), { informs: wrong });
      moves(stay);
      stay.update(stay.hours(2.5));
      allTold(stay, wrong, { 'INS-WITHDRAWN': 1 });
      allTold(stay, stay.units(['SOC']), TOLD_AT_DISCHARGE);
    },
  },
  {
    name: 'died-after-the-stay',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = leavesOnDayTwo(stay);
      stay.update(stay.day(stay.random.int(4, 6), 9), { dead: true });
      allTold(stay, units, TOLD_AT_DISCHARGE);
    },
  },
  {
    name: 'need-ended-after-the-stay',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = leavesOnDayTwo(stay);
      stay.update(stay.day(4, 9), { facts: [need([])] });
      allTold(stay, units, TOLD_AT_DISCHARGE);
    },
  },
  {
    name: 'need-first-stated-after-the-stay',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(2);
      stay.admit();
      stay.discharge(stay.day(2, 13));
      stay.update(stay.day(4, 9), { facts: [need(['SOC', 'ROV'])] });
    },
  },
  {
    name: 'cancelled-long-after-the-discharge',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = leavesOnDayTwo(stay);
      stay.cancel(stay.day(6, 10));
      allTold(stay, units, { 'INS-WITHDRAWN': 1 });
      stay.truth.leaves('CONFIRM');
    },
  },
  {
    name: 'discharge-taken-back-long-after',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      stay.expect(2);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.discharge(stay.day(2, 13));
      stay.cancel(stay.day(5, 9), stay.day(2, 12.5));
      allTold(stay, units, { INS: 1 });
    },
  },
  {
    name: 'hour-of-discharge-corrected-long-after',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const units = leavesOnDayTwo(stay);
      stay.update(stay.day(5, 9), { discharged: stay.day(2, 11) });
      allTold(stay, units, { INS: 1, UTS: 2, INFO: 1 });
    },
  },
  {
    name: 'information-long-after-the-discharge',
    hospitals: ['KS', 'PS'],
    injects: ['UTS-02'],
    play(stay) {
      const units = stay.units(['SOC', 'ROV']);
      stay.expect(2);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.discharge(stay.day(2, 13));
      stay.update(stay.day(stay.random.int(4, 6), 9), { facts: [info(['SOC', 'ROV'])] });
      allTold(stay, units, TOLD_AT_DISCHARGE);
      stay.truth.flagged('UTS-02');
    },
  },
  {
    name: 'information-corrected-long-after',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const at = stay.day(2, 12);
      const units = stay.units(['SOC']);
      stay.expect(2);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      stay.discharge(stay.day(2, 13), { facts: [info(['SOC'], 'Första texten.', { at })] });
      moves(stay);
      stay.update(stay.day(5, 15), { facts: [info(['SOC'], 'Rättad text.', { at, status: 'C' })] });
      allTold(stay, units, { INS: 1, UTS: 1, INFO: 2 });
    },
  },
];

/** A stay that does all it has to: told at once, and home on the third day with information for everybody. */
function leavesOnDayTwo(stay: WardStay): Unit[] {
  const units = stay.units(['SOC', 'ROV']);
  stay.expect(2);
  stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
  stay.discharge(stay.day(2, 13), { informs: units });
  return units;
}

function moves(stay: WardStay): void {
  const before = stay.home?.party;
  stay.home = stay.random.pick(HOMES.filter(({ party }) => party !== before));
}
