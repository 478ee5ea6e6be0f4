import type { Parameters } from '../rules/parameters.ts';
import type { Instant } from './time.ts';

/** A time in which no replica of the hub could store anything (architecture 7). */
export interface Outage {
  readonly from: Instant;
  readonly to: Instant;
}

/** A deadline inside an outage moves to its end and a while more: the ward could not be heard (architecture 7). */
export function movedByOutages(due: Instant, outages: readonly Outage[], parameters: Parameters): Instant {
  const hit = outages.find((outage) => outage.from <= due && due <= outage.to);
  if (!hit) return due;
  return movedByOutages(
    hit.to + parameters.outageGrace,
    outages.filter((outage) => outage !== hit),
    parameters,
  );
}
