import {
  agree,
  dutyInstant,
  FACT_CODES,
  FACT_VALUES,
  SCOPES,
  type Fact,
  type FactCode,
  type FactStatus,
  type Instant,
  type Scope,
  type StatedTime,
} from '#libs/domain';
import { EXTENSION, SYSTEM } from '../addresses.ts';
import { CODE, type Element, type WrittenTime } from './element.ts';
import { isFact, type WardKind } from './kinds.ts';
import type { Contents, IncomingHeader } from './message.ts';

/*
 * Observations of a ward's message are what OBX segments are in HL7 v2 (contract 5): code, scope, value, a time of their own
 * (`effectiveDateTime`, OBX-14), and whether they state (`final`), correct (`corrected`) or take back (`entered-in-error`)
 * the fact of that code, scope and time as it was written (DEC-19).
 */

const STATUSES: ReadonlyMap<string, FactStatus> = new Map<string, FactStatus>([
  ['final', 'F'],
  ['corrected', 'C'],
  ['amended', 'C'],
  ['entered-in-error', 'D'],
]);

interface PlacedFact {
  readonly fact: Fact;
  readonly element: Element;
}

/**
 * The facts of a message in a fixed order: the order of the Observations says nothing but for the lines of one INFO.
 * @param occurred when it happened, for facts without a time of their own
 */
export function readFacts(header: IncomingHeader, occurred: StatedTime | undefined, contents: Contents): Fact[] {
  const placed = contents.ofType('Observation').flatMap((one) => readFact(one, header, occurred, contents) ?? []);
  const groups = [...Map.groupBy(placed, ({ fact }) => keyOf(fact)).values()];
  return groups.flatMap((group) => joined(group) ?? []).sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

const keyOf = ({ code, scopes, status, at, stated }: Fact) => [code, scopes.join('+'), status, stated ?? at].join('|');
const orderOf = ({ code, at, scopes, status }: Fact) =>
  [String(FACT_CODES.indexOf(code)).padStart(2, '0'), String(at).padStart(16, '0'), scopes.join('+'), status].join(' ');

function readFact(
  one: Element,
  header: IncomingHeader,
  occurred: StatedTime | undefined,
  contents: Contents,
): PlacedFact | undefined {
  const [written] = one.child('code').codes(SYSTEM.fact);
  // An Observation of somebody else's codes says nothing to us.
  if (written === undefined) return undefined;
  // A fact of another person, or of another visit, is none of this one.
  contents.mayOnlyMean(one.child('subject'), contents.ofType('Patient')[0]);
  contents.mayOnlyMean(one.child('encounter'), contents.ofType('Encounter')[0]);
  const code = one.child('code').orWrong(isFact(written) ? written : undefined, 'fhir-code');
  const stated = one.child('status');
  const status = stated.orWrong(STATUSES.get(stated.token(CODE) ?? ''), 'fhir-code');
  const values = code && status && readValues(one, code, status);
  const scopes = code === 'NEED' ? [] : readScopes(one);
  const time = readOwnTime(one);
  if (code === undefined || status === undefined || values === undefined || scopes === undefined) return undefined;
  const { sentAt } = header;
  if (time && time.time.start > sentAt) time.at.flag('fact-after-message');
  const from = time?.time ?? occurred;
  const judgedBy = readJudge(one);
  const fact: Fact = {
    ...{ code, scopes, values, status, at: from ? heldFrom(from, sentAt) : sentAt },
    ...(time && { stated: time.written }),
    ...(judgedBy !== undefined && { judgedBy }),
  };
  return { fact, element: one };
}

/** When it holds from, by whichever element says a time of its own; an interval and a timetable count as unstated. */
function readOwnTime(one: Element): (WrittenTime & { readonly at: Element }) | undefined {
  for (const name of ['effectivePeriod', 'effectiveTiming']) {
    const other = one.child(name, 'unstated');
    if (other.isThere) other.wrong('fhir-value');
  }
  const at = ['effectiveDateTime', 'effectiveInstant'].map((name) => one.child(name)).find(({ isThere }) => isThere);
  const time = at?.time();
  return at && time && { ...time, at };
}

/** As OBX-14: a day is the last moment of it, and nothing holds from later than it was sent (DEC-21). */
function heldFrom(time: StatedTime, sentAt: Instant): Instant {
  const meant = dutyInstant(time, Infinity);
  return Math.min(meant === time.end ? meant - 1 : meant, sentAt);
}

/** An id of the one who judged, never a name and never a personal number. */
function readJudge(one: Element): string | undefined {
  const identifier = one.first('performer').child('identifier').child('value', 'noted');
  const id = identifier.token(/^[A-Za-z0-9-]{1,64}$/);
  return id !== undefined && !/^(?:\d{6}|\d{8})[-+]?\d{4}$/.test(id) ? id : undefined;
}

function readScopes(one: Element): readonly Scope[] | undefined {
  const stated = one.extensions(EXTENSION.scope).map((extension) => extension.tokenOf('valueCode', CODE));
  const scopes = SCOPES.filter((scope) => stated.includes(scope));
  const isRight = scopes.length === new Set(stated).size;
  return one.extension(EXTENSION.scope).orWrong(isRight ? scopes : undefined, 'fhir-code');
}

/** Of one fact; each is written out on the event, which has to fit into a record. */
const MOST_VALUES = 100;

/** A need or a consent is never guessed (SAL-3): a value that the code does not have refuses the message, and says where. */
function readValues(one: Element, code: FactCode, status: FactStatus): readonly string[] | undefined {
  const { allowed } = FACT_VALUES[code];
  const place = VALUES.map((name) => one.child(name)).find(({ isThere }) => isThere) ?? one.child('value');
  // Of one choice (value[x]) there is one: which of two is meant, nobody can tell.
  if (CHOICES.filter((name) => one.has(name)).length > 1) {
    place.wrong('fhir-repeated');
    return undefined;
  }
  const stated = [...new Set(writtenValues(one).filter((value) => value !== ''))];
  const isKnown = (value: string) =>
    allowed === undefined || (typeof allowed === 'function' ? allowed(value) : allowed.includes(value));
  if (stated.length > MOST_VALUES) {
    place.wrong('fhir-too-many-entries');
    return undefined;
  }
  if (stated.length === 0) return place.orWrong(status === 'D' ? [] : undefined, 'fhir-missing');
  const known = place.orWrong(stated.every(isKnown) ? stated : undefined, 'fhir-code');
  const fitting = known && place.orWrong(agree(code, known) ? known : undefined, 'fhir-repeated');
  // In the order of the code, so that the same need is the same text.
  return typeof allowed === 'object' && fitting ? allowed.filter((value) => fitting.includes(value)) : fitting;
}

const CHOICES = ['valueCodeableConcept', 'valueString', 'valueBoolean'];
const VALUES = [...CHOICES, 'component'];

function writtenValues(one: Element): string[] {
  const [concept, text, flag] = VALUES.map((name) => one.child(name));
  if (concept?.isThere) return concept.codes(SYSTEM.factValue);
  if (text?.isThere) return [text.text() ?? ''];
  if (flag?.isThere) return [flag.yes() === true ? 'Y' : 'N'];
  return one.all('component').flatMap((component) => component.textOf('valueString') ?? []);
}

/** Several Observations of one fact, as several OBX are read (DEC-26). */
function joined(group: readonly PlacedFact[]): Fact | undefined {
  const [first] = group;
  if (first === undefined) return undefined;
  const { fact, element } = first;
  if (fact.code === 'INFO') return { ...fact, values: [group.flatMap((one) => one.fact.values).join('\n')] };
  const all = [...new Set(group.flatMap((one) => one.fact.values))];
  const isBoth = fact.code === 'NEED' && all.length > 1 && all.includes('NONE');
  if (isBoth) element.flag('need-and-none');
  const values = element.orWrong(agree(fact.code, all) ? all : undefined, 'contradicting-facts');
  return values && { ...fact, values: isBoth ? values.filter((value) => value !== 'NONE') : values };
}

/** A kind that is a fact must state it; a correction or a removal must say so of the fact itself, and not only of itself. */
export function checkOwnFact(
  kind: WardKind,
  facts: readonly Fact[],
  { link }: IncomingHeader,
  { report }: Contents,
): void {
  if (kind.fact === undefined) return;
  const own = facts.filter(({ code }) => code === kind.fact);
  const place = `Bundle.entry.resource.ofType(Observation).where(code.coding.code = '${kind.fact}')`;
  if (own.length === 0) {
    report.refuse('fhir-missing', place);
    return;
  }
  const takesAway = kind.takesAway === true || link?.role === 'removal';
  const isRight = ({ status }: Fact) =>
    takesAway ? status === 'D' : link?.role === 'revision' ? status !== 'F' : status === 'F';
  if (!own.some(isRight)) report.refuse('fhir-correction', `${place}.status`);
  const { value } = kind;
  if (value === undefined || takesAway) return;
  if (own.some(({ status, values }) => status !== 'D' && !values.includes(value))) {
    report.refuse('fhir-code', `${place}.value`);
  }
}
