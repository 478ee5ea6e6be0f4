import { consent, need } from '../messages/ward-message.ts';
import { hl7Day } from '../county/county-time.ts';
import { knownHereOnly } from '../county/people.ts';
import type { WardStay } from '../county/ward-stay.ts';
import { allTold, ONLY_THE_ADMISSION, runOn, type Scenario } from './scenario.ts';

/**
 * Who it is: another person on the same visit, and a person who is identified (DEC-18); people whom only the hospital's own
 * number names, and newborns (DEC-35).
 */
export const IDENTITY: readonly Scenario[] = [
  {
    name: 'another-person-on-the-visit',
    hospitals: ['KS', 'PS'],
    injects: ['SEK-02'],
    play(stay) {
      stay.expect(3);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      becomesAnother(stay);
      // Each of them was told of a person whose visit it was not.
      stay.truth.flagged('SEK-02', stay.units(['SOC', 'ROV']).length);
      stay.update(stay.hours(6));
      stay.discharge(stay.day(3, 13), { informs: stay.units(['SOC', 'ROV']) });
      allTold(stay, stay.units(['SOC', 'ROV']), { 'INS-WITHDRAWN': 1 });
      // Nothing was ever said of what the other one needs.
      stay.truth.flagged('INS-11');
      stay.truth.leaves('CONFIRM');
    },
  },
  {
    name: 'another-person-with-a-need-stated-anew',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      becomesAnother(stay);
      stay.truth.flagged('SEK-02', stay.units(['SOC']).length);
      stay.update(stay.hours(6));
      stay.update(stay.hours(8), { facts: [need(['SOC']), consent('Y')] });
      // With the need stated anew the ward has said whose stay it is: there is nothing left to confirm.
      allTold(stay, stay.units(['SOC']), { INS: 1, 'INS-WITHDRAWN': 1 });
    },
  },
  {
    name: 'the-person-before-in-an-older-message',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const before = stay.person;
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      becomesAnother(stay);
      stay.truth.flagged('SEK-02', stay.units(['SOC']).length);
      stay.update(stay.hours(6));
      stay.person = before;
      stay.update(stay.hours(7), { sent: stay.sentBefore(stay.hours(3)) });
      allTold(stay, stay.units(['SOC']), { 'INS-WITHDRAWN': 1 });
      stay.truth.leaves('CONFIRM');
    },
  },
  {
    name: 'identified-by-a-personal-number',
    hospitals: ['KS', 'PS'],
    about: 'known-here-only',
    play(stay) {
      stay.expect(3);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      stay.person = { ...stay.somebodyElse(), family: stay.person.family, given: stay.person.given };
      stay.update(stay.hours(5));
      allTold(stay, stay.units(['SOC', 'ROV']), { INS: 2 });
    },
  },
  {
    name: 'known-by-the-hospital-s-own-number',
    hospitals: ['KS', 'PS'],
    about: 'known-here-only',
    injects: ['INS-05'],
    play(stay) {
      stay.expect(3);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      allTold(stay, stay.units(['SOC']), ONLY_THE_ADMISSION);
      stay.truth.flagged('INS-05');
      stay.truth.leaves('COMPLETE-INS');
    },
  },
  {
    name: 'newborn',
    hospitals: ['KS', 'PS'],
    about: 'known-here-only',
    play(stay) {
      stay.person = knownHereOnly(stay.visit, hl7Day(stay.admitted));
      stay.home = undefined;
      stay.expect(3);
      stay.admit({ need: ['ROV'], consent: 'Y' });
      runOn(stay, stay.units(['ROV']), 3);
    },
  },
];

/** The ward had the wrong patient on the visit; what it says from now on is of another one. */
function becomesAnother(stay: WardStay): void {
  stay.person = stay.somebodyElse();
}
