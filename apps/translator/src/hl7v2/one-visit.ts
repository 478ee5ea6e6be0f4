import type { Course, EncounterStatement, Identity, StatedTime } from '#libs/domain';
import type { Agreement, FieldPath } from '#libs/county';
import { Hl7Message } from '#libs/hl7v2';
import { Findings } from '../findings.ts';
import { readPatient } from './patient.ts';
import { identifierAt, placeOf } from './places.ts';
import type { MessageTimes } from './times.ts';

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
  const [, ...others] = message.all(segment);
  return others.map((one) => new Hl7Message(message.reading, [one], []));
}

/** Clocks of one hospital differ by minutes; one of them in another zone, or in the other half of the year, by two hours at most. */
const CLOCK_ERROR_MILLIS = 2 * 3_600_000;

/** When the patient was admitted, as far as the message says it. */
export interface AdmissionTimes {
  readonly encounter: EncounterStatement;
  /** EVN-6. */
  readonly occurred: StatedTime | undefined;
}

/**
 * An admission is said when it has happened, and a planned one by A05 or A14, or as class `P`. One of a later time than any
 * error of a clock explains has no time that can be believed: counted from it, the 24 hours of LUS 2:3 would end days late and
 * nobody would miss the notice. The time counts as unstated (SAL-3), and the admission as of when it was sent (DEC-28).
 */
export function withoutFutureAdmission(
  course: Course,
  { encounter, occurred }: AdmissionTimes,
  times: MessageTimes,
  { fields }: Agreement,
  findings: Findings,
): AdmissionTimes {
  if (!admits(course, encounter)) return { encounter, occurred };
  const isAhead = (time: StatedTime | null | undefined): boolean =>
    !!time && time.start > times.sentUntil + CLOCK_ERROR_MILLIS;
  const { start, ...withoutStart } = encounter;
  if (isAhead(start)) findings.unstated('admission-after-message', placeOf(fields.admittedAt));
  if (isAhead(occurred)) findings.unstated('admission-after-message', placeOf(fields.occurredAt));
  return {
    encounter: isAhead(start) ? withoutStart : encounter,
    occurred: isAhead(occurred) ? undefined : occurred,
  };
}

/** Whether a message says that somebody is an inpatient from now on. */
export const admits = (course: Course, encounter: EncounterStatement): boolean =>
  course === 'to-inpatient' || (course === 'admit' && encounter.class === 'IMP');
