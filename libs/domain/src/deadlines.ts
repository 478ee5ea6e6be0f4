import { endOfLocalDay } from './local-time.ts';
import type { Parameters } from './rules/parameters.ts';
import type { Discharge, Stay } from './stay.ts';
import type { Instant } from './time.ts';

/** A time in which no replica of the hub could store anything (architecture 7). */
export interface Outage {
  readonly from: Instant;
  readonly to: Instant;
}

/** True while anything can be a duty at all: inpatient admission stated, the stay real and the person alive. */
export function isReal(stay: Stay): boolean {
  return stay.state !== 'cancelled' && !stay.deceased && stay.admittedAt !== undefined;
}

/** True while an INS is a duty: a real stay, and need recorded (DEC-01). */
export function hasInsDuty(stay: Stay): boolean {
  return isReal(stay) && (stay.need?.scopes.length ?? 0) > 0;
}

/** LUS 2:3: 24 hours after admission, or after a later assessment (LAW-15). Undefined when there is no duty. */
export function insDueAt(stay: Stay, parameters: Parameters): Instant | undefined {
  if (!hasInsDuty(stay) || stay.admittedAt === undefined || !stay.need) return undefined;
  return Math.max(stay.admittedAt, stay.need.assessedAt) + parameters.insDeadline;
}

/** LUS 3:2: the information comes the same local day as the discharge. */
export function informationDueAt(discharge: Discharge): Instant {
  return endOfLocalDay(discharge.at.start);
}

/** A deadline inside an outage moves to its end and a while more: the ward could not be heard (architecture 7). */
export function movedByOutages(due: Instant, outages: readonly Outage[], parameters: Parameters): Instant {
  const hit = outages.find((outage) => outage.from <= due && due <= outage.to);
  return hit
    ? movedByOutages(
        hit.to + parameters.outageGrace,
        outages.filter((o) => o !== hit),
        parameters,
      )
    : due;
}
