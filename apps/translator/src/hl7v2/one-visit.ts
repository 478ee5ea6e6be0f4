import {
  isFarAhead,
  statesInpatientStart,
  type Course,
  type EncounterStatement,
  type Identity,
  type StatedTime,
} from '#libs/domain';
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
