import { parametersOn, type InstallationSetting, type Parameters } from '#libs/domain';
import type { RuleParameters } from './rule-parameters.ts';

/** The numbers in force on a local day: the table of the rules, and the installation's own settings as rows of their own (DEC-34). */
export function rulesInForce(rules: RuleParameters): (date: string) => Parameters {
  const setting: InstallationSetting = {
    trustedWindow: rules.trustedWindow,
    outageGrace: rules.outageGrace,
    grace: rules.deviationGrace,
    deliveryDeadline: rules.tek01,
    reminderLead: rules.reminderBefore,
    unannouncedShiftDays: rules.butDays,
    continuationWindow: rules.continuation,
    continuationLead: rules.continuationLead,
    closingWindow: rules.closing,
    newbornDays: rules.newbornDays,
  };
  const known = new Map<string, Parameters>();
  return (date) => {
    const before = known.get(date);
    if (before) return before;
    const parameters = parametersOn(date, setting);
    known.set(date, parameters);
    return parameters;
  };
}
