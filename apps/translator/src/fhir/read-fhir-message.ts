import { termsOf, type Agreement } from '#libs/county';
import { instantInOrder, localDate, type Course, type Fact, type StayEvent } from '#libs/domain';
import { MESSAGE_LIMITS, readIncoming, type IncomingHeader, type IncomingMessage, type WardWords } from '#libs/fhir';
import {
  faultsInMessage,
  fhirEventId,
  readWordInMessage,
  saysAWord,
  wordFaults,
  type WordInMessage,
  type WordMessage,
} from '#libs/forms';
import { fault, isFault, readStrictJson } from '#libs/platform';
import { Findings } from '../findings.ts';
import { rejectedFor, revisionOf, type Arrival, type Translation, type TranslatorParts } from '../translation.ts';
import { translateReply, wordEvents } from '../replies/read-reply.ts';

/**
 * A FHIR message becomes the same event as an HL7 v2 message that says the same: what stands in the order of time where, and
 * which course has which effect, is one for all ways in. The ingress has read it before by the same functions, and refused what
 * cannot be taken; what comes here all the same (an agreement that has ended, a message that an older version took) is told on
 * `rejected`.
 */
export function readFhirMessage(arrival: Arrival, parts: TranslatorParts): Translation {
  const json = readStrictJson(arrival.bytes, MESSAGE_LIMITS);
  if (isFault(json)) return { kind: 'rejection', faults: [json] };
  const reading = readIncoming(json.value);
  if (!reading.ok) {
    const { header, faults } = reading;
    return {
      kind: 'rejection',
      faults: faults.map(({ rule, place }) => fault(rule, place)),
      ...(header && { trigger: header.code, controlId: header.messageId }),
    };
  }
  const { message } = reading;
  const { words } = message;
  if (saysAWord(message)) return saidOf(message, arrival, parts);
  return words.from === 'ward' ? wardEvent(message, words, arrival, parts) : rejectedFor('undecodable-record');
}

/** What is said beside facts: by a party it is read on as the JSON reply that says the same, by a ward as a word of its organisation. */
function saidOf(message: WordMessage, arrival: Arrival, parts: TranslatorParts): Translation {
  const { header } = message;
  const { sender } = arrival;
  const named = { trigger: header.code, controlId: header.messageId };
  const read = readWordInMessage(message, sender, parts.ids);
  if (!read.ok) return { kind: 'rejection', faults: read.faults, ...named };
  const eventId = fhirEventId(parts.ids, sender, header.messageId);
  const word = read.value;
  const translation =
    word.from === 'party'
      ? translateReply({ ok: true, value: word.form }, arrival, parts, eventId)
      : planningEvents(word, eventId, arrival, parts);
  if (translation.kind !== 'rejection') return translation;
  return { kind: 'rejection', faults: faultsInMessage(translation.faults, word.stated), ...named };
}

function planningEvents(
  { form, visitId }: Extract<WordInMessage, { readonly from: 'ward-planning' }>,
  eventId: string,
  { inboundId, intakeAt, intakeStamp, sender }: Arrival,
  { county, ids }: TranslatorParts,
): Translation {
  const today = localDate(intakeAt);
  const agreement = county.agreement(sender, today);
  if (agreement === undefined) return rejectedFor('unknown-sender');
  const faults = wordFaults(form, [agreement.legalForm], (id) => county.directory.party(id, today) !== undefined);
  if (faults.length > 0) return { kind: 'rejection', faults };
  const origin = {
    ...{ eventId, inboundId, ordinal: 0, intakeAt, intakeStamp },
    revision: revisionOf(agreement),
    stayId: ids.stay(agreement.organisation, visitId),
    party: agreement.organisation,
  };
  return wordEvents(form, origin, ids);
}

function wardEvent(
  { header, findings: found }: IncomingMessage,
  words: WardWords,
  arrival: Arrival,
  { county, ids }: TranslatorParts,
): Translation {
  const { inboundId, intakeAt, intakeStamp, sender } = arrival;
  const agreement = county.agreement(sender, localDate(intakeAt));
  if (agreement === undefined) return rejectedFor('unknown-sender');
  const findings = new Findings();
  for (const { grade, rule, place } of found) findings.add(grade, rule, place);
  const { encounter, identities, occurred, visitId } = words;
  const [identity] = identities;
  if (encounter.ward && !agreement.wards.some(({ hsaId }) => hsaId === encounter.ward)) {
    findings.flag('unknown-ward', 'Bundle.entry.resource.ofType(Encounter).serviceProvider');
  }
  const event: StayEvent = {
    eventId: fhirEventId(ids, sender, header.messageId),
    inboundId,
    ordinal: 0,
    revision: revisionOf(agreement),
    stayId: ids.stay(agreement.organisation, visitId),
    patientId: ids.patient(identity.system, identity.value),
    sender: agreement.id,
    trigger: triggerOf(header, words.course),
    course: words.course,
    at: timeOf(words, header),
    sentAt: header.sentAt,
    ...(occurred && { occurredAt: occurred }),
    intakeAt,
    intakeStamp,
    terms: termsOf(agreement, encounter.ward ?? undefined),
    patient: { ...words.patient, identities },
    encounter,
    facts: withdrawn(words.facts, header, agreement),
    findings: findings.onEvent,
  };
  return { kind: 'events', events: [{ event, raw: { controlId: header.messageId, visitId } }] };
}

/** Where it stands in the order of time, as contract 5 says of EVN-6, PV1-44 and PV1-45: else when it was sent. */
function timeOf({ course, occurred, encounter }: WardWords, { sentAt }: IncomingHeader): number {
  const field = course === 'admit' ? encounter.start : course === 'discharge' ? encounter.end : undefined;
  return instantInOrder([occurred, field], { sentAt });
}

/**
 * A ward whose INS go out by themselves (`ins=auto`) has ordered none that it could take back: that its INS is withdrawn
 * means that there is no need.
 */
function withdrawn(facts: readonly Fact[], { code, sentAt }: IncomingHeader, { ins }: Agreement): readonly Fact[] {
  const saysNeed = facts.some((fact) => fact.code === 'NEED');
  if (code !== 'INS-WITHDRAWN' || ins !== 'auto' || saysNeed) return facts;
  return [{ code: 'NEED', scopes: [], values: ['NONE'], status: 'F', at: sentAt }, ...facts];
}

/** MedCom has one code for all its notifications; what they say has a trigger of HL7 v2 (contract 2). */
const V2_TRIGGERS: Readonly<Partial<Record<Course, string>>> = {
  admit: 'A01',
  register: 'A04',
  discharge: 'A03',
  'leave-start': 'A21',
  'leave-end': 'A22',
  'cancel-admission': 'A11',
  'cancel-discharge': 'A13',
};

const triggerOf = ({ code, dialect }: IncomingHeader, course: Course) =>
  dialect === 'medcom' ? (V2_TRIGGERS[course] ?? 'A08') : code;
