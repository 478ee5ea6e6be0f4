import type { Bundle, FhirResource } from 'fhir/r4.js';
import {
  DEVIATIONS,
  NOTICE_KINDS,
  onlyGroundOf,
  rowOn,
  type Act,
  type DeviationCode,
  type Fact,
  type NoticeContent,
  type NoticeKind,
  type NoticePerson,
  type PartyEvent,
  type PersonEvent,
  type StayEvent,
} from '#libs/domain';
import {
  formOf,
  incomingProfile,
  IDENTIFIER_SYSTEM,
  isUnreadable,
  readNoticeBundle,
  receiptOf,
  writeDeviation,
  writeEventBundle,
  writeNoticeBundle,
  writeOutcome,
  writeAnswerBundle,
  writePartyEventBundle,
  writeRecordedCall,
  type AnswerInput,
  type RecordedCall,
  writeReceipt,
  writeSenderEvent,
  writeTask,
  type DeviationRecord,
  type NoticeInput,
} from '#libs/fhir';
import { ERRORS } from '#libs/platform';
import { exampleOf, wrongExample } from './incoming-examples.ts';
import { INCOMING_PROFILES } from './incoming-profiles.ts';

/** Official test numbers of the tax agency: these persons do not exist (SE-23). */
const PERSON: NoticePerson = {
  identity: { type: 'personnummer', system: IDENTIFIER_SYSTEM.personnummer, value: '191212121212' },
  name: { family: 'Tolvansson', given: ['Tolvan'] },
  address: {
    lines: ['Exempelgatan 1'],
    postalCode: '16474',
    city: 'Kista',
    municipality: '0180',
    district: '0180-jarva',
  },
};
const PROTECTED: NoticePerson = {
  identity: { type: 'personnummer', system: IDENTIFIER_SYSTEM.personnummer, value: '195009072553' },
  name: { family: 'Exempel', given: ['Skyddad'] },
  protection: 'sekretessmarkering',
};
const COORDINATION: NoticePerson = {
  identity: {
    ...{ type: 'samordningsnummer', system: IDENTIFIER_SYSTEM.samordningsnummer, value: '196109732393' },
    certainty: 'osaker',
  },
};

const LOCAL: NoticePerson = {
  identity: { type: 'other', system: 'urn:bryggan:assigner:KS', value: '4711' },
  name: { family: 'Okänd', given: [] },
};

/** A readable id instead of a random one: `id(0x11, 2)`. */
const id = (kind: number, n: number) =>
  `${kind.toString(16).padStart(8, '0')}-0000-8000-8000-${n.toString(16).padStart(12, '0')}`;
const STAY = id(0x51, 1);
const at = (day: number, hour: number, minute = 0) => Date.UTC(2026, 4, day, hour - 2, minute);
const HOUR = 3_600_000;

const day = (date: number) => ({
  iso: `2026-05-${date}`,
  precision: 'day' as const,
  start: at(date, 0),
  end: at(date + 1, 0),
});
const minute = (date: number, hour: number) => ({
  iso: `2026-05-${date}T${hour}:00+02:00`,
  precision: 'minute' as const,
  start: at(date, hour),
  end: at(date, hour, 1),
});

const fact = (code: Fact['code'], values: readonly string[], more: Partial<Fact> = {}): Fact => ({
  code,
  scopes: [],
  values,
  status: 'F',
  at: at(10, 14),
  ...more,
});

const EVENT: StayEvent = {
  eventId: id(0xe1, 1),
  inboundId: id(0x10, 1),
  ordinal: 0,
  revision: 1001,
  stayId: STAY,
  patientId: id(0xfa, 1),
  sender: 'KS',
  trigger: 'A01',
  course: 'admit',
  at: at(10, 14),
  sentAt: at(10, 15),
  occurredAt: minute(10, 14),
  intakeAt: at(10, 15) + 250,
  intakeStamp: (at(10, 15) + 250) * 1000 + 1,
  terms: {
    organisation: 'SE2321000016-1000',
    careProvider: 'Region Stockholm',
    legalForm: 'region-authority',
    ins: 'auto',
    impliedNeed: [],
    info: 'here',
    clock: 'trusted',
    connectedFrom: '2026-01-01',
  },
  patient: {
    identities: [{ ...PERSON.identity, from: '2026-01-01' }],
    ...(PERSON.name === undefined ? {} : { name: PERSON.name }),
    birthDate: '1912-12-12',
    ...(PERSON.address === undefined ? {} : { address: PERSON.address }),
    listedClinic: 'SE2321000016-2001',
  },
  encounter: {
    class: 'IMP',
    ward: 'SE2321000016-1001',
    start: minute(10, 14),
    expectedDischarge: day(12),
    admissionType: 'R',
  },
  facts: [
    fact('NEED', ['SOC', 'ROV']),
    fact('CONSENT', ['Y'], { scopes: ['SOC'], stated: '202605101400', judgedBy: 'SE2321000016-1X1' }),
    fact('INFO', ['Läkemedel ändrade, se listan.'], { scopes: ['ROV'] }),
    fact('CARETYPE', ['SOM']),
  ],
  findings: [{ grade: 'noted', code: 'bad-timestamp', place: 'PID-7' }],
};

const protectedEvent: StayEvent = {
  ...EVENT,
  eventId: id(0xe1, 2),
  trigger: 'A03',
  course: 'discharge',
  at: at(14, 11),
  patient: {
    identities: [PROTECTED.identity],
    deceased: false,
    address: null,
    protection: 'sekretessmarkering',
    protectionDeleted: true,
  },
  encounter: { class: 'IMP', start: null, end: minute(14, 11), leaving: 'transfer', receivingUnit: 'Geriatriken' },
  facts: [fact('READY', ['N'], { status: 'D' })],
  findings: [],
};

/** Protected in this visit alone (PV2-22), and a death that a form states. */
const protectedVisit: StayEvent = {
  ...EVENT,
  eventId: id(0xe1, 3),
  trigger: 'DECEASED',
  course: 'update',
  patient: { identities: [PERSON.identity], deceased: true, deceasedAt: day(14) },
  encounter: { protection: 'unknown' },
  facts: [],
  findings: [],
};

const contentOf = (kind: NoticeKind, person: NoticePerson): NoticeContent => ({
  person,
  careProvider: 'Region Stockholm',
  ...formOf(kind).example,
});

function notice(n: number, kind: NoticeKind, more: Partial<NoticeInput> = {}, person = PERSON): NoticeInput {
  const act: Act = {
    kind,
    recipient: '0180-jarva',
    slot: '',
    statedBy: id(0xe1, 1),
    at: at(10, 15),
    sent: at(10, 15),
    content: contentOf(kind, person),
    ground: onlyGroundOf(kind) ?? 'CONSENT',
    trace: [],
    key: kind,
  };
  return {
    deliveryId: id(0xde, n),
    actId: id(0xac, n),
    stayId: STAY,
    patientIdForParty: id(0xfb, 1),
    recipient: { id: '0180-jarva', name: 'Järva stadsdelsnämnd' },
    act,
    replyAddress: id(0xad, 1),
    timestamp: at(10, 15) + 500,
    version: n,
    ...more,
  };
}

const withdrawn = (...ofIds: string[]) => ({ withdrawal: { ofIds, sent: at(15, 8) } });
const CHAIN = [{ deliveryId: id(0xde, 1), recorded: at(10, 15) }] as const;

/** Each kind and its withdrawal. */
const KINDS = Object.fromEntries(
  NOTICE_KINDS.flatMap((kind, nth) => {
    const n = 20 + 2 * nth;
    const name = kind.toLowerCase();
    return [
      [name, notice(n, kind)],
      [`${name}-withdrawn`, notice(n + 1, kind, withdrawn(id(0xde, n)))],
    ];
  }),
);

const NOTICES: Readonly<Record<string, NoticeInput>> = {
  ...KINDS,
  'ins-protected': notice(2, 'INS', {}, PROTECTED),
  'ins-coordination-number': notice(3, 'INS', {}, COORDINATION),
  'ins-local-number': notice(6, 'INS', {}, LOCAL),
  'ins-second-version': notice(4, 'INS', { follows: { deliveryId: id(0xde, 1) }, chain: CHAIN }),
  'ins-second-version-withdrawn': notice(5, 'INS', { ...withdrawn(id(0xde, 4), id(0xde, 1)), chain: CHAIN }),
  'uts-withdrawn-protected': notice(7, 'UTS', {
    withdrawal: { ofIds: [id(0xde, 10)], sent: at(15, 8), protection: 'skyddadFolkbokforing' },
  }),
  'uts-withdrawn-protected-visit': notice(8, 'UTS', {
    withdrawal: { ofIds: [id(0xde, 10)], sent: at(15, 8), protection: 'unknown', ofVisitAlone: true },
  }),
};

function receipt(): FhirResource {
  const view = readNoticeBundle(writeNoticeBundle(notice(1, 'INS')));
  if (isUnreadable(view)) throw new Error(view.unreadable);
  return writeReceipt(receiptOf(view, at(10, 15) + 900));
}

/** Name and rule of a code from the row that was in force on a day (DEC-34). */
function rowOf(code: DeviationCode, date: string) {
  const definition = DEVIATIONS.find((one) => one.code === code);
  if (!definition) throw new Error(`no deviation ${code}`);
  return rowOn(definition, date);
}

const ROW = rowOf('UTS-01', '2026-05-14');
const DEVIATION: DeviationRecord = {
  id: id(0xdd, 1),
  stayId: STAY,
  deviation: {
    code: ROW.code,
    occasion: '1',
    party: 'SE2321000016-1000',
    severity: ROW.severity,
    due: at(15, 0),
    suspected: false,
    reason: 'ground-not-stated',
    rule: `${ROW.statute}; ${ROW.version}`,
    evidence: [id(0xe1, 2)],
    units: ['0180-jarva', 'SE2321000016-2001'],
  },
  name: ROW.name,
  status: 'final',
  identified: at(15, 0) + 60_000,
  version: 1,
};

/** A reserve number turns out to be of a person who has a personal number (A40). */
const MERGER: PersonEvent = {
  ...{ eventId: id(0xe1, 8), inboundId: id(0x10, 8), ordinal: 0, revision: 1, saidBy: 'KS', trigger: 'A40' },
  ...{ at: at(11, 8), sentAt: at(11, 8), intakeAt: at(11, 8) + 250, intakeStamp: (at(11, 8) + 250) * 1000 + 1 },
  patientIds: [id(0xa1, 1), id(0xa1, 2)],
  says: {
    kind: 'merged',
    from: [
      {
        type: 'reservnummer-stockholm',
        system: IDENTIFIER_SYSTEM['reservnummer-stockholm'],
        value: '991981000010',
      },
    ],
    patient: {
      identities: [{ type: 'personnummer', system: IDENTIFIER_SYSTEM.personnummer, value: '191212121212' }],
      name: { family: 'Tolvansson', given: ['Tolvan'] },
    },
  },
  findings: [],
};

const TASK = {
  id: id(0x7a, 1),
  stayId: STAY,
  duty: {
    code: 'ROUTE-BY-HAND',
    occasion: 'need',
    owner: 'operator',
    since: at(10, 15),
    statedBy: id(0xe1, 1),
    due: at(10, 15) + 24 * HOUR,
    text: 'Behov utan mottagare: välj mottagare för hand.',
    protection: 'skyddadFolkbokforing',
  },
  status: 'requested',
  authoredOn: at(10, 15),
  lastModified: at(10, 15),
  version: 1,
} as const;

const { code, issue, severity, text } = ERRORS['no-patient-identity'];
const OUTCOME = { code, issueCode: issue, severity, text, place: 'PID-3' };

/** The clinic of the region's open care appoints the fixed care contact (LUS 2:5). */
const PARTY_EVENT: PartyEvent = {
  ...{ eventId: id(0xe1, 9), inboundId: id(0x10, 9), ordinal: 0, revision: 1, stayId: STAY },
  party: 'SE2321000016-2001',
  about: id(0xd1, 1),
  sentAt: at(11, 9),
  intakeAt: at(11, 9) + 250,
  intakeStamp: (at(11, 9) + 250) * 1000 + 1,
  says: {
    kind: 'contact-appointed',
    confirmed: false,
    contact: {
      name: 'Test Testsson',
      role: 'Distriktssköterska',
      unit: 'Exempelmottagningen Solna',
      telephone: '08-0000000',
    },
  },
  grounds: ['SAME_REGION'],
  answeredBy: 'SE2321000016-2X1',
};

/** A fax to the board, made beside the hub (TEK-02). */
const CALL: RecordedCall = {
  ...{ eventId: id(0xe1, 8), inboundId: id(0x10, 8), ordinal: 0, revision: 1002, stayId: STAY },
  ...{ intakeAt: at(10, 16), intakeStamp: at(10, 16) * 1000 + 1, operator: 'sender:KS', reason: 'Systemet var nere' },
  says: { kind: 'call-recorded', recipient: '0180-jarva', at: at(10, 15, 30), notice: 'INS', channel: 'fax' },
};

const ANSWER: AnswerInput = {
  event: PARTY_EVENT,
  deliveryId: id(0xd1, 9),
  recipient: { id: 'SE2321000016-1000', name: 'Klarasjukhuset (exempel)' },
  party: { id: 'SE2321000016-2001', name: 'Exempelmottagningen Solna' },
  ground: 'SAME_REGION',
  visitId: 'V2026051001',
  timestamp: at(11, 9, 1),
};

/**
 * Of every kind of message that the hub takes, and every role that may say it, one that is right and one that is not. The
 * wrong ones are for those who test their own system: each lacks the very thing that it is for.
 */
export function incomingExampleFiles(): { path: string; resource: Bundle; isRight: boolean }[] {
  return INCOMING_PROFILES.flatMap(({ code, role }) => {
    const right = exampleOf(code, role);
    const meta = { profile: [incomingProfile(code, role, 'message')] };
    const name = `${role}-${code.toLowerCase()}.json`;
    return [
      { path: `examples/in/${name}`, resource: { ...right, meta }, isRight: true },
      { path: `examples/in-wrong/${name}`, resource: { ...wrongExample(code, right), meta }, isRight: false },
    ];
  });
}

/** One example of everything that the hub writes, by its path under `schemas/fhir`. */
export function exampleFiles(): { path: string; resource: FhirResource }[] {
  const all: [string, FhirResource][] = [
    ['event', writeEventBundle(EVENT, { controlId: 'KS-000001', visitId: 'V2026051001' })],
    ['event-protected', writeEventBundle(protectedEvent, { controlId: 'KS-000002' })],
    ['event-protected-visit', writeEventBundle(protectedVisit, { controlId: '' })],
    ['event-party', writePartyEventBundle(PARTY_EVENT)],
    ['event-person', writeSenderEvent(MERGER, { controlId: 'KS-000003' })],
    ['event-call', writeRecordedCall(CALL)],
    ['answer', writeAnswerBundle(ANSWER)],
    ...Object.entries(NOTICES).map(([name, input]): [string, FhirResource] => [name, writeNoticeBundle(input)]),
    ['receipt', receipt()],
    ['deviation', writeDeviation(DEVIATION)],
    ['deviation-closed', writeDeviation({ ...DEVIATION, status: 'cancelled', closedReason: 'came-late' })],
    ['task', writeTask(TASK)],
    ['outcome', writeOutcome(OUTCOME)],
  ];
  return all.map(([name, resource]) => ({ path: `examples/${name}.json`, resource }));
}
