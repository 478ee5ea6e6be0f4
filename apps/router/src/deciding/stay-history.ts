import {
  GrowingHistory,
  IntakeSequence,
  NO_CONTINUATION,
  judgedTime,
  localDate,
  type Continuation,
  type History,
  type Instant,
  type PersonProtection,
  type StayEvent,
} from '#libs/domain';
import type { RoutingRules } from './routing-rules.ts';

type Rules = Pick<RoutingRules, 'county' | 'parameters'>;

/** The time by which an event is judged (architecture 7). The router knows no outages: the watcher judges, it only says when. */
export function sentTimeOf(event: StayEvent, rules: Rules): Instant {
  return judgedTime(event, rules.parameters(localDate(event.intakeAt)));
}

/** What makes the acts, duties and withheld notices of one stay under the county's rules, as long as it grows. */
export function growingHistory(rules: Rules): GrowingHistory {
  return new GrowingHistory({
    directory: rules.county.directory,
    parameters: rules.parameters,
    judge: (event) => sentTimeOf(event, rules),
  });
}

/** The acts, duties and withheld notices of a stay under the county's rules; undefined for a stay without events. */
export function stayHistory(
  events: readonly StayEvent[],
  protection: PersonProtection | undefined,
  rules: Rules,
  continuation: Continuation = NO_CONTINUATION,
): History | undefined {
  if (events.length === 0) return undefined;
  return growingHistory(rules).of(new IntakeSequence(events), protection, continuation);
}
