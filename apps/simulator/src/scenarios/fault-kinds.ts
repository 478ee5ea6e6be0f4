import { ready } from '../messages/ward-message.ts';
import { HOUR } from '../county/county-time.ts';
import { SPECIAL } from './catalogue.ts';
import { LATE } from './late.ts';
import { INFORMATION, INS_MISSING } from './missing.ts';
import { HUB_STANDS_STILL } from './out-of-order.ts';
import { allTold, EVERYTHING, type Scenario } from './scenario.ts';

/** Senders whose clock is wrong: what they say of when they sent is believed for a quarter of an hour, and not at all when it lies ahead. */
const WRONG_CLOCKS: readonly Scenario[] = [1, -2].map((hours) => ({
  name: hours > 0 ? 'clock-an-hour-ahead' : 'clock-two-hours-behind',
  hospitals: ['KS', 'PS'],
  play(stay) {
    const needs = ['SOC', 'ROV'] as const;
    const units = stay.units(needs);
    const wrongly = (arrives: number): { sent: number } => ({ sent: arrives + hours * HOUR });
    stay.expect(4);
    stay.admit({ ...wrongly(stay.start), need: needs, consent: 'Y' });
    stay.update(stay.day(3, 9), { ...wrongly(stay.day(3, 9)), facts: [ready('Y', { at: stay.day(3, 8) })] });
    stay.discharge(stay.day(4, 13), { ...wrongly(stay.day(4, 13)), informs: units });
    allTold(stay, units, EVERYTHING);
  },
}));

/** As often as the messages of an hour come by chance, an hour without any is no habit: so many make one (architecture 7). */
const A_HABIT = 12;

/**
 * A source with a habit, four Mondays or Tuesdays long, that is silent in the hour before a deadline. What never came may lie there
 * too: it is held as suspected until the source is back, and then said.
 */
const SILENT_SOURCE: readonly Scenario[] = [
  {
    name: 'missed-while-its-source-is-silent',
    hospitals: ['MS'],
    startsFirst: true,
    play(stay) {
      const units = stay.units(['SOC']);
      stay.expect(28);
      stay.admit({ need: ['SOC'], consent: 'Y' });
      for (const week of [0, 1, 2, 3]) {
        for (let n = 0; n < A_HABIT; n++) stay.update(stay.day(7 * week, 23));
      }
      const facts = [ready('Y'), { code: 'PATINFO', value: ['WRITTEN'] } as const];
      stay.update(stay.day(27, 9), { facts });
      stay.discharge(stay.day(28, 13));
      stay.looks.push({ at: stay.day(29, 0.5), code: 'UTS-01', status: 'preliminary' });
      stay.update(stay.day(29, 10));
      stay.looks.push({ at: stay.day(29, 11), code: 'UTS-01', status: 'final' });
      allTold(stay, units, { INS: 1, UTK: 1, UTS: 1 });
      stay.truth.flagged('UTS-01');
    },
  },
];

/** Told to the municipality that the address says; it was another's, and the address is mended. */
const WRONG_RECIPIENT =
  'address-corrected-to-another-municipality unknown-municipality unknown-clinic board-that-was-merged';
const DOUBLED = 'everything-twice need-said-again-in-every-message cancelled-and-the-old-admission-sent-again';
const REORDERED = `need-overtakes-the-admission expected-discharges-swapped updates-of-one-minute readiness-swapped
  discharge-overtakes-the-readiness cancellation-overtakes-the-admission news-overtaken-by-later-news`;
const CONTRADICTORY = `need-corrected need-never-true ready-yes-no-yes ready-never-true no-need-beside-a-need
  another-person-on-the-visit admitted-and-cancelled-in-one-minute death-that-was-none consent-withdrawn`;

function named(names: string): Scenario[] {
  return names.split(/\s+/).map((name) => {
    const scenario = SPECIAL.find((one) => one.name === name);
    if (!scenario) throw new Error(`there is no scenario ${name}`);
    return scenario;
  });
}

/** Missing and late on the night on which the clocks change: hours are hours, and that day has 23 or 25 of them. */
const OVER_THE_CHANGE: readonly Scenario[] = [...LATE, ...INS_MISSING, ...INFORMATION].map((scenario) => ({
  ...scenario,
  ...{ name: `${scenario.name}-as-the-clocks-change`, overTheChange: true },
}));

/** What can be made to go wrong, by kind, and the stays in which it does (`--faults`). */
export const FAULT_KINDS = {
  late: LATE,
  missing: [...INS_MISSING, ...INFORMATION.filter(({ injects }) => injects !== undefined)],
  doubled: named(DOUBLED),
  reordered: named(REORDERED),
  contradictory: named(CONTRADICTORY),
  'wrong-recipient': named(WRONG_RECIPIENT),
  'silent-source': SILENT_SOURCE,
  'lagging-hub': HUB_STANDS_STILL,
  'wrong-clock': WRONG_CLOCKS,
  'clock-change': OVER_THE_CHANGE,
} as const satisfies Readonly<Record<string, readonly Scenario[]>>;

export type FaultKind = keyof typeof FAULT_KINDS;
