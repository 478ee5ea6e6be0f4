import type { Agreement, FieldPath } from '#libs/county';
import {
  type Course,
  type EncounterClass,
  type EncounterStatement,
  type Identity,
  isFarAhead,
  type Leaving,
  type Stated,
  type StatedTime,
  statesInpatientStart,
} from '#libs/domain';
import { Hl7Message } from '#libs/hl7v2';
import { Findings } from '../findings.ts';
import { readPatient, readVisitProtection } from './patient.ts';
import { identifierAt, placeOf, readUnit, statedOnly, textAt, valueAt, wholeText } from './places.ts';
import type { MessageTimes } from './times.ts';

/**
 * What a message says of the stay (contract 5). Only what stands there: an empty PV1-44 or PV1-45 stays unstated, and the
 * fold takes EVN-6 in its place where that is right.
 */
export function readEncounter(
  message: Hl7Message,
  agreement: Agreement,
  times: MessageTimes,
  findings: Findings,
): EncounterStatement {
  const { fields } = agreement;
  const time = (path: typeof fields.admittedAt) => times.read(valueAt(message, path), placeOf(path));
  const [start, end] = [time(fields.admittedAt), time(fields.dischargedAt)];
  if (start && end && end.end <= start.start) findings.flag('implausible-order', placeOf(fields.dischargedAt));
  const said = statedOnly<EncounterStatement>({
    class: readClass(message, agreement, findings),
    ward: readWard(message, agreement, findings),
    start,
    end,
    expectedDischarge: time(fields.expectedDischarge),
    leaving: readLeaving(message, agreement, findings),
    receivingUnit: readReceivingUnit(message, agreement, findings),
    admissionType: textAt(message, fields.admissionType) || undefined,
    protection: readVisitProtection(message, agreement, findings),
  });
  const { expectedDischarge: expected } = said;
  if (start && expected && expected.end <= start.start)
    findings.flag('implausible-order', placeOf(fields.expectedDischarge));
  return said;
}

/** A class that the agreement does not have counts as not stated: one guessed wrong starts or ends the duties of inpatient care. */
function readClass(
  message: Hl7Message,
  { fields, classes }: Agreement,
  findings: Findings,
): EncounterClass | undefined {
  const code = textAt(message, fields.class)?.toUpperCase();
  if (!code) return undefined;
  const known = classes.get(code);
  if (known === undefined) findings.unstated('bad-class', placeOf(fields.class));
  return known;
}

/** The ward; one that the agreement does not list is taken all the same, under the organisation's legal form. */
function readWard(message: Hl7Message, agreement: Agreement, findings: Findings): Stated<string> {
  const { fields, wards } = agreement;
  const ward = readUnit(message, fields.ward, agreement, findings);
  if (ward && !wards.some(({ hsaId }) => hsaId === ward)) findings.flag('unknown-ward', placeOf(fields.ward));
  return ward;
}

/**
 * Table 0112 as the agreement reads it: a code that it does not list is a way home; nothing stated leaves what was known. One that
 * is no code of the table may say that somebody is dead: its sender is told how it was read.
 */
function readLeaving(message: Hl7Message, { fields, leaving }: Agreement, findings: Findings): Leaving | undefined {
  const code = textAt(message, fields.leaving);
  if (!code) return undefined;
  const known = leaving.get(code) ?? leaving.get(code.padStart(2, '0'));
  if (known === undefined && !/^\d{1,2}$/.test(code)) findings.flag('unknown-leaving', placeOf(fields.leaving));
  return known ?? 'home';
}

/** The unit that takes over, as the sender names it, or by the HSA-id that the agreement has for that. */
function readReceivingUnit(message: Hl7Message, { fields, units }: Agreement, findings: Findings): Stated<string> {
  const { segment, field, component = 1 } = fields.transferTo;
  const unit = message.first(segment)?.field(field).first;
  if (unit?.value(component).kind === 'null') return null;
  const text = unit && wholeText(unit, component, placeOf(fields.transferTo), findings);
  return units.get(text ?? '') ?? (text || undefined);
}

/**
 * A message of a visit is of one patient and one visit (the structures of ADT but A17's, A24's and those of a merge). A second
 * PID or PV1 that names another one leaves it open whose need, ward and notices the rest of the message are: it is rejected, as
 * one that names nobody is (SAL-1). One that names the same, or nothing, says nothing that the first has not, and is noted.
 */
export function refuseSecondVisit(
  message: Hl7Message,
  agreement: Agreement,
  times: MessageTimes,
  known: { readonly visitId: string | undefined; readonly identities: readonly Identity[] },
  findings: Findings,
): void {
  const { identities, visitId } = agreement.fields;
  for (const other of seconds(message, visitId)) {
    const named = identifierAt(other, visitId);
    if (named && named !== known.visitId) findings.reject('several-visits', placeOf(visitId));
    else findings.note('repeated-segment', visitId.segment);
  }
  for (const other of seconds(message, identities)) {
    // What is wrong with its fields is beside the point: only whom it names is asked.
    const named = readPatient(other, agreement, times, new Findings()).identities;
    const isSame = named.some(({ value }) => known.identities.some((identity) => identity.value === value));
    if (named.length > 0 && !isSame) findings.reject('several-patients', placeOf(identities));
    else findings.note('repeated-segment', identities.segment);
  }
}

/** Each segment after the first that a field is read from, as a message of its own. */
function seconds(message: Hl7Message, { segment }: FieldPath): Hl7Message[] {
  const others = message.all(segment).slice(1);
  return others.map((one) => new Hl7Message(message.reading, [one], []));
}

/** When the patient was admitted, as far as the message says it. */
export interface AdmissionTimes {
  readonly encounter: EncounterStatement;
  /** EVN-6. */
  readonly occurred: StatedTime | undefined;
}

/**
 * An admission of a time far ahead (`isFarAhead`) counts as one of an unstated time (SAL-3): as of when it was sent (DEC-28) where
 * the message admits, and as none where the time alone says it. A planned admission is one by A05 or A14, or of class `P`.
 */
export function withoutFutureAdmission(
  course: Course,
  { encounter, occurred }: AdmissionTimes,
  { sentUntil }: MessageTimes,
  { fields }: Agreement,
  findings: Findings,
): AdmissionTimes {
  if (!statesInpatientStart(course, encounter.class ?? undefined)) return { encounter, occurred };
  const { start, ...withoutStart } = encounter;
  const isStartAhead = isFarAhead(start, sentUntil);
  const isOccurredAhead = admits(course, encounter) && isFarAhead(occurred, sentUntil);
  if (isStartAhead) findings.unstated('admission-after-message', placeOf(fields.admittedAt));
  if (isOccurredAhead) findings.unstated('admission-after-message', placeOf(fields.occurredAt));
  return {
    encounter: isStartAhead ? withoutStart : encounter,
    occurred: isOccurredAhead ? undefined : occurred,
  };
}

/** Whether a message says that somebody is an inpatient from now on. */
export const admits = (course: Course, encounter: EncounterStatement): boolean =>
  course === 'to-inpatient' || (course === 'admit' && encounter.class === 'IMP');
