import type { StayEvent } from '../events/stay-event.ts';
import type { Parameters } from '../rules/parameters.ts';
import type { Outage } from './outages.ts';
import type { Instant } from './time.ts';

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
