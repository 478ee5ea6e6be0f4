import { randomUUID } from 'node:crypto';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import {
  statedTime,
  type Act,
  type Duty,
  type Fact,
  type Deviation,
  type Instant,
  type NoticeContent,
  type PartyStatement,
  type Protection,
  type StatedTime,
  type StayEvent,
} from '#libs/domain';
import { COURSE_OF, placeOf, type TestTrigger } from '../../../../test/messages/course-of.ts';
import {
  IDENTIFIER_SYSTEM,
  readNoticeBundle,
  receiptOf,
  writeAnswerBundle,
  writeDeviation,
  writeEventBundle,
  writeNoticeBundle,
  writeReceipt,
  writeStay,
  writeTask,
  type DeviationRecord,
  type NoticeInput,
  type NoticeView,
} from '#libs/fhir';
import type { InRecord } from '#libs/messaging';
import { IdMaker } from '#libs/platform';

export const IDS = new IdMaker(Buffer.alloc(32, 7));
export const NOON: Instant = Date.UTC(2026, 4, 10, 10);
export const KS = 'SE2321000016-1000';
export const DS = 'SE2321000016-1100';

/** A day or a minute as a sender would state it. */
export function at(month: number, day: number, hour?: number): StatedTime {
  const parts = hour === undefined ? {} : { hour, minute: 0 };
  const time = statedTime({ year: 2026, month, day, ...parts });
  if (typeof time === 'string') throw new Error(time);
  return time;
}

/** The tax agency's test persons. */
export const TOLVAN = { type: 'personnummer', system: IDENTIFIER_SYSTEM.personnummer, value: '191212121212' } as const;
export const NILS = { type: 'personnummer', system: IDENTIFIER_SYSTEM.personnummer, value: '189002029800' } as const;
const NAMES = { [TOLVAN.value]: ['Tolvansson', 'Tolvan'], [NILS.value]: ['Åkerström', 'Nils'] } as const;

type Person = typeof TOLVAN | typeof NILS;

export interface NoticeOptions {
  readonly party?: string;
  readonly stay?: string;
  readonly person?: Person;
  readonly content?: Partial<NoticeContent> & Pick<NoticeContent, 'kind'>;
  readonly id?: string;
  readonly withdraws?: readonly string[];
  readonly protection?: Protection;
  /** A withdrawal whose label is of the visit alone. */
  readonly visitProtection?: Protection;
  readonly sent?: Instant;
}

function contentOf(kind: NoticeContent['kind'], person: NoticeContent['person']): NoticeContent {
  const base = { person, careProvider: 'Region Stockholm' };
  switch (kind) {
    case 'INS':
      return { ...base, kind, expectedDischarge: at(5, 12), ownNeed: ['SOC'] };
    case 'BUT':
      return { ...base, kind, expectedDischarge: at(5, 14) };
    case 'UTK':
      return { ...base, kind, readySince: NOON };
    case 'OPT-DECISION':
      return { ...base, kind, decidedAt: NOON };
    case 'UTS':
      return { ...base, kind, dischargedAt: at(5, 13, 14) };
    case 'INFO':
      return { ...base, kind, scope: 'SOC', text: 'Hjälpmedel hemma.' };
    case 'HOME':
      return { ...base, kind, awayFrom: at(5, 10), homeFrom: at(5, 13, 14) };
  }
}

/** A bundle of `deliveries.<party>`. */
export function notice(options: NoticeOptions) {
  const { party = '0184', person = TOLVAN, stay = 'stay-1', id = randomUUID(), sent = NOON } = options;
  const [family, given] = NAMES[person.value];
  const kind = options.content?.kind ?? 'INS';
  const protection = options.protection === undefined ? {} : { protection: options.protection };
  const label = options.visitProtection;
  const ofVisit = label === undefined ? {} : ({ protection: label, ofVisitAlone: true } as const);
  const content = {
    ...contentOf(kind, {
      identity: person,
      name: { family, given: [given] },
      address: { lines: ['Storgatan 1'], municipality: '0184' },
      ...protection,
    }),
    ...options.content,
  } as NoticeContent;
  const act: Act = {
    kind,
    recipient: party,
    slot: '',
    statedBy: 'event-1',
    at: sent,
    sent,
    content,
    ground: 'LUS_2KAP',
    trace: [],
    key: 'key',
  };
  const input: NoticeInput = {
    deliveryId: id,
    actId: randomUUID(),
    stayId: IDS.stay(KS, stay),
    patientIdForParty: IDS.patientOf(party, person.system, person.value),
    recipient: { id: party, name: party },
    act,
    ...(options.withdraws === undefined ? {} : { withdrawal: { ofIds: options.withdraws, sent, ...ofVisit } }),
    replyAddress: randomUUID(),
    timestamp: sent,
  };
  return writeNoticeBundle(input);
}

/** An answer that was told on to a party, as it lies on `deliveries.<party>`. */
export function answer(options: {
  to: string;
  from?: string;
  says: PartyStatement;
  stay?: string;
  eventId?: string;
  sent?: Instant;
}) {
  const { to, from = '0184', says, stay = 'stay-1', eventId = randomUUID(), sent = NOON } = options;
  const origin = { inboundId: eventId, ordinal: 0, revision: 1, intakeAt: sent, intakeStamp: sent * 1000 };
  return writeAnswerBundle({
    event: { ...origin, eventId, stayId: IDS.stay(KS, stay), party: from, about: randomUUID(), sentAt: sent, says },
    deliveryId: randomUUID(),
    recipient: { id: to, name: to },
    party: { id: from, name: from },
    timestamp: sent,
  });
}

/** The receipt of a notice, as on `receipts`. */
export function receipt(bundle: ReturnType<typeof notice>, received: Instant = NOON + 1000) {
  return writeReceipt(receiptOf(readNoticeBundle(bundle) as NoticeView, received));
}

interface EventOptions extends Partial<Omit<StayEvent, 'trigger'>> {
  readonly trigger?: TestTrigger;
  readonly visit?: string;
  readonly person?: Person;
  readonly facts?: readonly Fact[];
}

export interface StayOptions extends EventOptions {
  readonly version?: number;
}

let lastVersion = 0;

/** A record of `stays`, later than all made before: the stay as one event of it states it. */
export function saidStay({ version = ++lastVersion, ...options }: StayOptions = {}) {
  const { person = TOLVAN, terms } = options;
  const organisation = terms?.organisation ?? KS;
  const patientId = IDS.patientOf(organisation, person.system, person.value);
  const bundle = event({ ...options, patientId }) as Bundle<FhirResource>;
  const resources = (bundle.entry ?? []).map(({ resource }) => resource);
  const encounter = resources.find((one) => one?.resourceType === 'Encounter');
  const patient = resources.find((one) => one?.resourceType === 'Patient');
  if (!encounter || !patient) throw new Error('an event has both');
  const protection = options.patient?.protection;
  return writeStay({
    stayId: encounter.id ?? '',
    version,
    ...(protection && { protection }),
    stated: { organisation, encounter, patient },
    told: [],
    withheld: [],
    findings: [],
  });
}

/** What a sender states of a stay. */
function event(options: EventOptions) {
  const { visit = 'stay-1', person = TOLVAN, trigger = 'A01', ...more } = options;
  const encounter = more.encounter ?? { class: 'IMP', ward: 'SE2321000016-1001', start: at(5, 10, 9) };
  const sentAt = more.sentAt ?? NOON;
  const [family, given] = NAMES[person.value];
  const organisation = more.terms?.organisation ?? KS;
  const inboundId = more.inboundId ?? randomUUID();
  const whole: StayEvent = {
    eventId: IDS.event(inboundId, 0),
    inboundId,
    ordinal: 0,
    revision: 1,
    stayId: IDS.stay(organisation, visit),
    patientId: IDS.patient(person.system, person.value),
    sender: 'KS',
    trigger,
    course: COURSE_OF[trigger],
    at: placeOf(trigger, { encounter, sentAt, ...(more.occurredAt && { occurredAt: more.occurredAt }) }),
    sentAt: NOON,
    intakeAt: NOON,
    intakeStamp: NOON * 1000,
    findings: [],
    terms: {
      organisation,
      careProvider: 'Region Stockholm',
      legalForm: 'region-authority',
      ins: 'auto',
      impliedNeed: [],
      info: 'here',
      clock: 'trusted',
      connectedFrom: '2018-01-01',
    },
    patient: { identities: [person], name: { family, given: [given] } },
    encounter,
    facts: [],
    ...more,
  };
  return writeEventBundle(whole, { controlId: 'c1', visitId: visit });
}

/** A record of `tasks`. */
export function task(
  options: Partial<Duty> & { readonly id?: string; readonly version?: number; readonly stayId?: string } = {},
) {
  const { id = randomUUID(), stayId = IDS.stay(KS, 'stay-1'), version, ...more } = options;
  const duty: Duty = {
    code: 'STATE-GROUND',
    occasion: '1',
    owner: KS,
    since: NOON,
    statedBy: randomUUID(),
    due: NOON + 3_600_000,
    text: 'Ange grund.',
    ...more,
  };
  const record = {
    id,
    stayId,
    duty,
    status: 'requested',
    authoredOn: NOON,
    lastModified: NOON,
  } as const;
  return writeTask({ ...record, ...(version === undefined ? {} : { version }) });
}

/** A record of `deviations` or `deviations.<party>`. */
export function deviation(options: Partial<DeviationRecord> & { readonly code?: Deviation['code'] } = {}) {
  const { code = 'INS-01', ...more } = options;
  return writeDeviation({
    id: randomUUID(),
    stayId: IDS.stay(KS, 'stay-1'),
    deviation: {
      code,
      occasion: '',
      party: KS,
      severity: 3,
      due: NOON,
      suspected: false,
      rule: 'LUS 2:3; regler 2018-01-01',
      evidence: [randomUUID()],
    },
    name: 'Inskrivningsmeddelande saknas',
    status: 'final',
    identified: NOON,
    ...more,
  });
}

/** A value as a record lies on a topic. */
export function recordOf(topic: string, offset: number, value: unknown): InRecord {
  return {
    topic,
    partition: 0,
    offset: BigInt(offset),
    key: 'key',
    id: randomUUID(),
    kind: 'test',
    schemaVersion: 1,
    traceparent: '',
    timestamp: NOON,
    headers: {},
    value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  };
}
