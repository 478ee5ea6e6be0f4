import {
  FACT_CODES,
  SCOPES,
  type Fact,
  type FactCode,
  type FactStatus,
  type Instant,
  type Scope,
  type StatedTime,
} from '#libs/domain';
import { textOf, type Hl7Message, type Segment } from '#libs/hl7v2';
import type { FactRule } from '#libs/county';
import { allowedValues, readFactValues } from './fact-values.ts';
import { placeOf } from './places.ts';
import type { Findings } from '../findings.ts';
import { joinFacts, type PlacedFact } from './several-facts.ts';
import type { MessageTimes } from './times.ts';

/** OBX-11: a result that is preliminary, pending or cannot be had states nothing. */
const STATUSES: ReadonlyMap<string, FactStatus> = new Map<string, FactStatus>([
  ['', 'F'],
  ['F', 'F'],
  ['C', 'C'],
  ['D', 'D'],
  ['W', 'D'],
]);
const CODES: ReadonlySet<string> = new Set(FACT_CODES);
const CODING_SYSTEM = 'BRYGGAN';

/** What a reader of OBX shares for one message. */
interface Reading {
  readonly message: Hl7Message;
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
  /** Facts that stand in fields of the sender's own. */
  readonly elsewhere: readonly FactRule[];
}

/**
 * The facts that a message states: its OBX segments with `BRYGGAN` in OBX-3.3 (contract 5), and the readiness that the
 * agreement lets the trigger itself say (`saysReady`), unless the message has a READY of its own. Places are `OBX[3]-5`: the
 * third OBX.
 */
export function readFacts(
  message: Hl7Message,
  times: MessageTimes,
  { occurred, occurredPlace, saysReady, elsewhere }: EventFacts,
  findings: Findings,
): readonly Fact[] {
  const otherwise = occurred ? times.ofFact(occurred) : { at: times.sentAt, late: false };
  const reading: Reading = { message, times, findings, otherwiseAt: otherwise.at };
  const stated = message.all('OBX').flatMap((obx, index) => readFact(obx, `OBX[${index + 1}]`, reading) ?? []);
  stated.push(...elsewhere.flatMap((rule) => factsElsewhere(rule, reading)));
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

function readFact(obx: Segment, place: string, reading: Reading): PlacedFact | undefined {
  const { message, times, findings } = reading;
  const code = ourCode(obx, place, findings);
  if (code === undefined) return undefined;
  const status = STATUSES.get(obx.text(11)?.trim().toUpperCase() ?? '');
  if (status === undefined) findings.unstated('bad-status', `${place}-11`);
  const values = status && readFactValues(code, status, obx, message, `${place}-5`, findings);
  const scopes = readScopes(code, obx, `${place}-4`, findings);
  if (status === undefined || values === undefined || scopes === undefined) return undefined;
  const time = times.read(obx.value(14), `${place}-14`);
  // A correction without a time means the latest fact (DEC-19): one whose time cannot be read might take back another.
  if (time === undefined && obx.value(14).kind === 'value' && status !== 'F') return undefined;
  const { at, late } = time ? times.ofFact(time) : { at: reading.otherwiseAt, late: false };
  if (late) findings.flag('fact-after-message', `${place}-14`);
  const written = time ? textOf(obx.value(14))?.trim() : undefined;
  const judgedBy = readJudge(obx);
  const fact: Fact = {
    code,
    scopes,
    values,
    status,
    at,
    ...(written !== undefined && { stated: written }),
    ...(judgedBy !== undefined && { judgedBy }),
  };
  return { fact, place };
}

/**
 * The code, when the OBX is ours. A code that we do not have is told; so is one of ours that does not say whose it is, or
 * says that it is another's: most likely it is ours, misspelled.
 */
function ourCode(obx: Segment, place: string, findings: Findings): FactCode | undefined {
  const code = obx.text(3)?.trim() ?? '';
  const system = obx.text(3, 3)?.trim().toUpperCase();
  const isOurs = system === CODING_SYSTEM;
  if (isOurs && isFactCode(code)) return code;
  if (isOurs || (isFactCode(code) && !system)) findings.unstated('unknown-fact', `${place}-3`);
  else if (isFactCode(code)) findings.note('unknown-fact', `${place}-3`);
  return undefined;
}

function isFactCode(code: string): code is FactCode {
  return CODES.has(code);
}

/**
 * OBX-4 by repetition, in a fixed order so that the same scopes are the same fact; empty = all. Of scopes that are none the
 * known ones hold; with none left nothing is stated, since "all" would be more than was said. A need names its scopes in its
 * value: OBX-4 says nothing more of it.
 */
function readScopes(code: FactCode, obx: Segment, place: string, findings: Findings): readonly Scope[] | undefined {
  const stated = obx.field(4).repetitions.map((repetition) => repetition.text(1)?.trim() ?? '');
  const written = stated.filter((scope) => scope !== '');
  const scopes = SCOPES.filter((scope) => written.includes(scope));
  const isBad = written.some((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (isBad && scopes.length === 0 && code !== 'NEED') {
    findings.unstated('bad-scope', place);
    return undefined;
  }
  if (isBad) findings.flag('bad-scope', place);
  return code === 'NEED' ? [] : scopes;
}

/** OBX-16.1: an id of the one who judged, never a name and never a personal number. */
function readJudge(obx: Segment): string | undefined {
  const id = obx.text(16)?.trim();
  return id !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(id) && !/^(?:\d{6}|\d{8})[-+]?\d{4}$/.test(id)
    ? id
    : undefined;
}
