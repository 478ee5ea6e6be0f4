import type { Parameters } from '#libs/domain';
import type { TopicNames } from '#libs/messaging';
import type { County } from '#libs/county';
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
