import type { Bundle, Communication, FhirResource, MessageHeader } from 'fhir/r4.js';
import {
  GROUNDS,
  NEED_SCOPES,
  NOTICE_KINDS,
  UNIT_ROLES,
  type CallChannel,
  type OperatorEvent,
  type OperatorStatement,
} from '#libs/domain';
import { EXTENSION, PROFILE, SYSTEM } from '../addresses.ts';
import {
  bundleIn,
  entryOf,
  idIn,
  missing,
  reading,
  recipientOf,
  reference,
  required,
  type Unreadable,
} from '../resource.ts';
import { readInstant, writeInstant } from '../times-and-texts.ts';
import { originExtension, readOriginParts } from './party-event-bundle.ts';

/** The record of a call that was made beside the hub (TEK-02). */
export type RecordedCall = OperatorEvent & { readonly says: Extract<OperatorStatement, { kind: 'call-recorded' }> };

/** What is decided of who is told: a release, another directory, or that an earlier decision never was. */
type Decision = OperatorEvent & { readonly says: Exclude<OperatorStatement, { kind: 'call-recorded' }> };

const MEDIUM: Readonly<Record<CallChannel, string>> = { telephone: 'PHONE', fax: 'FAXWRIT', paper: 'MAILWRIT' };
const CHANNELS: ReadonlyMap<string | undefined, CallChannel> = new Map(
  Object.entries(MEDIUM).map(([channel, code]) => [code, channel as CallChannel]),
);

function headerOf(event: OperatorEvent, code: string): MessageHeader {
  const { eventId, operator } = event;
  return {
    resourceType: 'MessageHeader',
    id: eventId,
    extension: [originExtension(event, event.intakeAt, operator)],
    eventCoding: { system: SYSTEM.notice, code },
    source: { endpoint: `urn:bryggan:caller:${encodeURIComponent(operator)}` },
    focus: [reference('Communication', eventId)],
  };
}

/**
 * The record of topic `events` for a call: a message whose focus is the Communication that was made, by its own medium. What
 * was said in it is nowhere: that a party was told, when and how, is what counts.
 */
export function writeRecordedCall(event: RecordedCall): Bundle {
  const { says, eventId, operator } = event;
  const code = says.notice ?? 'CALL';
  const communication: Communication = {
    resourceType: 'Communication',
    id: eventId,
    status: 'completed',
    category: [{ coding: [{ system: SYSTEM.notice, code }] }],
    ...(says.channel && { medium: [{ coding: [{ system: SYSTEM.medium, code: MEDIUM[says.channel] }] }] }),
    encounter: reference('Encounter', event.stayId),
    sent: writeInstant(says.at),
    recipient: [reference('Organization', says.recipient)],
    sender: { display: operator },
    note: [{ text: event.reason }],
  };
  return {
    resourceType: 'Bundle',
    id: eventId,
    meta: { profile: [PROFILE.recordedCallMessage] },
    type: 'message',
    timestamp: writeInstant(event.intakeAt),
    entry: [
      entryOf(headerOf(event, code)),
      entryOf(communication),
      entryOf({ resourceType: 'Organization', id: says.recipient, name: says.recipient }),
    ],
  };
}

/** The record of topic `events` for what the operator says: a call, or a decision on who is told. */
export function writeOperatorEvent(event: OperatorEvent): Bundle {
  const { says } = event;
  return says.kind === 'call-recorded' ? writeRecordedCall({ ...event, says }) : writeDecision({ ...event, says });
}

const DECISION_CODES = { released: 'RELEASE', undone: 'UNDO', 'directory-changed': 'DIRECTORY' } as const;

function writeDecision(event: Decision): Bundle {
  const { says, eventId, operator } = event;
  const code = DECISION_CODES[says.kind];
  const communication: Communication = {
    resourceType: 'Communication',
    id: eventId,
    status: 'completed',
    category: [{ coding: [{ system: SYSTEM.notice, code }] }],
    encounter: reference('Encounter', event.stayId),
    sent: writeInstant(event.intakeAt),
    sender: { display: operator },
    note: [{ text: event.reason }],
    ...detailsOf(says),
  };
  return {
    resourceType: 'Bundle',
    id: eventId,
    type: 'message',
    timestamp: writeInstant(event.intakeAt),
    entry: [entryOf(headerOf(event, code)), entryOf(communication)],
  };
}

function detailsOf(says: Decision['says']): Partial<Communication> {
  switch (says.kind) {
    case 'undone':
      return { inResponseTo: [reference('Communication', says.eventId)] };
    case 'directory-changed':
      return {
        extension: [
          { url: EXTENSION.directoryVersion, valueString: says.version },
          { url: EXTENSION.directoryFrom, valueInstant: writeInstant(says.at) },
        ],
      };
    case 'released':
      return {
        recipient: [reference('Organization', says.recipient)],
        extension: [
          { url: EXTENSION.disclosureBasis, valueCoding: { system: SYSTEM.ground, code: says.ground } },
          ...says.scopes.map((scope) => ({
            url: EXTENSION.scope,
            valueCoding: { system: SYSTEM.scope, code: scope },
          })),
          ...(says.role ? [{ url: EXTENSION.waitingRole, valueCode: says.role }] : []),
        ],
      };
  }
}

/** What the operator says in a record of `events`, or where it is unreadable. Never throws, whatever the value is. */
export function readOperatorEvent(value: unknown): OperatorEvent | Unreadable {
  return reading('operator event', () => {
    const bundle = bundleIn(value);
    const resources: (FhirResource | undefined)[] = (bundle.entry ?? []).map(({ resource }) => resource);
    const header = resources.find((one) => one?.resourceType === 'MessageHeader') ?? missing('MessageHeader');
    const communication = resources.find((one) => one?.resourceType === 'Communication') ?? missing('Communication');
    const code = communication.category?.[0]?.coding?.[0]?.code;
    const readDecision = READERS.get(code);
    if (!readDecision) return callOf(bundle, header, communication);
    return { ...originOf(bundle, header, communication), says: readDecision(communication) };
  });
}

const READERS: ReadonlyMap<string | undefined, (communication: Communication) => OperatorStatement> = new Map([
  [DECISION_CODES.released, releasedIn],
  [DECISION_CODES.undone, undoneIn],
  [DECISION_CODES['directory-changed'], directoryChangedIn],
]);

function directoryChangedIn({ extension = [] }: Communication): OperatorStatement {
  const version = extension.find(({ url }) => url === EXTENSION.directoryVersion)?.valueString;
  const at = extension.find(({ url }) => url === EXTENSION.directoryFrom)?.valueInstant;
  return {
    kind: 'directory-changed',
    version: required(version, 'Communication.directory-version'),
    at: readInstant(at, 'Communication.directory-from'),
  };
}

function undoneIn({ inResponseTo }: Communication): OperatorStatement {
  return { kind: 'undone', eventId: required(idIn('Communication', inResponseTo?.[0]), 'Communication.inResponseTo') };
}

function releasedIn(communication: Communication): OperatorStatement {
  const { extension = [] } = communication;
  const ground = extension.find(({ url }) => url === EXTENSION.disclosureBasis)?.valueCoding?.code;
  const role = extension.find(({ url }) => url === EXTENSION.waitingRole)?.valueCode;
  const scopes = extension.flatMap(({ url, valueCoding }) =>
    url === EXTENSION.scope ? (valueCoding?.code ?? []) : [],
  );
  return {
    kind: 'released',
    recipient: required(recipientOf(communication), 'Communication.recipient'),
    scopes: NEED_SCOPES.filter((scope) => scopes.includes(scope)),
    ground: GROUNDS.find((one) => one === ground) ?? missing('Communication.disclosure-basis'),
    ...(role !== undefined && {
      role: UNIT_ROLES.find((one) => one === role) ?? missing('Communication.waiting-role'),
    }),
  };
}

function callOf(bundle: Bundle, header: MessageHeader, communication: Communication): RecordedCall {
  const code = communication.category?.[0]?.coding?.[0]?.code;
  const notice = NOTICE_KINDS.find((kind) => kind === code);
  const medium = communication.medium?.[0]?.coding?.[0]?.code;
  const channel = medium === undefined ? undefined : (CHANNELS.get(medium) ?? missing('Communication.medium'));
  return {
    ...originOf(bundle, header, communication),
    says: {
      kind: 'call-recorded',
      recipient: required(recipientOf(communication), 'Communication.recipient'),
      at: readInstant(communication.sent, 'Communication.sent'),
      ...(notice && { notice }),
      ...(channel && { channel }),
    },
  };
}

function originOf(bundle: Bundle, header: MessageHeader, communication: Communication): Omit<OperatorEvent, 'says'> {
  return {
    eventId: required(bundle.id, 'Bundle.id'),
    ...readOriginParts(header.extension?.find(({ url }) => url === EXTENSION.eventOrigin)),
    stayId: required(idIn('Encounter', communication.encounter), 'Communication.encounter'),
    operator: required(communication.sender?.display, 'Communication.sender'),
    reason: required(communication.note?.[0]?.text, 'Communication.note'),
  };
}
