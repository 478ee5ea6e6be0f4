import type { Encounter, Patient } from 'fhir/r4.js';
import type { Instant, Protection } from '#libs/domain';
import { isProtection, missing, reading, required, type Unreadable } from './resource.ts';
import { readInstant, writeInstant } from './times-and-texts.ts';

/** In `seenBy`: whoever speaks for the organisation whose ward stated the stay. */
export const SENDER_VIEW = 'sender';
/** In `seenBy`: the operator, who sees every line. */
export const OPERATOR_VIEW = 'operator';

/** A line about a stay. A reader shows it to those it names, and to nobody else (rules 12.5). */
export interface Line {
  /** `sender`, `operator`, or the id of a party. */
  readonly seenBy: readonly string[];
}

/** One step of why a recipient was told, in Swedish. */
export interface TracedLine extends Line {
  readonly rule: string;
  readonly text: string;
}

/** A notice that was told to one recipient. */
export interface ToldLine extends Line {
  /** Id of the delivery, and of the Communication that the recipient reads. */
  readonly delivery: string;
  readonly kind: string;
  readonly recipient: string;
  readonly ground: string;
  /** The event that states the fact. */
  readonly statedBy: string;
  /** The time by which the ward's duty is judged. */
  readonly sent: Instant;
  readonly trace: readonly TracedLine[];
  /** Key of the earlier decision by which it was told; absent: the latest, or told by a version before. */
  readonly decision?: string;
  readonly withdrawn?: {
    /** Id of the delivery that took it back. */
    readonly by: string;
    readonly at: Instant;
    /** Key of the earlier decision that held when it was taken back; absent: the latest. */
    readonly decision?: string;
    readonly because: Line & { readonly text: string };
  };
}

/** A notice that is due and was not told, for want of a ground (DEC-06). */
export interface WithheldLine extends Line {
  readonly kind: string;
  readonly recipient: string;
  readonly text: string;
}

/** How a recipient was told by telephone, fax or paper beside the hub (TEK-02): it meets no duty, and is to be seen. */
export interface CallMade {
  readonly recipient: string;
  readonly at: Instant;
  /** Code of the notice that was told so, and by which channel, where the record says it. */
  readonly kind?: string;
  readonly channel?: string;
}

export interface CallLine extends Line, CallMade {
  /** The event that recorded it. */
  readonly statedBy: string;
}

/** A call alone, without who recorded it and who may see it. */
export function callMade({
  recipient,
  at,
  kind,
  channel,
}: Pick<CallMade, 'recipient' | 'at'> & {
  readonly kind?: string | undefined;
  readonly channel?: string | undefined;
}): CallMade {
  return { recipient, at, ...(kind !== undefined && { kind }), ...(channel !== undefined && { channel }) };
}

/** What is not right in what the ward said of the stay as a whole (DEC-19). */
export interface FindingLine extends Line {
  readonly statedBy: string;
  readonly text: string;
}

/** A line of the decision on who is told; `rule` is an id of docs/rules.md. */
interface ReasonLine extends Line {
  readonly rule: string;
  readonly text: string;
}

/** A decision on who is told, line by line with who may see it: what it was made from, and whom it left out. */
export interface DecisionLines {
  /** Absent in records of the version before. */
  readonly made?: {
    /** Version of the directory, and the local day by which it and the rules were read. */
    readonly directory: string;
    readonly date: string;
    /** When the hub took in what made it so; absent of one by which nothing was told yet. */
    readonly at?: Instant;
  };
  readonly facts: readonly (Line & { readonly fact: string; readonly value: string; readonly source: string })[];
  /** In their order, each once, with the day from which its row holds. They name no fact, and are all viewers'. */
  readonly rules: readonly { readonly rule: string; readonly basis: string; readonly from: string }[];
  readonly notChosen: readonly (ReasonLine & { readonly candidate: string })[];
  /** Needs that wait for a person. */
  readonly waiting: readonly (Line & { readonly role: string; readonly text: string })[];
}

/** A decision that is not the latest any more, and by which a notice was told or taken back. */
export interface EarlierDecision extends DecisionLines {
  /** As the notices name it. */
  readonly key: string;
}

/** A stay as its sender stated it. */
export interface StatedStay {
  /** HSA-id of the organisation whose ward stated it. */
  readonly organisation: string;
  readonly encounter: Encounter;
  readonly patient: Patient;
}

/** How a stay looks in its sender's view, and what was told of it to whom and why: one record of `stays` (contract 2). */
export interface StayRecord {
  readonly stayId: string;
  /** Grows with each record of the stay; a lower or equal one that comes later is old news. */
  readonly version: number;
  readonly protection?: Protection;
  /** What its sender stated; absent when a mended translation has taken every event from the stay: it never was. */
  readonly stated?: StatedStay;
  readonly told: readonly ToldLine[];
  readonly withheld: readonly WithheldLine[];
  readonly findings: readonly FindingLine[];
  /** Absent where nobody was told beside the hub, and in records of the version before. */
  readonly calls?: readonly CallLine[];
  /** The latest decision; absent where nobody is to be told, and in records of the version before. */
  readonly decision?: DecisionLines;
  /** Absent where all was told by the latest, as it nearly always was; one that a notice names and that is not here is too old. */
  readonly earlier?: readonly EarlierDecision[];
}

/** The value of a record of `stays`: times as text, the rest as it is. */
export function writeStay(record: StayRecord): object {
  const { stayId, version, protection, stated, told, withheld, findings, calls, decision, earlier } = record;
  return {
    ...{ id: stayId, version },
    ...(protection !== undefined && { protection }),
    ...stated,
    told: told.map(({ sent, withdrawn, ...line }) => ({
      ...line,
      sent: writeInstant(sent),
      ...(withdrawn !== undefined && { withdrawn: { ...withdrawn, at: writeInstant(withdrawn.at) } }),
    })),
    ...{ withheld, findings },
    ...(calls !== undefined && { calls: calls.map(({ at, ...line }) => ({ ...line, at: writeInstant(at) })) }),
    ...(decision !== undefined && { decision: writeDecision(decision) }),
    ...(earlier !== undefined && { earlier: earlier.map(writeDecision) }),
  };
}

function writeDecision({ made, ...lines }: DecisionLines): object {
  const at = made?.at;
  return { ...lines, ...(made && { made: { ...made, ...(at !== undefined && { at: writeInstant(at) }) } }) };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown, place: string): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : missing(place);
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : missing(name);
}

function linesOf<T extends Line>(
  fields: Fields,
  name: string,
  read: (line: Fields, seenBy: readonly string[]) => T,
): T[] {
  const lines = fields[name];
  if (!Array.isArray(lines)) return missing(name);
  return lines.map((one) => {
    const line = fieldsOf(one, name);
    return read(line, seenBy(line, name));
  });
}

/** A line that does not say who may see it is shown to nobody: the record is refused. */
function seenBy(line: Fields, place: string): readonly string[] {
  const viewers: unknown = line['seenBy'];
  return areTexts(viewers) && viewers.length > 0 ? viewers : missing(`${place}.seenBy`);
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function toldOf(line: Fields, seenBy: readonly string[]): ToldLine {
  return {
    delivery: textOf(line, 'delivery'),
    kind: textOf(line, 'kind'),
    recipient: textOf(line, 'recipient'),
    ground: textOf(line, 'ground'),
    statedBy: textOf(line, 'statedBy'),
    sent: readInstant(textOf(line, 'sent'), 'sent'),
    trace: linesOf(line, 'trace', tracedOf),
    ...decisionKeyOf(line),
    ...(line['withdrawn'] !== undefined && { withdrawn: withdrawnOf(fieldsOf(line['withdrawn'], 'withdrawn')) }),
    seenBy,
  };
}

function tracedOf(step: Fields, seenBy: readonly string[]): TracedLine {
  return { rule: textOf(step, 'rule'), text: textOf(step, 'text'), seenBy };
}

function withdrawnOf(withdrawn: Fields): NonNullable<ToldLine['withdrawn']> {
  const because = fieldsOf(withdrawn['because'], 'because');
  return {
    by: textOf(withdrawn, 'by'),
    at: readInstant(textOf(withdrawn, 'at'), 'at'),
    ...decisionKeyOf(withdrawn),
    because: { text: textOf(because, 'text'), seenBy: seenBy(because, 'because') },
  };
}

function callOf(line: Fields, seenBy: readonly string[]): CallLine {
  return {
    statedBy: textOf(line, 'statedBy'),
    recipient: textOf(line, 'recipient'),
    at: readInstant(textOf(line, 'at'), 'at'),
    ...(line['kind'] !== undefined && { kind: textOf(line, 'kind') }),
    ...(line['channel'] !== undefined && { channel: textOf(line, 'channel') }),
    seenBy,
  };
}

function decisionKeyOf(fields: Fields): { readonly decision?: string } {
  return fields['decision'] === undefined ? {} : { decision: textOf(fields, 'decision') };
}

function isOf<T extends 'Encounter' | 'Patient'>(value: unknown, type: T): value is { resourceType: T; id: string } {
  const { resourceType, id } = fieldsOf(value, type);
  return resourceType === type && typeof id === 'string';
}

function statedOf(fields: Fields): StatedStay | undefined {
  const { encounter, patient } = fields;
  if (encounter === undefined && patient === undefined) return undefined;
  if (!isOf(encounter, 'Encounter')) return missing('encounter');
  if (!isOf(patient, 'Patient')) return missing('patient');
  return { organisation: textOf(fields, 'organisation'), encounter: encounter as Encounter, patient };
}

function decisionOf(fields: Fields): DecisionLines {
  const { rules, made } = fields;
  if (!Array.isArray(rules)) return missing('decision.rules');
  return {
    ...(made !== undefined && { made: madeOf(fieldsOf(made, 'decision.made')) }),
    facts: linesOf(fields, 'facts', (line, seenBy) => ({
      fact: textOf(line, 'fact'),
      value: textOf(line, 'value'),
      source: textOf(line, 'source'),
      seenBy,
    })),
    rules: rules.map((one) => {
      const rule = fieldsOf(one, 'decision.rules');
      return { rule: textOf(rule, 'rule'), basis: textOf(rule, 'basis'), from: textOf(rule, 'from') };
    }),
    notChosen: linesOf(fields, 'notChosen', (line, seenBy) => ({
      candidate: textOf(line, 'candidate'),
      rule: textOf(line, 'rule'),
      text: textOf(line, 'text'),
      seenBy,
    })),
    waiting: linesOf(fields, 'waiting', (line, seenBy) => ({
      role: textOf(line, 'role'),
      text: textOf(line, 'text'),
      seenBy,
    })),
  };
}

function madeOf(fields: Fields): NonNullable<DecisionLines['made']> {
  const at = fields['at'] === undefined ? undefined : readInstant(textOf(fields, 'at'), 'decision.made.at');
  const [directory, date] = [textOf(fields, 'directory'), textOf(fields, 'date')];
  return { directory, date, ...(at !== undefined && { at }) };
}

function earlierOf(earlier: unknown): EarlierDecision[] {
  if (!Array.isArray(earlier)) return missing('earlier');
  return earlier.map((one) => {
    const fields = fieldsOf(one, 'earlier');
    return { key: textOf(fields, 'key'), ...decisionOf(fields) };
  });
}

/** What a record of `stays` says, or where it is unreadable. Never throws, whatever the value is. */
export function readStay(value: unknown): StayRecord | Unreadable {
  return reading('stay', () => {
    const fields = fieldsOf(value, 'record');
    const { version, protection, calls, decision, earlier } = fields;
    const stated = statedOf(fields);
    return {
      stayId: textOf(fields, 'id'),
      version: required(typeof version === 'number' && Number.isSafeInteger(version) ? version : undefined, 'version'),
      ...(protection !== undefined && { protection: labelOf(protection) }),
      ...(stated !== undefined && { stated }),
      told: linesOf(fields, 'told', toldOf),
      withheld: linesOf(fields, 'withheld', (line, seenBy) => ({
        kind: textOf(line, 'kind'),
        recipient: textOf(line, 'recipient'),
        text: textOf(line, 'text'),
        seenBy,
      })),
      findings: linesOf(fields, 'findings', (line, seenBy) => ({
        statedBy: textOf(line, 'statedBy'),
        text: textOf(line, 'text'),
        seenBy,
      })),
      ...(calls !== undefined && { calls: linesOf(fields, 'calls', callOf) }),
      ...(decision !== undefined && { decision: decisionOf(fieldsOf(decision, 'decision')) }),
      ...(earlier !== undefined && { earlier: earlierOf(earlier) }),
    };
  });
}

function labelOf(value: unknown): Protection {
  return typeof value === 'string' && isProtection(value) ? value : missing('protection');
}
