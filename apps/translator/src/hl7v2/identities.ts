import { compareIdentities, isInForce, LAST_DAY, MOST_IDENTITIES, type Identity } from '#libs/domain';
import { parseTimestamp, type Hl7Message, type Repetition } from '#libs/hl7v2';
import type { Agreement, FieldPath } from '#libs/county';
import type { Findings } from '../findings.ts';
import { readIdentifier, type Wrong } from './identifier.ts';
import { placeOf } from './places.ts';

/**
 * All identities of the patient, the one that counts first: PID-3 (or where the agreement says), then PID-2 and PID-19; PID-4
 * where none of these says anything, for it is as often a number that the person had before.
 * One that is in force on the day of sending comes before one that is not, then type decides, then the later beginning
 * (DEC-35), then position; at most as many as anybody has.
 *
 * A wrong check digit, a form that does not fit its type, a century that cannot be known: that identifier counts as not
 * stated. Of two personal numbers in force at once neither does, unless their dates tell which is the later. Nothing left is
 * a patient who cannot be kept apart from others, and rejects the message (SAL-1).
 * @param birthDate PID-7 as digits
 * @param today local date of sending
 */
export function readIdentities(
  message: Hl7Message,
  agreement: Agreement,
  birthDate: string | undefined,
  today: string,
  findings: Findings,
): Identity[] {
  const hints = { birthDate, yearSent: Number(today.slice(0, 4)) };
  const identities = new Map<string, Identity>();
  const wrongs: (Wrong & { readonly place: string })[] = [];
  for (const { cx, place } of identifiersOf(message, agreement)) {
    const reading = readIdentifier(cx, agreement, hints);
    if (reading === undefined) continue;
    if ('fault' in reading) wrongs.push({ ...reading, place });
    else keepLater(identities, { ...reading, ...validityOf(cx, place, findings) });
  }
  const all = [...identities.values()].sort((a, b) => compare(a, b, today));
  const place = placeOf(agreement.fields.identities);
  const differ = new Set(personalNumbersInForce(all, today));
  const kept = differ.size === 0 ? all : all.filter((identity) => !differ.has(identity));
  const isSure = kept.some(({ type }) => type !== 'other');
  const told = wrongs.filter(({ unsure }) => !unsure || !isSure).map((wrong) => [wrong.fault, wrong.place] as const);
  if (differ.size > 0) told.push(['identities-differ', place]);
  // An uncertain number beside a local one may be the person's own: with the local one alone nobody is mistaken for another.
  for (const [name, where] of told) if (kept.length > 0) findings.unstated(name, where);
  for (const [name, where] of told) if (kept.length === 0) findings.reject(name, where);
  if (kept.length === 0 && told.length === 0) findings.reject('no-patient-identity', place);
  return bounded(kept, place, findings);
}

/** The first of them: nobody has more, and each is written out on the event (SAL-4). */
function bounded(identities: readonly Identity[], place: string, findings: Findings): Identity[] {
  if (identities.length > MOST_IDENTITIES) findings.flag('more-identities', place);
  return identities.slice(0, MOST_IDENTITIES);
}

/**
 * The identities that a merge gives up (MRG-1, MRG-4), in their order. They were somebody's all at once, so that they are not
 * asked which of them holds; one that is wrong counts as not stated, and none at all rejects the message (SAL-1).
 */
export function readMergedIdentities(
  message: Hl7Message,
  agreement: Agreement,
  today: string,
  findings: Findings,
): Identity[] {
  const hints = { birthDate: undefined, yearSent: Number(today.slice(0, 4)) };
  const { mergedIdentities: listed } = agreement.fields;
  const place = placeOf(listed);
  const identities = new Map<string, Identity>();
  const wrongs: Wrong[] = [];
  for (const { cx } of identifiersAt(message, [listed, { segment: 'MRG', field: 4 }])) {
    const reading = readIdentifier(cx, agreement, hints);
    if (reading === undefined) continue;
    if ('fault' in reading) wrongs.push(reading);
    else identities.set(`${reading.system}|${reading.value}`, reading);
  }
  const isNobody = identities.size === 0;
  for (const { fault } of wrongs) if (isNobody) findings.reject(fault, place);
  for (const { fault } of wrongs) if (!isNobody) findings.unstated(fault, place);
  if (isNobody && wrongs.length === 0) findings.reject('no-patient-identity', place);
  return bounded([...identities.values()], place, findings);
}

/** The same identity twice: the one that is said to hold longer. */
function keepLater(identities: Map<string, Identity>, identity: Identity): void {
  const key = `${identity.system}|${identity.value}`;
  const known = identities.get(key);
  if (known === undefined || (known.to ?? LAST_DAY) < (identity.to ?? LAST_DAY)) identities.set(key, identity);
}

/** CX.7 and CX.8 as local dates; one that is no date is left out. */
function validityOf(cx: Repetition, place: string, findings: Findings): Pick<Identity, 'from' | 'to'> {
  const date = (component: number): string | undefined => {
    const text = cx.text(component);
    if (text === undefined) return undefined;
    const parsed = parseTimestamp(text);
    const { year, month = 0, day } = parsed.ok ? parsed.value : { year: 0, day: undefined };
    if (day === undefined) findings.note('bad-timestamp', `${place}.${component}`);
    return day === undefined ? undefined : new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
  };
  const [from, to] = [date(7), date(8)];
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/** Of two that began on one day the one that holds longer comes first. */
function compare(a: Identity, b: Identity, today: string): number {
  const [ends, other] = [a.to ?? LAST_DAY, b.to ?? LAST_DAY];
  return compareIdentities(a, b, today) || (ends === other ? 0 : ends < other ? 1 : -1);
}

/** Personal numbers of which none can be said to be the person's: two are in force and do not say which is the later. */
function personalNumbersInForce(sorted: readonly Identity[], today: string): readonly Identity[] {
  const numbers = sorted.filter((identity) => identity.type === 'personnummer' && isInForce(identity, today));
  const [first, second] = numbers;
  const told = first?.from !== undefined && second?.from !== undefined && first.from > second.from;
  return second === undefined || told ? [] : numbers;
}

/** One CX and its field. */
interface Placed {
  readonly cx: Repetition;
  readonly place: string;
}

type FieldOf = Pick<FieldPath, 'segment' | 'field'>;

const PID_2: FieldOf = { segment: 'PID', field: 2 };
const PID_4: FieldOf = { segment: 'PID', field: 4 };
const PID_19: FieldOf = { segment: 'PID', field: 19 };

function identifiersOf(message: Hl7Message, { fields: { identities: listed } }: Agreement): readonly Placed[] {
  const said = identifiersAt(message, [listed, PID_2, PID_19]).filter(({ cx }) => cx.text(1) !== undefined);
  return said.length > 0 ? said : identifiersAt(message, [PID_4]);
}

function identifiersAt(message: Hl7Message, paths: readonly FieldOf[]): Placed[] {
  const found: Placed[] = [];
  for (const { segment, field: number } of paths) {
    const field = message.first(segment)?.field(number);
    if (field === undefined || field.isAbsent) continue;
    const place = placeOf({ segment, field: number });
    for (const cx of field.repetitions) found.push({ cx, place });
  }
  return found;
}
