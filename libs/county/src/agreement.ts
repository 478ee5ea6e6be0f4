import type {
  EncounterClass,
  FactCode,
  FactStatus,
  Leaving,
  LegalForm,
  NeedScope,
  Protection,
  Scope,
  Terms,
} from '#libs/domain';
import { fault, type Fault, foreignContent } from '#libs/platform';
import type { FactRule, FieldName, FieldPath, IdentityRule, TriggerRule } from './default-dialect.ts';

/** A ward of the agreement's organisation; its legal form when it is another than the organisation's. */
export interface Ward {
  readonly hsaId: string;
  readonly name: string;
  readonly legalForm?: LegalForm;
}

/**
 * What was agreed with one sender (MSH-4) for one period. Every line of contract 5 may differ. What a message's text is
 * looked up in is a Map: of a plain object `constructor` in PV1-36 would find something.
 */
export interface Agreement {
  readonly id: string;
  /** By which fields of the MSH a message is known as this sender's; without it MSH-4 is the id. */
  readonly sender?: { readonly 'MSH-3'?: readonly string[]; readonly 'MSH-4'?: readonly string[] };
  /** Ever growing: a higher one replaces what the same bytes meant before (architecture 2.5). */
  readonly revision: number;
  /** Local dates, first and last day. */
  readonly from: string;
  readonly to?: string;
  /** First day of the first version of the sender's agreement: a stay that began before it is not judged (DEC-30). */
  readonly connectedFrom: string;
  /** HSA-id. */
  readonly organisation: string;
  readonly name: string;
  /** The name that an INS may carry (rules 12.4). */
  readonly careProvider: string;
  readonly legalForm: LegalForm;
  readonly wards: readonly Ward[];
  /** When MSH-18 is silent and the bytes are not UTF-8: a name of table 0211. */
  readonly defaultCharset: string;
  readonly processingId: 'P' | 'T';
  readonly ins: 'auto' | 'ordered';
  readonly need: 'stated' | readonly NeedScope[];
  readonly info: 'here' | 'elsewhere';
  /** Whether the ward states PATINFO through the hub: only then does its absence say anything (UTS-06). */
  readonly patinfo?: 'here' | 'elsewhere';
  /** `obx`, else the trigger that says it. */
  readonly ready: string;
  readonly clock: 'trusted' | 'intake';
  /** What a time of day without an offset is: by MSH-7's offset, as HL7 has it, or always Stockholm's. */
  readonly zone: 'message' | 'stockholm';
  /** MSH-9.2 -> what it does: the first line whose conditions a message meets. A trigger that is not here is not taken. */
  readonly triggers: ReadonlyMap<string, readonly TriggerRule[]>;
  /** A connection of this sender that is silent for so long is closed; 0 = never. Without it BRYGGAN_MLLP_IDLE_SECONDS. */
  readonly idleSeconds?: number;
  /**
   * Names of which the sender's certificate has one (its subject's CN or serialNumber, or a DNS name). With any the sender comes
   * by mutual TLS or by its token alone.
   */
  readonly certificates?: readonly string[];
  readonly fields: Readonly<Record<FieldName, FieldPath>>;
  /** Facts that stand elsewhere than in an OBX of ours. */
  readonly facts: readonly FactRule[];
  /** What stands in OBX-3.3 of a fact (in capitals); undefined: nothing is asked of it, the code alone tells. */
  readonly factSystem: string | undefined;
  /** OBX-3.1 in capitals -> ours; a code of ours needs no line. */
  readonly factCodes: ReadonlyMap<string, FactCode>;
  /** By code of ours what the sender's values mean; a value without a line is as in OBX-5. */
  readonly factValues: ReadonlyMap<FactCode, ReadonlyMap<string, readonly string[]>>;
  /** OBX-4 in capitals -> ours; a scope of ours needs no line. */
  readonly scopes: ReadonlyMap<string, Scope>;
  /** OBX-11 in capitals -> what it says; any other states nothing. */
  readonly factStatuses: ReadonlyMap<string, FactStatus>;
  /** PID-30 and PV2-22 in capitals -> yes or no. */
  readonly indicators: ReadonlyMap<string, 'Y' | 'N'>;
  /** The sender's own code of a ward, clinic or other unit -> HSA-id. */
  readonly units: ReadonlyMap<string, string>;
  /** The sender's own name or code (in lower case) of a municipality or district -> its code or slug. */
  readonly addressCodes: ReadonlyMap<string, string>;
  readonly addressTypes: readonly ('L' | 'H')[];
  readonly identityTypes: readonly IdentityRule[];
  /** Code of table 0112 -> way of leaving; any other code is `home`. */
  readonly leaving: ReadonlyMap<string, Leaving>;
  /** PV1-2 -> class; any other code counts as not stated. */
  readonly classes: ReadonlyMap<string, EncounterClass>;
  /** ARV-3 -> kind; any other code is `unknown`, to be treated as the strictest (DEC-23). */
  readonly protectionCodes: ReadonlyMap<string, Protection>;
  readonly source: string;
}

/** The HSA-ids that a sender may name as the unit that sends: its organisation's and its wards'. */
export function unitsOf({ organisation, wards }: Pick<Agreement, 'organisation' | 'wards'>): readonly string[] {
  return [organisation, ...wards.map(({ hsaId }) => hsaId)];
}

/** What the agreement means for an event of one of its wards (HSA-id): the ward's own legal form beats the organisation's. */
export function termsOf(agreement: Agreement, ward?: string): Terms {
  const own = ward === undefined ? undefined : agreement.wards.find(({ hsaId }) => hsaId === ward);
  return {
    organisation: agreement.organisation,
    careProvider: agreement.careProvider,
    legalForm: own?.legalForm ?? agreement.legalForm,
    ins: agreement.ins,
    impliedNeed: agreement.need === 'stated' ? [] : agreement.need,
    info: agreement.info,
    ...(agreement.patinfo === 'here' && { patientInformation: 'here' as const }),
    clock: agreement.clock,
    connectedFrom: agreement.connectedFrom,
  };
}

/** What of a message's header decides whether it is taken in: of MSH-10, MSH-11 and MSH-12, and of its type wherever it says that. */
export interface DecidingFields {
  readonly controlId: string;
  readonly processingId: string;
  readonly version: string;
}

/** Versions whose messages are read alike (standards 3.3): 2.1 to 2.9, also with a part of a national one behind (`2.4.3.52854`). */
const VERSION = /^2\.[1-9](?:\.\d+)*$/;

/**
 * Why the hub takes no such message of this sender, by the header alone: what the answer AR says is the first of these
 * (standards 3.4). The front door and a check both ask here, for a check that says AA where the hub says AR is worth nothing.
 * @returns none when the message is taken in; everything that only the content can tell is found out later
 */
export function headerFaults(
  { controlId, processingId, version }: DecidingFields,
  { code, trigger }: { readonly code: string; readonly trigger: string },
  agreement: Pick<Agreement, 'processingId' | 'triggers'>,
): readonly Fault[] {
  const faults: Fault[] = [];
  // A sender that names no version is read all the same.
  if (version !== '' && !VERSION.test(version)) faults.push(fault('unsupported-version', 'MSH-12'));
  if (code === '' && trigger === '') faults.push(fault('missing-field', 'MSH-9'));
  else if (code !== 'ADT') faults.push(fault('unknown-message-type', 'MSH-9.1'));
  else if (!agreement.triggers.has(trigger)) faults.push(fault('unsupported-trigger', 'MSH-9.2'));
  if (processingId === '') faults.push(fault('missing-field', 'MSH-11'));
  else if (processingId !== agreement.processingId) faults.push(fault('wrong-processing-id', 'MSH-11'));
  if (controlId === '') faults.push(fault('missing-field', 'MSH-10'));
  return faults;
}

/**
 * Why bytes whose header cannot be read are no HL7 v2 message: a batch that is none, or what they are instead.
 * @param fault of `readHeader`
 */
export function headerlessFault({ code }: { readonly code: string }, bytes: Uint8Array): Fault {
  if (code === 'batch') return fault('batch-not-taken', 'MSH');
  if (code === 'bad-delimiters') return fault('bad-delimiters', 'MSH-2');
  const foreign = foreignContent(bytes);
  return foreign === undefined ? fault('no-header', 'MSH') : fault(foreign);
}
