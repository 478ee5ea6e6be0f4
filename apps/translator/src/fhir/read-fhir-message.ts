import { termsOf, type Agreement } from '#libs/county';
import { localDate, type Course, type Fact, type StayEvent } from '#libs/domain';
import {
  readIncoming,
  type IncomingHeader,
  type IncomingMessage,
  type PartyWords,
  type PlanningWords,
  type StatedWord,
  type WardWords,
} from '#libs/fhir';
import { faultsInMessage, readStatedPlanning, readStatedReply, wordFaults } from '#libs/forms';
import { fault, isFault, readStrictJson } from '#libs/platform';
import { Findings } from '../findings.ts';
import { rejectedFor, revisionOf, type Arrival, type Translation, type TranslatorParts } from '../translation.ts';
import { translateReply } from '../replies/read-reply.ts';
import { wordEvents } from '../replies/word-events.ts';
import { checkedIdentities } from './identities.ts';

/**
 * A FHIR message becomes the same event as an HL7 v2 message that says the same: what stands in the order of time where, and
 * which course has which effect, is one for all ways in. The ingress has read it before, and refused what cannot be taken;
 * what comes here all the same (an agreement that has ended, a number that is none) is told on `rejected`.
 */
export function readFhirMessage(arrival: Arrival, parts: TranslatorParts): Translation {
  const json = readStrictJson(arrival.bytes, { depth: 32 });
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
  switch (message.words.from) {
    case 'ward':
      return wardEvent(message, message.words, arrival, parts);
    case 'ward-planning':
      return planningEvents(message, message.words, arrival, parts);
    case 'party':
      return partyEvents(message, message.words, arrival, parts);
  }
}

/** What a party says is read on as the JSON reply that says the same: the two are one from here on. */
function partyEvents({ header }: IncomingMessage, { answer }: PartyWords, arrival: Arrival, parts: TranslatorParts) {
  const said = linked(answer, header, arrival, parts);
  return translateReply(
    readStatedReply(said),
    arrival,
    parts,
    fhirEventId(parts.ids, arrival.sender, header.messageId),
  );
}

/** What a ward says for the planning: a word of its organisation. */
function planningEvents(
  { header }: IncomingMessage,
  { answer, visitId }: PlanningWords,
  arrival: Arrival,
  parts: TranslatorParts,
): Translation {
  const { county, ids } = parts;
  const { inboundId, intakeAt, intakeStamp, sender } = arrival;
  const today = localDate(intakeAt);
  const agreement = county.agreement(sender, today);
  if (agreement === undefined) return rejectedFor('unknown-sender');
  const said = linked(answer, header, arrival, parts);
  const read = readStatedPlanning(said);
  const knows = (id: string) => county.directory.party(id, today) !== undefined;
  const faults = read.ok ? faultsInMessage(wordFaults(read.value, [agreement.legalForm], knows), said) : read.faults;
  if (!read.ok || faults.length > 0) {
    return { kind: 'rejection', faults, trigger: header.code, controlId: header.messageId };
  }
  const origin = {
    ...{ eventId: fhirEventId(ids, sender, header.messageId), inboundId, ordinal: 0, intakeAt, intakeStamp },
    revision: revisionOf(agreement),
    stayId: ids.stay(agreement.organisation, visitId),
    party: agreement.organisation,
  };
  return wordEvents(read.value, origin, ids);
}

/** The word that a message corrects or takes back, by the id of the event that it became. */
function linked(
  answer: StatedWord,
  { link }: IncomingHeader,
  { sender }: Arrival,
  { ids }: TranslatorParts,
): StatedWord {
  if (link === undefined) return answer;
  const previous = fhirEventId(ids, sender, link.previous);
  return { ...answer, [link.role === 'removal' ? 'withdraws' : 'replaces']: previous };
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
  const identities = checkedIdentities(words.identities, localDate(header.sentAt), findings);
  const [identity] = identities;
  const { encounter, occurred, visitId } = words;
  if (encounter.ward && !agreement.wards.some(({ hsaId }) => hsaId === encounter.ward)) {
    findings.flag('unknown-ward', 'Bundle.entry.resource.ofType(Encounter).serviceProvider');
  }
  if (identity === undefined) {
    return { kind: 'rejection', faults: findings.faults, trigger: header.code, controlId: header.messageId };
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

/**
 * Id of the event that a message becomes: of its sender and its own id, which stands for one content for ever (the ingress's
 * register). So a later message that takes it back, and names it by that id, can be read by itself.
 */
export function fhirEventId(ids: TranslatorParts['ids'], sender: string, messageId: string): string {
  return ids.other('fhir-event', sender, messageId);
}

/** Where it stands in the order of time, as contract 5 says of EVN-6, PV1-44 and PV1-45: else when it was sent. */
function timeOf({ course, occurred, encounter }: WardWords, { sentAt }: IncomingHeader): number {
  const field = course === 'admit' ? encounter.start : course === 'discharge' ? encounter.end : undefined;
  return occurred?.start ?? field?.start ?? sentAt;
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
