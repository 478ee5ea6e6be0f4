import { randomBytes } from 'node:crypto';
import {
  dischargeOf,
  historyOf,
  localDate,
  withheldReason,
  type Course,
  type History,
  type Instant,
  type Parameters,
  type PersonCourse,
  type PersonEvent,
  type StayEvent,
} from '#libs/domain';
import { isAcknowledgement, messageTypeOf, readHeader, splitBatch } from '#libs/hl7v2';
import {
  endpointIn,
  isAcknowledgementMessage,
  MESSAGE_LIMITS,
  readIncoming,
  senderFault,
  type MessageSender,
} from '#libs/fhir';
import { headerFaults, unitsOf, type Agreement, type County } from '#libs/county';
import {
  ERRORS,
  fault,
  IdMaker,
  isFault,
  readStrictJson,
  type AckCode,
  type Fault,
  type FaultName,
} from '#libs/platform';
import { problemOf, type Problem } from '../findings.ts';
import { READERS } from '../translate-record.ts';
import { eventValue, isTooLarge } from '../records.ts';
import { tooLarge, type Translation } from '../translation.ts';
import { lacksOf, placesOf, type Lack, type Places } from './lacks.ts';

/** What a check asks. There is no store, no topic and no register in it: it cannot know a stay or a person. */
export interface CheckParts {
  readonly county: Pick<County, 'agreement' | 'agreementOf' | 'directory' | 'nameOf'>;
  readonly parameters: (date: string) => Parameters;
  readonly now: () => Instant;
}

/** A message to be checked. */
export interface Checkable {
  readonly bytes: Buffer;
  /** What the bytes are: a kind of `READERS`. */
  readonly kind: string;
  /** By whose agreement it is read; of HL7 v2 MSH-4 says it where this is left out. */
  readonly sender?: string | undefined;
  /** The sender itself asks: a message that says another in MSH-4 is none of its own. */
  readonly isOwn?: boolean;
}

/** A notice that the message alone would lead to, or hold back. */
export interface WouldTell {
  readonly kind: string;
  readonly recipient: string;
  readonly name: string;
  /** Of a notice that is told: its ground, and why this party. */
  readonly ground?: string;
  readonly why: readonly string[];
}

/** What one event of a message says, and leads to. */
export interface Becomes {
  readonly trigger: string;
  readonly course: Course | PersonCourse;
  readonly told: readonly WouldTell[];
  readonly withheld: readonly WouldTell[];
  /** Tasks for people: theirs, by code (contract 4), and what to do. */
  readonly tasks: readonly { readonly code: string; readonly owner: string; readonly text: string }[];
  readonly lacks: readonly Lack[];
  /** The message says when the patient was admitted: without that, what came before it decides who is told. */
  readonly admission: boolean;
}

/** The answer to a check. Nothing of the person stands in it. */
export interface Checked {
  readonly kind: string;
  readonly sender?: string;
  readonly controlId?: string;
  readonly trigger?: string;
  /** How the hub would answer; what is itself an answer gets none. */
  readonly answer: AckCode | 'none';
  readonly taken: boolean;
  /** Why it would not be taken. */
  readonly faults: readonly Problem[];
  /** What is wrong with it though it would be taken. */
  readonly findings: readonly Problem[];
  readonly becomes: readonly Becomes[];
  /** Of a batch (FHS, BHS) each message, which is taken and answered as if it had come alone. */
  readonly messages?: readonly Checked[];
}

/** A secret of this process alone: the ids that a reading makes here are nobody's stay, and lead to none. */
const IDS = new IdMaker(randomBytes(32));

/**
 * Reads a message as the translator would, and decides on it as the router would if it were the first that is known of the
 * stay (contract 3): what it becomes, who would be told on which ground, what is missing and where it is to be filled in.
 */
export function checkMessage(asked: Checkable, parts: CheckParts): Checked {
  const { bytes, kind, sender, isOwn = false } = asked;
  const header = kind === 'hl7v2' ? readHeader(bytes) : undefined;
  if (header?.ok === false && header.fault.code === 'batch') return checkBatch(asked, parts);
  const named = header?.ok ? parts.county.agreementOf(header.value, localDate(parts.now()))?.id : undefined;
  const bundle = kind === 'fhir-message' ? bundleIn(bytes) : undefined;
  const said = header?.ok ? header.value.sendingFacility : bundle && senderOf(bundle.value);
  // What HL7 v2 says of its sender is looked up as the door does: the id of an agreement is no name that it knows.
  const from = sender ?? named ?? (bundle && said);
  const shown = from ?? said;
  const known = {
    kind,
    ...(shown !== undefined && shown !== '' && { sender: shown }),
    ...(header?.ok && { controlId: header.value.controlId, trigger: header.value.triggerEvent }),
  };
  if (kind === 'hl7v2' && isAcknowledgement(bytes, header?.ok ? header.value : undefined)) {
    return { ...known, answer: 'none', taken: false, faults: [], findings: [], becomes: [] };
  }
  // Of another's message a sender is told what a stranger is.
  const stranger = isOwn && header?.ok === true && named !== sender;
  const translation = stranger ? refused('unknown-sender', 'MSH-4') : translated(bytes, kind, from ?? '', parts);
  const agreement = from === undefined ? undefined : parts.county.agreement(from, localDate(parts.now()));
  const atTheDoor =
    header?.ok && agreement
      ? headerFaults(header.value, messageTypeOf(header.value, bytes), agreement)
      : bundle
        ? messageFaults(bundle.value, from ?? '', agreement, parts)
        : [];
  if (translation.kind === 'rejection' || atTheDoor.length > 0) {
    const isKept = header?.ok === true && agreement !== undefined && !stranger && atTheDoor.length === 0;
    const read = translation.kind === 'rejection' ? translation.faults : [];
    const faults = [...atTheDoor, ...read.filter((one) => !atTheDoor.some((door) => isSame(door, one)))];
    return {
      ...known,
      // Of HL7 v2 the hub reads only the header before it answers; what comes by HTTP is read whole, and nothing of it is kept.
      answer: isKept ? 'AA' : 'AR',
      taken: false,
      faults: faults.map(problemOf),
      findings: [],
      becomes: [],
    };
  }
  // What a party answers, and a call made beside the hub, tells nobody anything of a stay.
  const events = translation.kind === 'events' ? translation.events.map(({ event }) => event) : [];
  return {
    ...known,
    answer: 'AA',
    taken: true,
    faults: [],
    findings: events.flatMap(({ findings }) => findings.map(findingOf)),
    becomes: events.map((event) =>
      'stayId' in event ? becomes(event, placesOf(kind, agreement), parts) : ofPerson(event),
    ),
  };
}

/** A batch that can be taken apart is no message of its own: nothing but its messages is taken or refused. */
function checkBatch(asked: Checkable, parts: CheckParts): Checked {
  const said = { kind: asked.kind, findings: [], becomes: [] };
  const batch = splitBatch(asked.bytes);
  if (!batch.ok) {
    const faults = [problemOf(fault('batch-not-taken', batch.fault.place))];
    return { ...said, answer: 'AR', taken: false, faults };
  }
  const messages = batch.value.messages.map((bytes) => checkMessage({ ...asked, bytes }, parts));
  const [answer = 'none'] = WORST_FIRST.filter((code) => messages.some((one) => one.answer === code));
  return { ...said, answer, taken: messages.every(({ taken }) => taken), faults: [], messages };
}

const WORST_FIRST: readonly Checked['answer'][] = ['AR', 'AE', 'AA'];

/** A FHIR message as JSON; undefined when it is none, which its reader tells. */
function bundleIn(bytes: Buffer): { readonly value: unknown } | undefined {
  const json = readStrictJson(bytes, MESSAGE_LIMITS);
  return isFault(json) ? undefined : json;
}

/** Whom a FHIR message names as its sender: an agreement's id or a party's. */
function senderOf(bundle: unknown): string | undefined {
  return /^urn:bryggan:(?:sender|party):(.+)$/.exec(endpointIn(bundle) ?? '')?.[1];
}

/** What the front door has against a FHIR message that its content says nothing of: who sends it, and that it is an answer. */
function messageFaults(
  bundle: unknown,
  from: string,
  agreement: Agreement | undefined,
  { county, now }: CheckParts,
): readonly Fault[] {
  const reading = readIncoming(bundle);
  const header = reading.ok ? reading.message.header : reading.header;
  if (header === undefined) return [];
  if (isAcknowledgementMessage(header)) return [fault('fhir-event-unknown', 'Bundle.entry[0].resource.eventCoding')];
  const isParty = county.directory.party(from, localDate(now())) !== undefined;
  const sender: MessageSender | undefined = agreement
    ? { from: 'ward', id: from, units: unitsOf(agreement) }
    : isParty
      ? { from: 'party', id: from, units: [from] }
      : undefined;
  const unlawful = sender && senderFault(header, sender);
  return unlawful ? [fault(unlawful.rule, unlawful.place)] : [];
}

function translated(bytes: Buffer, kind: string, sender: string, parts: CheckParts): Translation {
  const reader = READERS.get(kind);
  if (reader === undefined) return refused('undecodable-record');
  const intakeAt = parts.now();
  const arrival = { inboundId: IDS.inbound(sender, bytes), sender, bytes, intakeAt, intakeStamp: intakeAt * 1000 };
  try {
    const translation = reader(arrival, { county: parts.county, ids: IDS });
    const isOver = translation.kind === 'events' && translation.events.some((one) => isTooLarge(eventValue(one)));
    return isOver ? tooLarge(translation) : translation;
  } catch {
    // As in the service: a bug of ours is told as one, and nothing of the message with it.
    return refused('translation-bug');
  }
}

const refused = (name: FaultName, place?: string): Translation => ({ kind: 'rejection', faults: [fault(name, place)] });

const isSame = (a: Fault, b: Fault) => a.name === b.name && a.place === b.place;

function findingOf({ code: name, place, grade }: StayEvent['findings'][number]): Problem {
  const entry = (ERRORS as Readonly<Record<string, (typeof ERRORS)[FaultName] | undefined>>)[name] ?? ERRORS.internal;
  return { code: entry.code, place, text: entry.text, remedy: entry.remedy, grade };
}

/** What is said of a person tells nobody anything by itself: the person's stays do. */
function ofPerson({ trigger, says }: PersonEvent): Becomes {
  const course = says.kind === 'merged' ? 'merge-persons' : 'describe-person';
  return { trigger, course, told: [], withheld: [], tasks: [], lacks: [], admission: false };
}

function becomes(event: StayEvent, places: Places, parts: CheckParts): Becomes {
  const { county, parameters } = parts;
  const date = localDate(event.intakeAt);
  const nameOf = (id: string): string => county.nameOf(id, date) ?? id;
  const history = historyOf({
    ...{ events: [event], directory: county.directory, parameters },
    judge: ({ sentAt }) => sentAt,
  });
  return {
    ...{ trigger: event.trigger, course: event.course },
    told: toldBy(history, nameOf),
    withheld: history.withheld.map((withheld) => ({
      ...{ kind: withheld.kind, recipient: withheld.recipient, name: nameOf(withheld.recipient) },
      why: [withheldReason(withheld)],
    })),
    // What nobody can know yet (a patient who does not arrive) is no task of this message.
    tasks: history.duties.flatMap(({ code, owner, text, from }) => (from === undefined ? [{ code, owner, text }] : [])),
    lacks: lacksOf(history, places, parameters(date)),
    admission: history.stay.admittedAt !== undefined || dischargeOf(history.stay) !== undefined,
  };
}

function toldBy({ acts }: History, nameOf: (id: string) => string): WouldTell[] {
  return acts
    .filter(({ ended }) => ended === undefined)
    .map(({ kind, recipient, ground, trace }) => ({
      ...{ kind, recipient, name: nameOf(recipient), ground },
      why: trace.map(({ text }) => text),
    }));
}
