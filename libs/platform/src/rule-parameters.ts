import type { SettingsReader } from './settings-reader.ts';
import { parametersOn, type InstallationSetting, type Parameters } from '#libs/domain';

/** What the architecture calls configuration (architecture 7, rules 9). Milliseconds, but for `butDays` and `newbornDays` (calendar days). */
export interface RuleParameters {
  readonly trustedWindow: number;
  readonly outageAfter: number;
  readonly outageGrace: number;
  readonly deviationGrace: number;
  readonly tek01: number;
  readonly reminderBefore: number;
  readonly butDays: number;
  readonly continuation: number;
  readonly continuationLead: number;
  readonly closing: number;
  readonly newbornDays: number;
}

/** The defaults of architecture 7 and rules 9. */
export function readRules(reader: SettingsReader): RuleParameters {
  return {
    trustedWindow: reader.seconds('BRYGGAN_TRUSTED_WINDOW_SECONDS', 15 * 60, 0, 86_400),
    outageAfter: reader.seconds('BRYGGAN_OUTAGE_AFTER_SECONDS', 5, 2, 3600),
    outageGrace: reader.seconds('BRYGGAN_OUTAGE_GRACE_SECONDS', 15 * 60, 0, 86_400),
    deviationGrace: reader.seconds('BRYGGAN_DEVIATION_GRACE_SECONDS', 60, 0, 86_400),
    tek01: reader.seconds('BRYGGAN_TEK01_SECONDS', 3600, 1, 7 * 86_400),
    reminderBefore: reader.seconds('BRYGGAN_REMINDER_SECONDS', 4 * 3600, 0, 7 * 86_400),
    butDays: reader.integer('BRYGGAN_BUT_DAYS', 1, 0, 30),
    continuation: reader.seconds('BRYGGAN_CONTINUATION_SECONDS', 24 * 3600, 0, 7 * 86_400),
    continuationLead: reader.seconds('BRYGGAN_CONTINUATION_LEAD_SECONDS', 2 * 3600, 0, 86_400),
    closing: reader.seconds('BRYGGAN_CLOSING_SECONDS', 24 * 3600, 0, 30 * 86_400),
    newbornDays: reader.integer('BRYGGAN_NEWBORN_DAYS', 28, 0, 365),
  };
}

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
