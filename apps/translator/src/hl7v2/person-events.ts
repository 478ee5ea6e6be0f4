import { localDate, type Identity, type PatientStatement, type PersonEvent } from '#libs/domain';
import type { TriggerRule } from '#libs/county';
import { Hl7Message, type Segment } from '#libs/hl7v2';
import { revisionOf, type TranslatedEvent } from '../translation.ts';
import { readMergedIdentities } from './identities.ts';
import { readPatient } from './patient.ts';
import { placeOf, type Sources, valueAt } from './places.ts';
import type { MessageTimes } from './times.ts';

/** Each is an event of its own, and a message of a megabyte could name ten thousand. */
const MOST_GROUPS = 100;

/**
 * What a message says of persons beside any stay: A28 and A31 describe one, A18, A34 and A40 say of each of their patient
 * groups that what MRG names is who PID names (standards 3.2). A visit that is named besides says nothing here.
 * @returns undefined when some group says nobody: the message is rejected as a whole
 */
export function readPersonEvents(
  sources: Sources,
  course: 'describe-person' | 'merge-persons',
  times: MessageTimes,
): TranslatedEvent[] | undefined {
  const { message, findings, agreement } = sources;
  const groups = course === 'merge-persons' ? patientGroups(message) : [message];
  if (groups.length > MOST_GROUPS) {
    findings.reject('event-too-large', placeOf(agreement.fields.identities));
    return undefined;
  }
  const events = groups.map((group, ordinal) => readGroup({ ...sources, message: group }, course, times, ordinal));
  return findings.faults.length > 0 ? undefined : events.flatMap((event) => event ?? []);
}

function readGroup(
  { message, trigger, header, rule, agreement, arrival, ids, findings }: Sources,
  course: 'describe-person' | 'merge-persons',
  times: MessageTimes,
  ordinal: number,
): TranslatedEvent | undefined {
  const patient = readPatient(message, agreement, times, findings);
  const from =
    course === 'merge-persons' ? readMergedIdentities(message, agreement, localDate(times.sentAt), findings) : [];
  const given = from.filter((identity) => !patient.identities.some((one) => isSame(one, identity)));
  if (from.length > 0 && given.length === 0)
    findings.flag('merged-with-itself', placeOf(agreement.fields.mergedIdentities));
  const idOf = ({ system, value }: Identity): string => ids.patient(system, value);
  const [first, ...others] = new Set([...patient.identities, ...given].map(idOf));
  if (first === undefined) return undefined;
  const { inboundId, intakeAt, intakeStamp } = arrival;
  const event: PersonEvent = {
    ...{ eventId: ids.event(inboundId, ordinal), inboundId, ordinal, revision: revisionOf(agreement) },
    ...{ intakeAt, intakeStamp, trigger, sentAt: times.sentAt, saidBy: agreement.id },
    patientIds: [first, ...others],
    at: timeOf(message, rule, agreement.fields, times),
    says: says(patient, given),
    findings: findings.onEvent,
  };
  return { event, raw: { controlId: header.controlId } };
}

function says(patient: PatientStatement, from: readonly Identity[]): PersonEvent['says'] {
  return from.length > 0 ? { kind: 'merged', from, patient } : { kind: 'described', patient };
}

function isSame(one: Identity, other: Identity): boolean {
  return one.system === other.system && one.value === other.value;
}

/** Of the fields that its trigger's row names, those of a visit say nothing of a person. */
function timeOf(
  message: Hl7Message,
  rule: TriggerRule,
  fields: Sources['agreement']['fields'],
  times: MessageTimes,
): number {
  for (const name of rule.time) {
    if (name !== 'occurredAt' && name !== 'recordedAt') continue;
    const time = times.read(valueAt(message, fields[name]), placeOf(fields[name]));
    if (time) return time.start;
  }
  return times.sentAt;
}

/** A merge of several persons repeats PID, PD1, MRG and PV1 (ADT_A39): one message each, with the segments before them all. */
function patientGroups(message: Hl7Message): Hl7Message[] {
  const first = message.segments.findIndex(({ name }) => name === 'PID');
  if (first < 0) return [message];
  const head = message.segments.slice(0, first);
  const groups: Segment[][] = [];
  for (const segment of message.segments.slice(first)) {
    if (segment.name === 'PID') groups.push([]);
    groups.at(-1)?.push(segment);
  }
  return groups.map((group) => new Hl7Message(message.reading, [...head, ...group], []));
}
