import { parametersOn, type ParameterOverrides, type Parameters } from '#libs/domain';
import type { RuleParameters } from './rule-parameters.ts';

/** The numbers in force on a local day: the table of the rules, with what the operator set on top. */
export function rulesInForce(rules: RuleParameters): (date: string) => Parameters {
  const overrides: ParameterOverrides = {
    trustedWindow: rules.trustedWindow,
    outageGrace: rules.outageGrace,
    grace: rules.deviationGrace,
    deliveryDeadline: rules.tek01,
    reminderLead: rules.reminderBefore,
    unannouncedShiftDays: rules.butDays,
    continuationWindow: rules.continuation,
  };
  const known = new Map<string, Parameters>();
  return (date) => {
    const before = known.get(date);
    if (before) return before;
    const parameters = parametersOn(date, overrides);
    known.set(date, parameters);
    return parameters;
  };
}
