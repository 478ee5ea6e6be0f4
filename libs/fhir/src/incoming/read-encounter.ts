import {
  isFarAhead,
  statesInpatientStart,
  strictest,
  type EncounterClass,
  type EncounterStatement,
  type Instant,
  type Leaving,
  type Protection,
  type StatedTime,
} from '#libs/domain';
import { EXTENSION, IDENTIFIER_SYSTEM, SYSTEM } from '../addresses.ts';
import { DISPOSITION } from '../codes.ts';
import { isProtection } from '../resource.ts';
import { CODE, type Element } from './element.ts';
import type { WardKind } from './kinds.ts';
import type { Contents, WardWords } from './message.ts';

const CLASSES: ReadonlyMap<string, EncounterClass> = new Map<string, EncounterClass>([
  ['IMP', 'IMP'],
  ['ACUTE', 'IMP'],
  ['NONAC', 'IMP'],
  ['EMER', 'EMER'],
  ['AMB', 'AMB'],
  ['PRENC', 'PRENC'],
  ...(['FLD', 'HH', 'OBSENC', 'SS', 'VR'] as const).map((code): [string, EncounterClass] => [code, 'OTHER']),
]);
const LEAVING: ReadonlyMap<string, Leaving> = new Map(
  (Object.entries(DISPOSITION) as [Leaving, string][]).map(([leaving, code]) => [code, leaving]),
);

/** What a message is, for its Encounter to be read by. */
interface Saying {
  readonly kind: WardKind;
  readonly course: WardWords['course'];
  readonly isRemoval: boolean;
  readonly sentAt: Instant;
}

/** What a ward's message says of the visit: class, ward, times, and how it is left. */
export function readEncounter(
  stay: Element,
  { kind, course, isRemoval, sentAt }: Saying,
  contents: Contents,
): EncounterStatement {
  const period = stay.child('period');
  const known = readClass(stay.child('class').child('code'));
  const start = readStart(period, { course, class: known, sentAt });
  const end = period.child('end').time()?.time;
  const expected = stay.extension(EXTENSION.plannedEndDate).child('valueDateTime').time()?.time;
  // A removal says again what it takes away, or not; it is no statement of it.
  if (!isRemoval && kind.must === 'end' && end === undefined) period.child('end').wrong('fhir-missing');
  if (!isRemoval && kind.must === 'expectedDischarge' && expected === undefined) {
    stay.extension(EXTENSION.plannedEndDate).wrong('fhir-missing');
  }
  if (start && end && end.end <= start.start) period.child('end').flag('implausible-order');
  if (start && expected && expected.end <= start.start)
    stay.extension(EXTENSION.plannedEndDate).flag('implausible-order');
  if (!isRemoval && course === 'discharge' && isFarAhead(end, sentAt + 1))
    period.child('end').flag('discharge-after-message');
  const takesBack = isRemoval || kind.takesAway === true || kind.value === 'N';
  if (!takesBack) refuseUnreal(stay.child('status'));
  const leaving = kind.leaving ?? readLeaving(stay);
  const ward = readWard(stay, contents);
  const receivingUnit = stay.child('hospitalization').child('destination', 'unstated').textOf('display');
  const protection = readVisitProtection(stay, contents);
  return {
    ...(known && { class: known }),
    ...(ward !== undefined && { ward }),
    ...(start && { start: start }),
    ...(end && !isRemoval && { end: end }),
    ...(expected && !isRemoval && { expectedDischarge: expected }),
    ...(leaving && !isRemoval && { leaving }),
    ...(receivingUnit !== undefined && { receivingUnit }),
    ...(protection && { protection }),
  };
}

/** Of inpatient care a start far ahead counts as unstated, as in HL7 v2: the class alone admits nobody (SAL-3). */
export function readStart(
  period: Element,
  stated: {
    readonly course: WardWords['course'];
    readonly class: EncounterClass | undefined;
    readonly sentAt: Instant;
  },
): StatedTime | undefined {
  const start = period.child('start');
  const time = start.time()?.time;
  const isAhead = statesInpatientStart(stated.course, stated.class) && isFarAhead(time, stated.sentAt + 1);
  if (isAhead) start.with('unstated').wrong('admission-after-message');
  return isAhead ? undefined : time;
}

/**
 * A class that v3-ActEncounterCode does not have counts as not stated, as in HL7 v2: without one nobody is told of the stay, so
 * that its sender must hear of it.
 */
function readClass(code: Element): EncounterClass | undefined {
  const written = code.token(CODE);
  return written === undefined ? undefined : code.with('unstated').orWrong(CLASSES.get(written), 'fhir-code');
}

function readLeaving(stay: Element): Leaving | undefined {
  const disposition = stay.child('hospitalization').child('dischargeDisposition', 'flagged');
  if (!disposition.isThere) return undefined;
  const leaving = disposition.codes(SYSTEM.discharge).map((code) => LEAVING.get(code));
  // A way of leaving that nobody knows is a way home, as table 0112 is read (contract 5).
  return disposition.orWrong(leaving[0], 'fhir-code') ?? 'home';
}

/** The ward's HSA-id. A ward without is told (SAL-3). */
function readWard(stay: Element, contents: Contents): string | undefined {
  const reference = stay.child('serviceProvider', 'unstated');
  return reference.isThere ? reference.orWrong(hsaIdBehind(reference, stay, contents), 'bad-hsa-id') : undefined;
}

/** HSA-id of the Organization that a reference means, or in the reference itself. @param within the resource that it stands in */
export function hsaIdBehind(reference: Element, within: Element, contents: Contents): string | undefined {
  const unit = contents.at(reference, within)?.with('unstated');
  const identifiers = [reference.child('identifier'), ...(unit?.all('identifier') ?? [])];
  const isHsa = (one: Element) => HSA_SYSTEMS.has(one.tokenOf('system', CODE) ?? '');
  return identifiers.find(isHsa)?.textOf('value');
}

/** Nothing can be said of a visit that by its own word never was. */
function refuseUnreal(status: Element): void {
  if (['cancelled', 'entered-in-error'].includes(status.token(CODE) ?? '')) status.wrong('fhir-code');
}

/** The same value space under two names (SE-6). */
const HSA_SYSTEMS: ReadonlySet<string> = new Set([IDENTIFIER_SYSTEM.hsa, IDENTIFIER_SYSTEM.hsaInera]);

/** A label on the message, or on anything that it says of the visit, protects the visit: who set it meant that nobody reads on. */
function readVisitProtection(stay: Element, contents: Contents): Protection | undefined {
  const others = ['MessageHeader', 'Communication', 'Observation'].flatMap((type) => contents.ofType(type));
  return [stay, contents.bundle, ...others]
    .map(readProtection)
    .reduce<Protection | undefined>((known, stated) => strictest(known, stated), undefined);
}

/**
 * The label of a protected person or visit (SE-24); one that is no kind that we know is handled as the strictest (DEC-23), and so
 * is the label of all demographic data where it stands alone.
 */
export function readProtection(resource: Element): Protection | undefined {
  const labels = resource.child('meta').all('security');
  const isOf = (systems: readonly string[]) => (one: Element) => systems.includes(one.tokenOf('system', CODE) ?? '');
  const label = labels.find(isOf([SYSTEM.securityLabel, SYSTEM.protection]));
  if (label === undefined) {
    const isDemographic = labels.filter(isOf([SYSTEM.actCode])).some((one) => one.tokenOf('code', CODE) === 'DEMO');
    return isDemographic ? 'unknown' : undefined;
  }
  const code = label.tokenOf('code', CODE);
  return isProtection(code) ? code : 'unknown';
}
