import { hl7Time } from '../county/county-time.ts';
import { allTold, ONLY_THE_ADMISSION, runOn, type Scenario } from './scenario.ts';

/** Messages with a fault in one place: the rest of them is read, and told (SAL-1 to SAL-4). */
export const READABLE_PARTS: readonly Scenario[] = [
  {
    name: 'expected-discharge-in-words',
    hospitals: ['KS', 'PS'],
    injects: ['INS-05'],
    play(stay) {
      stay.expected = stay.random.pick(['v.20', '0000', 'prel fredag']);
      stay.admit({ need: ['SOC', 'ROV'], consent: 'Y' });
      allTold(stay, stay.units(['SOC', 'ROV']), ONLY_THE_ADMISSION);
      stay.truth.flagged('INS-05');
      stay.truth.leaves('COMPLETE-INS');
    },
  },
  {
    name: 'birth-date-of-zeros',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.expect(3);
      stay.admit({ born: stay.random.pick(['0000', '18900000', '00000000']), need: ['SOC'], consent: 'Y' });
      runOn(stay, stay.units(['SOC']), 3);
    },
  },
  {
    name: 'fraction-of-a-second-without-end',
    hospitals: ['KS', 'PS'],
    play(stay) {
      const recorded = hl7Time(stay.start).replace(/(?=[+-])/, '.1234567');
      stay.expect(3);
      stay.admit({ recorded, need: ['ROV'], consent: 'Y' });
      runOn(stay, stay.units(['ROV']), 3);
    },
  },
  {
    name: 'utf-8-under-another-name',
    hospitals: ['KS', 'PS'],
    play(stay) {
      stay.familyName = 'Åkesson-Öberg';
      stay.expect(3);
      stay.admit({ charset: '8859/1', writtenAs: 'UNICODE UTF-8', need: ['SOC'], consent: 'Y' });
      // The same name in a message that says what it is: were it read otherwise there, the notice would be told again.
      stay.update(stay.hours(3));
      runOn(stay, stay.units(['SOC']), 3);
    },
  },
];
