import type { County } from '#libs/county';
import {
  type Continuation,
  type DirectoryVersions,
  GrowingHistory,
  type History,
  type Instant,
  IntakeSequence,
  judgedTime,
  localDate,
  NO_CONTINUATION,
  type Parameters,
  type PersonProtection,
  type StayEvent,
} from '#libs/domain';
import type { TopicNames } from '#libs/messaging';
import type { IdMaker } from '#libs/platform';

/** All that the router needs to decide and to address, and nothing that does I/O. */
export interface RoutingRules {
  readonly ids: IdMaker;
  readonly county: County;
  readonly topics: TopicNames;
  /** The numbers in force on a local day, with the operator's own. */
  readonly parameters: (date: string) => Parameters;
  /** The hub's clock, ms. */
  readonly now: () => number;
}

/** The rules with the county as it is now: what goes by them to its end goes by one county. */
export function rulesNow(rules: RoutingRules): RoutingRules {
  return { ...rules, county: rules.county.snapshot() };
}

type Rules = Pick<RoutingRules, 'county' | 'parameters'>;

/** By what a history is made: a county's rules, or those of a directory that is asked about. */
type DecidingRules = Pick<RoutingRules, 'parameters'> & { readonly county: { readonly directory: DirectoryVersions } };

/** The time by which an event is judged (architecture 7). The router knows no outages: the watcher judges, it only says when. */
export function sentTimeOf(event: StayEvent, rules: Pick<RoutingRules, 'parameters'>): Instant {
  return judgedTime(event, rules.parameters(localDate(event.intakeAt)));
}

/** What makes the acts, duties and withheld notices of one stay under the county's rules, as long as it grows. */
export function growingHistory(rules: DecidingRules): GrowingHistory {
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
