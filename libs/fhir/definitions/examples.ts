import type { FhirResource } from 'fhir/r4.js';
import type { Act, Fact, NoticeContent, NoticePerson, StayEvent } from '#libs/domain';
import {
  DEVIATION_RULES,
  IDENTIFIER_SYSTEM,
  isUnreadable,
  readNoticeBundle,
  receiptOf,
  writeDeviation,
  writeEventBundle,
  writeNoticeBundle,
  writeOutcome,
  writeReceipt,
  writeTask,
  type NoticeInput,
} from '#libs/fhir';

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
  identity: { type: 'samordningsnummer', system: IDENTIFIER_SYSTEM.samordningsnummer, value: '196109732393' },
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
  ownTime: false,
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
  sentAt: at(10, 15),
  occurredAt: minute(10, 14),
  intakeAt: at(10, 15) + 250,
  terms: {
    organisation: 'SE2321000016-1000',
    careProvider: 'Region Stockholm',
    legalForm: 'region-authority',
    ins: 'auto',
    impliedNeed: [],
    info: 'here',
    clock: 'trusted',
  },
  patient: {
    identities: [PERSON.identity],
    ...(PERSON.name === undefined ? {} : { name: PERSON.name }),
    birthDate: '1912-12-12',
    ...(PERSON.address === undefined ? {} : { address: PERSON.address }),
    listedClinic: 'SE2321000016-2001',
  },
  encounter: { class: 'IMP', ward: 'SE2321000016-1001', start: minute(10, 14), expectedDischarge: day(12) },
  facts: [
    fact('NEED', ['SOC', 'ROV']),
    fact('CONSENT', ['Y'], { scopes: ['SOC'], ownTime: true, judgedBy: 'SE2321000016-1X1' }),
    fact('INFO', ['Läkemedel ändrade, se listan.'], { scopes: ['ROV'] }),
  ],
};

const protectedEvent: StayEvent = {
  ...EVENT,
  eventId: id(0xe1, 2),
  trigger: 'A03',
  patient: { identities: [PROTECTED.identity], deceased: false, address: null, protection: 'sekretessmarkering' },
  encounter: { class: 'IMP', start: null, end: minute(14, 11), leaving: 'transfer' },
  facts: [fact('READY', ['N'], { status: 'D' })],
};

const content = (kind: NoticeContent['kind'], person: NoticePerson): NoticeContent => {
  const base = { person, careProvider: 'Region Stockholm' };
  switch (kind) {
    case 'INS':
      return { ...base, kind, expectedDischarge: day(12), ownNeed: ['SOC'] };
    case 'BUT':
      return { ...base, kind, expectedDischarge: minute(13, 15) };
    case 'UTK':
      return { ...base, kind, readySince: at(13, 9) };
    case 'UTS':
      return { ...base, kind, dischargedAt: minute(14, 11) };
    case 'INFO':
      return { ...base, kind, scope: 'SOC', text: 'Rullator utprovad.\nMedföljer hem.' };
  }
};

function notice(n: number, kind: NoticeContent['kind'], more: Partial<NoticeInput> = {}, person = PERSON): NoticeInput {
  const act: Act = {
    kind,
    recipient: '0180-jarva',
    slot: '',
    statedBy: id(0xe1, 1),
    at: at(10, 15),
    sent: at(10, 15),
    content: content(kind, person),
    ground: kind === 'INS' || kind === 'BUT' ? 'LUS_2KAP' : 'CONSENT',
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

const NOTICES: Readonly<Record<string, NoticeInput>> = {
  ins: notice(1, 'INS'),
  'ins-protected': notice(2, 'INS', {}, PROTECTED),
  'ins-coordination-number': notice(3, 'INS', {}, COORDINATION),
  'ins-second-version': notice(4, 'INS', { follows: { deliveryId: id(0xde, 1) }, chain: CHAIN }),
  'ins-withdrawn': notice(5, 'INS', { ...withdrawn(id(0xde, 4), id(0xde, 1)), chain: CHAIN }),
  but: notice(6, 'BUT'),
  'but-withdrawn': notice(7, 'BUT', withdrawn(id(0xde, 6))),
  utk: notice(8, 'UTK'),
  'utk-withdrawn': notice(9, 'UTK', withdrawn(id(0xde, 8))),
  uts: notice(10, 'UTS'),
  'uts-withdrawn': notice(11, 'UTS', withdrawn(id(0xde, 10))),
  info: notice(12, 'INFO'),
  'info-withdrawn': notice(13, 'INFO', withdrawn(id(0xde, 12))),
};

function receipt(): FhirResource {
  const view = readNoticeBundle(writeNoticeBundle(notice(1, 'INS')));
  if (isUnreadable(view)) throw new Error(view.unreadable);
  return writeReceipt(receiptOf(view, at(10, 15) + 900));
}

const DEVIATION = {
  id: id(0xdd, 1),
  stayId: STAY,
  finding: {
    code: 'UTS-01',
    occasion: '1',
    party: 'SE2321000016-1000',
    severity: 2,
    due: at(15, 0),
    suspected: false,
    reason: 'ground-not-stated',
    evidence: [id(0xe1, 2)],
  },
  status: 'final',
  identified: at(15, 0) + 60_000,
  rule: `${DEVIATION_RULES['UTS-01']}; regler 2018-01-01`,
  version: 1,
} as const;

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

const OUTCOME = {
  code: 'BRY-0000',
  issueCode: 'value',
  severity: 'error',
  text: 'Exempel på fel',
  place: 'PID-3',
} as const;

/** One example of everything that the hub writes, by its path under `schemas/fhir`. */
export function exampleFiles(): { path: string; resource: FhirResource }[] {
  const all: [string, FhirResource][] = [
    ['event', writeEventBundle(EVENT, { controlId: 'KS-000001', visitId: 'V2026051001' })],
    ['event-protected', writeEventBundle(protectedEvent, { controlId: 'KS-000002' })],
    ...Object.entries(NOTICES).map(([name, input]): [string, FhirResource] => [name, writeNoticeBundle(input)]),
    ['receipt', receipt()],
    ['deviation', writeDeviation(DEVIATION)],
    ['deviation-closed', writeDeviation({ ...DEVIATION, status: 'cancelled', closedReason: 'came-late' })],
    ['task', writeTask(TASK)],
    ['outcome', writeOutcome(OUTCOME)],
  ];
  return all.map(([name, resource]) => ({ path: `examples/${name}.json`, resource }));
}
