import type { StayEvent } from '../events/stay-event.ts';
import type { Parameters } from './parameters.ts';
import type { Instant } from '../time/time.ts';

/**
 * The time by which a sender's duty is judged (architecture 7): its own sent time when that is a little before intake and
 * not after it, or when the hub was not taking in meanwhile; else the intake. A sender whose agreement says `clock=intake`
 * is judged by intake always.
 */
export function judgedTime(event: StayEvent, parameters: Parameters, outages: readonly Outage[] = []): Instant {
  const { sentAt, intakeAt } = event;
  if (event.terms.clock === 'intake' || sentAt > intakeAt) return intakeAt;
  if (intakeAt - sentAt <= parameters.trustedWindow) return sentAt;
  const explained = outages.some(
    (outage) =>
      outage.from <= sentAt + parameters.trustedWindow &&
      outage.to >= sentAt &&
      intakeAt <= outage.to + parameters.outageGrace,
  );
  return explained ? sentAt : intakeAt;
}

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
