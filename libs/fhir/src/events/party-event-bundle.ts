import type { Bundle, Communication, Extension, FhirResource, MessageHeader } from 'fhir/r4.js';
import {
  ABSENCE_REASONS,
  ANSWER_CODES,
  answerCodeOf,
  DECLINED_BY,
  PLAN_ITEMS,
  PLAN_PARTICIPANTS,
  PLAN_STATES,
  RETURN_REASONS,
  SCOPES,
  UNCHANGED,
  type AnswerCode,
  type EventOrigin,
  type FixedContact,
  type HomeWord,
  type Instant,
  type PartyEvent,
  type PartyStatement,
  type StatedTime,
} from '#libs/domain';
import { EXTENSION, PROFILE, SYSTEM } from '../addresses.ts';
import { isGround } from '../codes.ts';
import { bundleIn, entryOf, idIn, missing, reading, reference, required, type Unreadable } from '../resource.ts';
import { readInstant, readTimeExtension, timeExtension, writeInstant } from '../times-and-texts.ts';

/*
 * A party event on topic `events`: a message Bundle whose focus is the Communication that the party says. The Communication
 * has the code of the answer, the stay, the notice that it answers (`inResponseTo`) and the party as its sender; what FHIR has
 * no element for stands in the extension `answer`, part by part. No person stands in it: the stay is enough.
 */

/** The record of topic `events` for what a party says. */
export function writePartyEventBundle(event: PartyEvent): Bundle {
  return {
    resourceType: 'Bundle',
    id: event.eventId,
    meta: { profile: [PROFILE.partyEventMessage] },
    type: 'message',
    timestamp: writeInstant(event.sentAt),
    entry: [
      entryOf(writeHeader(event)),
      entryOf(writeCommunication(event)),
      entryOf({ resourceType: 'Organization', id: event.party, name: event.party }),
    ],
  };
}

/** Where an event comes from, and when the hub took it in. @param at where it stands in the order of time */
export function originExtension(
  { inboundId, ordinal, revision, intakeAt, intakeStamp }: EventOrigin,
  at: Instant,
  sender: string,
): Extension {
  return {
    url: EXTENSION.eventOrigin,
    extension: [
      { url: 'inbound', valueString: inboundId },
      { url: 'ordinal', valueInteger: ordinal },
      { url: 'revision', valueInteger: revision },
      { url: 'intake', valueInstant: writeInstant(intakeAt) },
      // Too long for FHIR's integer.
      { url: 'stamp', valueDecimal: intakeStamp },
      { url: 'at', valueInstant: writeInstant(at) },
      { url: 'sender', valueString: sender },
    ],
  };
}

/** The inverse of {@link originExtension}, but for the id, which is the bundle's. */
export function readOriginParts(extension: Extension | undefined): Omit<EventOrigin, 'eventId'> {
  const ORIGIN = 'MessageHeader.event-origin';
  const parts = new Map(required(extension, ORIGIN).extension?.map((part) => [part.url, part]));
  return {
    inboundId: required(parts.get('inbound')?.valueString, ORIGIN),
    ordinal: required(parts.get('ordinal')?.valueInteger, ORIGIN),
    revision: required(parts.get('revision')?.valueInteger, ORIGIN),
    intakeAt: readInstant(parts.get('intake')?.valueInstant, `${ORIGIN}.intake`),
    intakeStamp: required(parts.get('stamp')?.valueDecimal, ORIGIN),
  };
}

function writeHeader(event: PartyEvent): MessageHeader {
  return {
    resourceType: 'MessageHeader',
    id: event.eventId,
    extension: [originExtension(event, event.sentAt, event.party)],
    eventCoding: { system: SYSTEM.notice, code: answerCodeOf(event.says) },
    sender: reference('Organization', event.party),
    source: { endpoint: `urn:bryggan:party:${event.party}` },
    focus: [reference('Communication', event.eventId)],
  };
}

function writeCommunication(event: PartyEvent): Communication {
  const { about, grounds = [], says } = event;
  const text = 'text' in says ? says.text : undefined;
  return {
    resourceType: 'Communication',
    id: event.eventId,
    extension: [
      answerExtension(event),
      ...grounds.map((code) => ({ url: EXTENSION.disclosureBasis, valueCoding: { system: SYSTEM.ground, code } })),
    ],
    ...(about === undefined ? {} : { inResponseTo: [reference('Communication', about)] }),
    status: says.kind === 'undone' ? 'entered-in-error' : 'completed',
    category: [{ coding: [{ system: SYSTEM.notice, code: answerCodeOf(says) }] }],
    encounter: reference('Encounter', event.stayId),
    sent: writeInstant(event.sentAt),
    sender: reference('Organization', event.party),
    ...(text === undefined ? {} : { payload: [{ contentString: text }] }),
  };
}

/** What an answer says and FHIR has no element for. */
export function answerExtension({ says, answeredBy }: Pick<PartyEvent, 'says' | 'answeredBy'>): Extension {
  const parts = [{ url: 'kind', valueCode: says.kind }, ...partsOf(says), ...string('answeredBy', answeredBy)];
  return { url: EXTENSION.answer, extension: parts };
}

function partsOf(says: PartyStatement): Extension[] {
  switch (says.kind) {
    case 'acknowledged':
    case 'planning-begun':
    case 'informed':
      return [];
    case 'returned':
      return [...code('reason', says.reason), ...string('proposal', says.proposal)];
    case 'obstacle':
      return code('exists', says.exists);
    case 'found':
      return code('where', says.where);
    case 'contact-appointed':
      return [...yes('confirmed', says.confirmed), ...contactParts(says.contact)];
    case 'sip-called':
      return [...says.invited.flatMap((party) => string('invited', party)), ...time(says.at)];
    case 'sip-proposed':
      return time(says.at);
    case 'sip-replied':
      return [...string('thread', says.proposal), ...yes('accepted', says.accepted), ...time(says.at)];
    case 'sip-declined':
      return code('by', says.by);
    case 'sip-planned':
      return [
        ...code('state', says.state),
        ...says.items.flatMap((item) => code('item', item)),
        ...yes('consent', says.consent),
        ...says.tookPart.flatMap((one) => code('participant', one)),
        ...code('absence', says.absence),
      ];
    case 'care-planned':
      return [...code('state', says.state), ...says.units.flatMap((party) => string('invited', party))];
    case 'care-plan-adjusted':
      return [...string('thread', says.plan), ...string('invited', says.unit)];
    case 'opposed':
      return says.scopes.flatMap((scope) => code('scope', scope));
    case 'case-owned':
      return [...string('owner', says.owner), ...string('desk', says.desk)];
    case 'recipient-added':
      return [...string('added', says.recipient), ...homeParts(says.home)];
    case 'asked':
    case 'answered':
      return string('thread', says.thread);
    case 'undone':
      return string('undone', says.eventId);
  }
}

const code = (url: string, value: string | undefined): Extension[] =>
  value === undefined ? [] : [{ url, valueCode: value }];
const string = (url: string, value: string | undefined): Extension[] =>
  value === undefined ? [] : [{ url, valueString: value }];
const yes = (url: string, value: boolean): Extension[] => [{ url, valueBoolean: value }];
const time = (at: StatedTime | undefined): Extension[] => (at === undefined ? [] : [timeExtension('time', at)]);

const homeParts = (home: HomeWord | undefined): Extension[] => [
  ...(home?.awayFrom ? [timeExtension('awayFrom', home.awayFrom)] : []),
  ...(home?.homeFrom ? [timeExtension('homeFrom', home.homeFrom)] : []),
  ...code('unchanged', home?.unchanged),
  ...string('call', home?.call),
];

const CONTACT_PARTS = ['name', 'role', 'unit', 'telephone'] as const;
const contactParts = (contact: FixedContact | undefined): Extension[] =>
  CONTACT_PARTS.flatMap((part) => string(part, contact?.[part]));

/** The party event that a record of `events` states, or where it is unreadable. Never throws, whatever the value is. */
export function readPartyEventBundle(value: unknown): PartyEvent | Unreadable {
  return reading('party event', () => {
    const bundle = bundleIn(value);
    const resources = (bundle.entry ?? []).map(({ resource }) => resource);
    const header = required(resources.find(isHeader), 'MessageHeader');
    const communication = required(resources.find(isCommunication), 'Communication');
    return partyEventOf(bundle, header, communication);
  });
}

const isHeader = (resource: FhirResource | undefined): resource is MessageHeader =>
  resource?.resourceType === 'MessageHeader';
const isCommunication = (resource: FhirResource | undefined): resource is Communication =>
  resource?.resourceType === 'Communication';

/** The parts of a complex extension by name; the last of a name wins. */
const partsIn = (extensions: readonly Extension[] | undefined, url: string, place: string) =>
  new Map(
    required(
      extensions?.find((one) => one.url === url),
      place,
    ).extension?.map((part) => [part.url, part]),
  );

function partyEventOf(bundle: Bundle, header: MessageHeader, communication: Communication): PartyEvent {
  const answer = answerPartsOf(communication);
  const about = communication.inResponseTo?.[0];
  const answeredBy = answer.get('answeredBy')?.valueString;
  const grounds = (communication.extension ?? []).flatMap(({ url, valueCoding }) =>
    url !== EXTENSION.disclosureBasis
      ? []
      : isGround(valueCoding?.code)
        ? [valueCoding.code]
        : missing('Communication.disclosure-basis'),
  );
  return {
    eventId: required(bundle.id, 'Bundle.id'),
    ...readOriginParts(header.extension?.find(({ url }) => url === EXTENSION.eventOrigin)),
    stayId: required(idIn('Encounter', communication.encounter), 'Communication.encounter'),
    party: required(idIn('Organization', communication.sender), 'Communication.sender'),
    ...(about === undefined ? {} : { about: required(idIn('Communication', about), 'Communication.inResponseTo') }),
    sentAt: readInstant(bundle.timestamp, 'Bundle.timestamp'),
    says: statementOf(answer, communication),
    ...(grounds.length === 0 ? {} : { grounds }),
    ...(answeredBy === undefined ? {} : { answeredBy }),
  };
}

const ANSWER = 'Communication.answer';

const answerPartsOf = ({ extension }: Communication) => partsIn(extension, EXTENSION.answer, ANSWER);

/** What a Communication that a party sent says; the reader stops when it is no answer. */
export function statementIn(communication: Communication): PartyStatement {
  return statementOf(answerPartsOf(communication), communication);
}

function oneOf<T extends string>(allowed: readonly T[], value: string | undefined): T {
  return allowed.find((known) => known === value) ?? missing(ANSWER);
}

function statementOf(answer: ReadonlyMap<string, Extension>, communication: Communication): PartyStatement {
  const stringOf = (part: string) => answer.get(part)?.valueString;
  const codeOf = (part: string) => answer.get(part)?.valueCode;
  const text = communication.payload?.[0]?.contentString;
  const kind = codeOf('kind') as PartyStatement['kind'] | undefined;
  switch (kind) {
    case 'acknowledged':
    case 'planning-begun':
      return { kind };
    case 'informed':
      return { kind, text: required(text, 'Communication.payload') };
    case 'returned': {
      const [reason, proposal] = [codeOf('reason'), stringOf('proposal')];
      return {
        kind,
        ...(reason === undefined ? {} : { reason: oneOf(RETURN_REASONS, reason) }),
        ...(proposal === undefined ? {} : { proposal }),
      };
    }
    case 'obstacle':
      return { kind, exists: oneOf(['yes', 'no', 'unknown'], codeOf('exists')) };
    case 'found':
      return { kind, where: oneOf(['admitted', 'home'], codeOf('where')) };
    case 'contact-appointed': {
      const confirmed = required(answer.get('confirmed')?.valueBoolean, ANSWER);
      const contact = contactOf(stringOf);
      return { kind, confirmed, ...(contact === undefined ? {} : { contact }) };
    }
    case 'sip-called':
    case 'sip-proposed':
    case 'sip-replied':
    case 'sip-declined':
    case 'sip-planned':
    case 'care-planned':
    case 'care-plan-adjusted':
    case 'opposed':
      return planningStatementOf(kind, answer, communication);
    case 'case-owned': {
      const desk = stringOf('desk');
      return { kind, owner: required(stringOf('owner'), ANSWER), ...(desk === undefined ? {} : { desk }) };
    }
    case 'recipient-added':
      return {
        ...{ kind, recipient: required(stringOf('added'), ANSWER) },
        ...homeIn(answer),
        ...(text === undefined ? {} : { text }),
      };
    case 'asked':
    case 'answered':
      return { kind, thread: required(stringOf('thread'), ANSWER), ...(text === undefined ? {} : { text }) };
    case 'undone':
      return { kind, eventId: required(stringOf('undone'), ANSWER), code: categoryOf(communication) };
    case undefined:
      return missing(ANSWER);
  }
  // A kind that this build does not know.
  return missing(ANSWER);
}

type PlanningKind =
  | 'sip-called'
  | 'sip-proposed'
  | 'sip-replied'
  | 'sip-declined'
  | 'sip-planned'
  | 'care-planned'
  | 'care-plan-adjusted'
  | 'opposed';

function planningStatementOf(
  kind: PlanningKind,
  answer: ReadonlyMap<string, Extension>,
  { extension, payload }: Communication,
): PartyStatement {
  const parts = extension?.find(({ url }) => url === EXTENSION.answer)?.extension ?? [];
  const all = (name: string) => parts.filter(({ url }) => url === name);
  const parties = all('invited').map(({ valueString }) => valueString ?? missing(ANSWER));
  const codes = <T extends string>(name: string, allowed: readonly T[]) =>
    all(name).map(({ valueCode }) => oneOf(allowed, valueCode));
  const codeOf = <T extends string>(name: string, allowed: readonly T[]) => oneOf(allowed, answer.get(name)?.valueCode);
  const yesOf = (name: string) => required(answer.get(name)?.valueBoolean, ANSWER);
  const thread = () => required(answer.get('thread')?.valueString, ANSWER);
  const time = answer.get('time');
  const at = time && readTimeExtension(time, ANSWER);
  const text = payload?.[0]?.contentString;
  const more = { ...(at && { at }), ...(text !== undefined && { text }) };
  switch (kind) {
    case 'sip-called':
      return { kind, invited: parties, ...more };
    case 'sip-proposed':
      return { kind, ...more, at: required(at, ANSWER) };
    case 'sip-replied':
      return { kind, proposal: thread(), accepted: yesOf('accepted'), ...more };
    case 'sip-declined':
      return { kind, by: codeOf('by', DECLINED_BY), ...more };
    case 'sip-planned':
      return {
        ...{ kind, state: codeOf('state', PLAN_STATES), consent: yesOf('consent') },
        ...{ items: codes('item', PLAN_ITEMS), tookPart: codes('participant', PLAN_PARTICIPANTS) },
        ...(answer.has('absence') && { absence: codeOf('absence', ABSENCE_REASONS) }),
        ...more,
      };
    case 'care-planned':
      return { kind, state: codeOf('state', PLAN_STATES), units: parties, ...more };
    case 'care-plan-adjusted':
      return { kind, plan: thread(), ...(parties[0] !== undefined && { unit: parties[0] }) };
    case 'opposed':
      return { kind, scopes: codes('scope', SCOPES) };
  }
}

function homeIn(answer: ReadonlyMap<string, Extension>): { readonly home?: HomeWord } {
  const timeOf = (part: string) => {
    const found = answer.get(part);
    return found && readTimeExtension(found, ANSWER);
  };
  const [awayFrom, homeFrom, call] = [timeOf('awayFrom'), timeOf('homeFrom'), answer.get('call')?.valueString];
  const unchanged = answer.get('unchanged')?.valueCode;
  const home: HomeWord = {
    ...(awayFrom && { awayFrom }),
    ...(homeFrom && { homeFrom }),
    ...(unchanged !== undefined && { unchanged: oneOf(UNCHANGED, unchanged) }),
    ...(call !== undefined && { call }),
  };
  return Object.keys(home).length === 0 ? {} : { home };
}

function contactOf(stringOf: (part: string) => string | undefined): FixedContact | undefined {
  const name = stringOf('name');
  if (name === undefined) return undefined;
  const [role, unit, telephone] = [stringOf('role'), stringOf('unit'), stringOf('telephone')];
  return {
    name,
    ...(role === undefined ? {} : { role }),
    ...(unit === undefined ? {} : { unit }),
    ...(telephone === undefined ? {} : { telephone }),
  };
}

function categoryOf(communication: Communication): AnswerCode {
  return oneOf(ANSWER_CODES, communication.category?.[0]?.coding?.[0]?.code);
}
