import { parametersOn, type Parameters } from '#libs/domain';
import type { TopicNames } from '#libs/messaging';
import type { County, IdMaker, RuleParameters } from '#libs/platform';

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

/** The domain's numbers on a local day with the operator's settings on top (architecture 7: "configuration"). */
export function parametersBy(settings: RuleParameters): (date: string) => Parameters {
  const overrides = {
    trustedWindow: settings.trustedWindow,
    outageGrace: settings.outageGrace,
    grace: settings.deviationGrace,
    deliveryDeadline: settings.tek01,
    unannouncedShiftDays: settings.butDays,
    reminderLead: settings.reminderBefore,
  };
  const byDate = new Map<string, Parameters>();
  return (date) => {
    const known = byDate.get(date);
    if (known) return known;
    const parameters = parametersOn(date, overrides);
    byDate.set(date, parameters);
    return parameters;
  };
}
