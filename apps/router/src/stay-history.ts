import {
  historyOf,
  judgedTime,
  localDate,
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

/** The acts, duties and withheld notices of a stay under the county's rules; undefined for a stay without events. */
export function stayHistory(
  events: readonly StayEvent[],
  protection: PersonProtection | undefined,
  rules: Rules,
): History | undefined {
  if (events.length === 0) return undefined;
  return historyOf({
    events,
    directory: rules.county.directory,
    parameters: rules.parameters,
    judge: (event) => sentTimeOf(event, rules),
    ...(protection && { protection }),
  });
}
