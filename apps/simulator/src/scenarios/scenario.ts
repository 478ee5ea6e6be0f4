import type { Scope } from '../messages/ward-message.ts';
import type { HospitalId } from '../county/hospitals.ts';
import type { Code, Notices } from '../county/truth.ts';
import type { Unit, WardStay } from '../county/ward-stay.ts';

/** Which persons a scenario is about. */
export type PersonKind =
  | 'registered'
  | 'protected'
  | 'protected-by-unknown-code'
  | 'known-here-only'
  | 'co-ordination-number'
  | 'reserve-number';

/** When the hub has to be out of order around a stay, and which of its stages. */
export type OutOfOrder = 'dispatcher' | 'router' | 'translator' | 'watcher' | 'ingress';

/** A kind of stay: what is sent when, and what must come of it. */
export interface Scenario {
  readonly name: string;
  readonly hospitals: readonly HospitalId[];
  /** Whom it is about; registered persons unless said. */
  readonly about?: PersonKind;
  /** The codes that it injects for sure: at least one scenario per code is played in every county. */
  readonly injects?: readonly Code[];
  /** Played in the evenings when this stage stands still; its start is the beginning of that. */
  readonly during?: OutOfOrder;
  /**
   * The person is sent on to another ward, and how many stays that makes in all. Played when the person has no other stay
   * that could be taken for the one that goes on.
   */
  readonly sentOn?: number;
  /** The person, who has no other stay in the county, comes back, and how many stays that makes in all. */
  readonly comesBack?: number;
  /** It begins on the county's first morning, as all of its kind do. */
  readonly startsFirst?: boolean;
  /** It begins on the evening before the clocks change, the next time that they do. */
  readonly overTheChange?: boolean;
  /** Writes the messages, and beside them the truth. */
  readonly play: (stay: WardStay) => void;
}

/** Every kind of need that can be assessed. */
export const NEEDS: readonly (readonly Scope[])[] = [
  ['SOC'],
  ['ROV'],
  ['KHSL'],
  ['SOC', 'ROV'],
  ['SOC', 'KHSL'],
  ['KHSL', 'ROV'],
  ['SOC', 'KHSL', 'ROV'],
];

/** What a unit has at the end of a stay in which all that the law asks for was told to it. */
export const EVERYTHING: Notices = { INS: 1, UTK: 1, UTS: 1, INFO: 1 };
export const ONLY_THE_ADMISSION: Notices = { INS: 1 };

/** Every unit of the list has the same. */
export function allTold(stay: WardStay, units: readonly Unit[], notices: Notices): void {
  for (const unit of units) stay.truth.told(unit.party, notices);
}

/** The rest of a stay in which the units have the INS: ready, discharged with information, or still in bed. */
export function runOn(stay: WardStay, units: readonly Unit[], days: number): void {
  if (stay.random.chance(0.4)) allTold(stay, units, ONLY_THE_ADMISSION);
  else leaveWell(stay, units, days);
}

/** Ready and discharged as expected, with information for every unit, which consent or its form lets have it. */
export function leaveWell(stay: WardStay, units: readonly Unit[], days: number): void {
  stay.update(stay.day(days, 9), { facts: [{ code: 'READY', value: ['Y'] }] });
  stay.discharge(stay.day(days, 13), { informs: units });
  allTold(stay, units, EVERYTHING);
}
