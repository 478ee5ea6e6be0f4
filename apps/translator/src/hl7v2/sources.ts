import type { Agreement, TriggerRule } from '#libs/county';
import type { Hl7Message, MessageHeaderFields } from '#libs/hl7v2';
import type { IdMaker } from '#libs/platform';
import type { Findings } from '../findings.ts';
import type { Arrival } from '../translation.ts';

/** All that the events of a message are read from. */
export interface Sources {
  readonly message: Hl7Message;
  readonly header: MessageHeaderFields;
  readonly trigger: string;
  /** What the trigger does, by the sender's agreement. */
  readonly rule: TriggerRule;
  readonly agreement: Agreement;
  readonly arrival: Arrival;
  readonly ids: IdMaker;
  readonly findings: Findings;
}
