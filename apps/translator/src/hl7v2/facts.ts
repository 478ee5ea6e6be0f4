import {
  FACT_CODES,
  FACT_VALUES,
  SCOPES,
  type Fact,
  type FactCode,
  type Instant,
  type Scope,
  type StatedTime,
} from '#libs/domain';
import { textOf, type Hl7Message, type Segment } from '#libs/hl7v2';
import type { Agreement, FactRule, FieldPath } from '#libs/county';
import { allowedValues, joinFacts, type PlacedFact, readFactValues, saysMore } from './fact-values.ts';
import { placeOf } from './places.ts';
import type { Findings } from '../findings.ts';
import type { MessageTimes } from './times.ts';

const CODES: ReadonlySet<string> = new Set(FACT_CODES);
const NO_VALUES: ReadonlyMap<string, readonly string[]> = new Map();

/** What a reader of OBX shares for one message. */
interface Reading {
  readonly message: Hl7Message;
  readonly agreement: Agreement;
  readonly times: MessageTimes;
  readonly findings: Findings;
  /** When a fact without a time of its own holds from: EVN-6, else MSH-7. */
  readonly otherwiseAt: Instant;
}

/** What of the event itself its facts hang on. */
export interface EventFacts {
  /** EVN-6, and where it stands. */
  readonly occurred: StatedTime | undefined;
  readonly occurredPlace: string;
  /** What the agreement lets this trigger say of readiness for discharge. */
  readonly saysReady: 'Y' | 'N' | undefined;
}

/**
 * The facts that a message states: its OBX segments with `BRYGGAN` in OBX-3.3 (contract 5), what stands in fields of the
 * sender's own, and the readiness that the agreement lets the trigger itself say (`saysReady`), unless the message has a READY
 * of its own. Places are `OBX[3]-5`: the third OBX.
 */
export function readFacts(
  message: Hl7Message,
  agreement: Agreement,
  times: MessageTimes,
  { occurred, occurredPlace, saysReady }: EventFacts,
  findings: Findings,
): readonly Fact[] {
  const otherwise = occurred ? times.ofFact(occurred) : { at: times.sentAt, late: false };
  const reading: Reading = { message, agreement, times, findings, otherwiseAt: otherwise.at };
  const { segment } = agreement.fields.factCode;
  const stated: PlacedFact[] = [];
  let number = 0;
  for (const observation of message.all(segment)) {
    const fact = readFact(observation, `${segment}[${++number}]`, reading);
    if (fact !== undefined) stated.push(fact);
  }
  stated.push(...agreement.facts.flatMap((rule) => factsElsewhere(rule, reading)));
  if (saysReady && !stated.some(({ fact }) => fact.code === 'READY')) stated.push(readiness(saysReady, otherwise.at));
  const isUsed = stated.some(({ fact }) => fact.stated === undefined);
  if (otherwise.late && isUsed) findings.flag('fact-after-message', occurredPlace);
  return joinFacts(stated, findings);
}

/** The facts that a sender states in a field of its own; a value that the agreement does not know is told. */
function factsElsewhere(
  { code, field, values, time: timeAt, scopes = [] }: FactRule,
  { message, times, findings, otherwiseAt }: Reading,
): PlacedFact[] {
  const place = placeOf(field);
  return message.all(field.segment).flatMap((segment): PlacedFact[] => {
    const texts = segment
      .field(field.field)
      .repetitions.map((repetition) => repetition.text(field.component ?? 1, field.subcomponent ?? 1)?.trim() ?? '')
      .filter((text) => text !== '');
    if (texts.length === 0) return [];
    const meant = texts.flatMap((text) => (values ? (values.get(text) ?? [`?${text}`]) : [text]));
    const known = allowedValues(code, 'F', meant, place, findings);
    if (known === undefined) return [];
    const written = timeAt && segment.value(timeAt.field, timeAt.component, timeAt.subcomponent);
    const time = written && times.read(written, placeOf(timeAt));
    const { at, late } = time ? times.ofFact(time) : { at: otherwiseAt, late: false };
    if (late) findings.flag('fact-after-message', placeOf(timeAt ?? field));
    const stated = time ? textOf(written)?.trim() : undefined;
    const fact: Fact = {
      ...{ code, scopes: code === 'NEED' ? [] : SCOPES.filter((scope) => scopes.includes(scope)) },
      ...{ values: known, status: 'F', at },
      ...(stated !== undefined && { stated }),
    };
    return [{ fact, place: segment.name }];
  });
}

function readiness(value: 'Y' | 'N', at: Instant): PlacedFact {
  return { fact: { code: 'READY', scopes: [], values: [value], status: 'F', at }, place: 'MSH' };
}

/**
 * A text with a bare field delimiter in it has moved all that stands behind it to the right, its status too: where that is
 * empty in its own place and found further on, what stands between is text (SAL-4), and is told.
 */
function withWholeText(obx: Segment, code: FactCode, place: string, reading: Reading): Segment {
  const { factValue, factStatus } = reading.agreement.fields;
  const isText = FACT_VALUES[code].allowed === undefined && factStatus.field > factValue.field;
  if (!isText || textIn(obx, factStatus) !== '') return obx;
  const { factStatuses } = reading.agreement;
  for (let more = 1; factStatus.field + more <= obx.fieldCount; more++) {
    const found = textIn(obx, { ...factStatus, field: factStatus.field + more }).toUpperCase();
    if (found === '') continue;
    const whole = factStatuses.has(found) ? obx.withWhole(factValue.field, more) : undefined;
    if (whole) reading.findings.flag('unescaped-delimiter', place);
    return whole ?? obx;
  }
  return obx;
}

function readFact(observation: Segment, place: string, reading: Reading): PlacedFact | undefined {
  const { message, agreement, times, findings } = reading;
  const { factStatus, factTime, factValue, factJudge } = agreement.fields;
  const code = ourCode(observation, place, reading);
  if (code === undefined) return undefined;
  const within = (path: FieldPath): string => placeWithin(place, path);
  const obx = withWholeText(observation, code, within(factValue), reading);
  const status = agreement.factStatuses.get(textIn(obx, factStatus).toUpperCase());
  if (status === undefined) findings.unstated('bad-status', within(factStatus));
  const meanings = agreement.factValues.get(code) ?? NO_VALUES;
  const from = { field: obx.field(factValue.field), message, meanings };
  const isRead = FACT_VALUES[code].allowed !== undefined || status === 'D' || !isDocument(obx, factValue);
  if (!isRead) findings.unstated('unknown-fact-value', within(factValue));
  const values = status && isRead ? readFactValues(code, status, from, within(factValue), findings) : undefined;
  const scopes = readScopes(code, obx, within(agreement.fields.factScope), reading);
  if (status === undefined || values === undefined || scopes === undefined) return undefined;
  const written = obx.value(factTime.field, factTime.component, factTime.subcomponent);
  const time = times.read(written, within(factTime));
  // A correction without a time means the latest fact (DEC-19): one whose time cannot be read might take back another.
  if (time === undefined && written.kind === 'value' && status !== 'F') return undefined;
  const { at, late } = time ? times.ofFact(time) : { at: reading.otherwiseAt, late: false };
  if (late) findings.flag('fact-after-message', within(factTime));
  const stated = time ? textOf(written)?.trim() : undefined;
  const judgedBy = judgeNamed(textIn(obx, factJudge));
  const fact: Fact = {
    code,
    scopes,
    values,
    status,
    at,
    ...(stated !== undefined && { stated }),
    ...(judgedBy !== undefined && { judgedBy }),
  };
  return { fact, place };
}

/** OBX-2 of a document as letters (ED in base64 or hex), or of the place where it lies (RP): no text that anybody can read. */
function isDocument(obx: Segment, { segment, field }: FieldPath): boolean {
  if (segment !== 'OBX') return false;
  const type = obx.text(2)?.trim().toUpperCase();
  return type === 'RP' || (type === 'ED' && /^(base64|hex)$/i.test(obx.text(field, 4)?.trim() ?? ''));
}

/** `OBX[3]-5`: how a fault names the place of a field within one of several segments. */
function placeWithin(place: string, path: FieldPath): string {
  return place + placeOf(path).slice(path.segment.length);
}

/** The text of a place, or of the one so many components behind it. */
function textIn(segment: Segment, { field, component = 1, subcomponent }: FieldPath, further = 0): string {
  return segment.text(field, component + further, subcomponent)?.trim() ?? '';
}

/**
 * The code, when the OBX is ours. A code that we do not have is told; so is one of ours that does not say whose it is, or
 * says that it is another's: most likely it is ours, misspelled.
 */
function ourCode(obx: Segment, place: string, { agreement, findings }: Reading): FactCode | undefined {
  const { factCode, factSystem } = agreement.fields;
  const further = behindOwnCode(obx, agreement);
  const written = textIn(obx, factCode, further).toUpperCase();
  const code = agreement.factCodes.get(written) ?? written;
  const system = textIn(obx, factSystem, further).toUpperCase();
  const isOurs = agreement.factSystem === undefined ? isFactCode(code) : system === agreement.factSystem;
  if (isOurs && isFactCode(code)) return code;
  if (isOurs || (isFactCode(code) && system === '')) findings.unstated('unknown-fact', placeWithin(place, factCode));
  else if (isFactCode(code) || isMisspelled(system, agreement.factSystem))
    findings.note('unknown-fact', placeWithin(place, factCode));
  return undefined;
}

/** Of components: CE and CWE have code, text and system twice. */
const TRIPLET = 3;

/**
 * How many components behind their places code and system stand. CE and CWE say one thing in two codes: where the second triplet
 * alone is of our system, the sender has its own code first.
 */
function behindOwnCode(obx: Segment, { fields, factSystem: ours }: Agreement): number {
  const { factCode, factSystem } = fields;
  if (ours === undefined || factSystem.field !== factCode.field) return 0;
  const isOurs = (further: number): boolean => textIn(obx, factSystem, further).toUpperCase() === ours;
  return !isOurs(0) && isOurs(TRIPLET) ? TRIPLET : 0;
}

function isFactCode(code: string): code is FactCode {
  return CODES.has(code);
}

/** A letter or two away from the name of our own codes. */
function isMisspelled(system: string, ours = ''): boolean {
  return ours.length > 4 && Math.abs(system.length - ours.length) <= 2 && distance(system, ours) <= 2;
}

/** How many letters must be put in, taken out or changed to make one text of another. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(one).entries()) {
    const next = [index + 1];
    for (let at = 1; at <= other.length; at++) {
      const changed = (row[at - 1] ?? 0) + (letter === other[at - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/**
 * OBX-4 by repetition, in a fixed order so that the same scopes are the same fact; empty = all. Of scopes that are none the
 * known ones hold; with none left nothing is stated, since "all" would be more than was said. A need names its scopes in its
 * value: OBX-4 says nothing more of it, and only names the fact for who corrects it (DEC-19).
 */
function readScopes(
  code: FactCode,
  obx: Segment,
  place: string,
  { agreement, findings }: Reading,
): readonly Scope[] | undefined {
  const { field, component, subcomponent } = agreement.fields.factScope;
  const stated = obx.field(field).repetitions.flatMap((repetition) => {
    const scope = repetition.text(component, subcomponent)?.trim().toUpperCase() ?? '';
    // A second one behind `&` is none that can be read: it is told, and what was read stands.
    return subcomponent === undefined && saysMore(repetition, component) ? [scope, UNREAD] : [scope];
  });
  const written = stated.filter((scope) => scope !== '').map((scope) => agreement.scopes.get(scope) ?? scope);
  const scopes = SCOPES.filter((scope) => written.includes(scope));
  const isBad = written.some((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (isBad && scopes.length === 0 && code !== 'NEED') {
    findings.unstated('bad-scope', place);
    return undefined;
  }
  if (isBad) findings.flag('bad-scope', place);
  return scopes;
}

/** In place of what stands behind the first subcomponent of a code. */
const UNREAD = '&';

/** OBX-16.1: an id of the one who judged, never a name and never a personal number. */
function judgeNamed(id: string): string | undefined {
  return /^[A-Za-z0-9-]{1,64}$/.test(id) && !/^(?:\d{6}|\d{8})[-+]?\d{4}$/.test(id) ? id : undefined;
}
