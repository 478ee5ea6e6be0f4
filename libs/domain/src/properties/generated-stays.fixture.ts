import fc from 'fast-check';
import { CANCELS, COURSES, type Course } from '../events/course.ts';
import type { Fact, FactCode, FactStatus } from '../events/fact.ts';
import type { Scope } from '../codes/scope.ts';
import type { EncounterStatement, Identity, PatientStatement, PersonName } from '../events/statements.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { Terms } from '../events/event-origin.ts';
import { HOUR, type Instant, localDate, MINUTE, statedTime, type StatedTime } from '../time/time.ts';
import { BOTH, CLINICS, CONTACT, JARVA, REHAB, SOLNA, SUNDBYBERG } from './generated-county.fixture.ts';

/**
 * Generates one or two stays of one visit's patient: every course, facts of every kind with their corrections, times that are
 * stated, of a day alone or absent, messages that are late, early or of one instant, two persons and a provisional number on
 * one visit, protections, and a second stay around a transfer.
 *
 * Small numbers stand behind everything, so that fast-check shrinks a fault to a few messages of few words.
 */

/** The hour that everything is counted from: 4 May 2026, 08:00 in Stockholm. */
export const START: Instant = Date.parse('2026-05-04T08:00:00+02:00');

/** How a time is written in a message. */
const WRITTEN = ['minute', 'day', 'absent'] as const;
type Written = (typeof WRITTEN)[number];

/** Who a message says that its patient is. Nobody but the second has the second's name and number. */
const WHO = ['first', 'second', 'provisional'] as const;
type Who = (typeof WHO)[number];

export const FIRST: Identity = number('personnummer', '191212121212');
export const SECOND: Identity = number('personnummer', '189001019802');
export const PROVISIONAL: Identity = number('reservnummer-stockholm', '992026123450');
export const FIRST_NAME: PersonName = { family: 'Tolvansson', given: ['Tolvan'] };
export const SECOND_NAME: PersonName = { family: 'Andersson', given: ['Anna'] };

function number(type: Identity['type'], value: string): Identity {
  return { type, system: `test:${type}`, value };
}

/** One message before it has an id and a stamp. All times are in half hours after {@link START}. */
interface Draft {
  readonly course: Course;
  readonly happened: number;
  /** Minutes after it happened. */
  readonly sentAfter: number;
  /** Minutes after it was sent. */
  readonly takenAfter: number;
  readonly start: Written;
  readonly end: Written;
  readonly occurred: Written;
  readonly expected: number | null | undefined;
  readonly leaving: EncounterStatement['leaving'] | undefined;
  readonly who: Who;
  readonly said: Partial<PatientStatement>;
  readonly visitProtected: boolean;
  readonly facts: readonly FactDraft[];
}

interface FactDraft {
  readonly said: readonly [FactCode, readonly string[]];
  readonly scopes: readonly Scope[];
  readonly status: FactStatus;
  /** Half hours after START; undefined: no time of its own. */
  readonly at: number | undefined;
}

const NEED = fc.constantFrom<readonly string[]>(['SOC'], ['ROV'], ['KHSL'], ['SOC', 'ROV'], ['SOC', 'KHSL'], ['NONE']);
const YES_OR_NO = fc.constantFrom<readonly string[]>(['Y'], ['N']);
const BASES = [
  'CHILD_OR_ABUSE_OR_COMPULSORY',
  'CANNOT_CONSENT',
  'MENPROVNING',
  'PRIVATE_PROVIDER',
  'LPT_7A',
  'LUS_2KAP',
];

const of = (code: FactCode, values: fc.Arbitrary<readonly string[]>): fc.Arbitrary<FactDraft['said']> =>
  values.map((all) => [code, all] as const);
const one = (...values: string[]): fc.Arbitrary<readonly string[]> =>
  fc.constantFrom(...values.map((value) => [value]));

const STATEMENT = fc.oneof(
  { weight: 5, arbitrary: of('NEED', NEED) },
  { weight: 3, arbitrary: of('CONSENT', YES_OR_NO) },
  { weight: 3, arbitrary: of('READY', YES_OR_NO) },
  { weight: 3, arbitrary: of('INFO', one('a', 'b')) },
  { weight: 3, arbitrary: of('BASIS', one(...BASES, 'SAME_REGION')) },
  { weight: 2, arbitrary: of('INS', YES_OR_NO) },
  { weight: 1, arbitrary: of('HOUSING', one('ORD', 'SABO', 'HVB', 'UNKNOWN')) },
  { weight: 1, arbitrary: of('PLACEDBY', one(SUNDBYBERG, SOLNA, '1480')) },
  { weight: 1, arbitrary: of('CONTACT', one(CONTACT, 'SE0000000000-0000')) },
  { weight: 1, arbitrary: of('REHAB', one(REHAB)) },
  { weight: 1, arbitrary: of('COMPULSORY', one('LPT', 'OPT', 'N')) },
  { weight: 2, arbitrary: of('OPTDECISION', one('Y', 'N')) },
);

const FACT: fc.Arbitrary<FactDraft> = fc.record({
  said: STATEMENT,
  scopes: fc.oneof(
    { weight: 3, arbitrary: fc.constant<readonly Scope[]>([]) },
    { weight: 1, arbitrary: fc.constantFrom<readonly Scope[]>(['SOC'], ['ROV'], ['SOC', 'ROV'], ['KHSL']) },
  ),
  status: fc.oneof(
    { weight: 5, arbitrary: fc.constant<FactStatus>('F') },
    { weight: 1, arbitrary: fc.constantFrom<FactStatus>('C', 'D') },
  ),
  // Few times, so that corrections find their facts and repetitions repeat.
  at: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
});

const ADDRESSES = [SOLNA, SUNDBYBERG, BOTH, '0180', JARVA, '1480'].map((id) => ({
  lines: [`Provgatan ${id}`],
  municipality: id.slice(0, 4),
  ...(id.length > 4 && { district: id.slice(5) }),
}));

/** What a message may say of the person. */
export const SAID: fc.Arbitrary<Partial<PatientStatement>> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: fc.constantFrom(...ADDRESSES, null).map((address) => ({ address })) },
  { weight: 2, arbitrary: fc.constantFrom(...CLINICS, null).map((listedClinic) => ({ listedClinic })) },
  { weight: 1, arbitrary: fc.constant({ protection: 'sekretessmarkering' as const }) },
  { weight: 1, arbitrary: fc.constantFrom({ deceased: true }, { deceased: false }) },
);

const LATER = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, 10) },
  { weight: 2, arbitrary: fc.constantFrom(90, 25 * 60) },
);

const MESSAGE: fc.Arbitrary<Draft> = fc.record({
  course: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<Course>('update', 'admit', 'discharge') },
    { weight: 2, arbitrary: fc.constantFrom<Course>('cancel-discharge', 'cancel-admission') },
    { weight: 2, arbitrary: fc.constantFrom(...COURSES) },
  ),
  happened: fc.oneof(fc.nat({ max: 8 }), fc.nat({ max: 250 })),
  sentAfter: LATER,
  // The sender's clock may be ahead of ours.
  takenAfter: fc.oneof({ weight: 5, arbitrary: LATER }, { weight: 1, arbitrary: fc.constant(-3) }),
  start: fc.constantFrom(...WRITTEN),
  end: fc.constantFrom(...WRITTEN),
  occurred: fc.constantFrom(...WRITTEN),
  expected: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.constantFrom(96, 144, 192) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  leaving: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.constantFrom('home' as const, 'transfer' as const) },
    { weight: 1, arbitrary: fc.constantFrom('against-advice' as const, 'dead' as const) },
  ),
  who: fc.oneof(
    { weight: 8, arbitrary: fc.constant<Who>('first') },
    { weight: 2, arbitrary: fc.constantFrom<Who>(...WHO) },
  ),
  said: SAID,
  visitProtected: fc.oneof({ weight: 15, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  facts: fc.array(FACT, { maxLength: 3 }),
});

/** An admission that most often states a need and a ground, so that most stays have something to tell. */
const ADMISSION: fc.Arbitrary<Draft> = fc
  .record({
    message: MESSAGE,
    need: NEED,
    consent: fc.option(YES_OR_NO, { freq: 1 }),
    address: fc.constantFrom(...ADDRESSES),
  })
  .map(({ message, need, consent, address }) => ({
    ...message,
    ...{ course: 'admit', happened: 0, start: 'minute', who: 'first', takenAfter: 0 },
    said: { listedClinic: CLINICS[0] ?? null, address },
    facts: [
      { said: ['NEED', need], scopes: [], status: 'F', at: 0 },
      ...(consent ? [{ said: ['CONSENT', consent], scopes: [], status: 'F', at: 0 } as const] : []),
      ...message.facts.slice(0, 1),
    ],
  }));

const FORM = fc.constantFrom('region-authority' as const, 'private' as const);

const TERMS: fc.Arbitrary<Terms> = fc.record({
  organisation: fc.constant('SE2321000016-1000'),
  careProvider: fc.constant('Region Stockholm'),
  legalForm: FORM,
  ins: fc.constantFrom('auto' as const, 'auto' as const, 'ordered' as const),
  impliedNeed: fc.constantFrom<Terms['impliedNeed']>([], [], ['SOC', 'ROV']),
  info: fc.constantFrom('here' as const, 'elsewhere' as const),
  clock: fc.constantFrom('trusted' as const, 'intake' as const),
  connectedFrom: fc.constantFrom('2018-01-01', '2018-01-01', '2026-05-05'),
});

const STAY_A = fc.tuple(TERMS, ADMISSION, fc.array(MESSAGE, { maxLength: 7 }));

/** A transfer out of the first stay, and what the next ward says around it. */
const STAY_B = fc.record({
  transfer: MESSAGE,
  at: fc.nat({ max: 60 }),
  terms: TERMS,
  arrival: MESSAGE,
  /** Half hours from the transfer to the admission there. */
  after: fc.constantFrom(-8, -2, 0, 3, 60),
  more: fc.array(MESSAGE, { maxLength: 4 }),
});

/** Events of one or two stays, in no particular order. */
export const GENERATED_EVENTS: fc.Arbitrary<readonly StayEvent[]> = fc
  .tuple(STAY_A, fc.option(STAY_B))
  .map(([[terms, admission, messages], next]) => {
    const ofA = [admission, ...messages];
    if (!next) return inTheHub(ofA.map((draft) => eventOf('A', terms, draft)));
    const { transfer, at, arrival, after, more } = next;
    ofA.push({ ...transfer, course: 'discharge', happened: at, end: 'minute', leaving: 'transfer', who: 'first' });
    const ofB: Draft[] = [
      { ...arrival, course: 'admit', happened: Math.max(0, at + after), start: 'minute', who: 'first' },
    ];
    ofB.push(...more.map((draft) => ({ ...draft, happened: draft.happened + at })));
    return inTheHub([
      ...ofA.map((draft) => eventOf('A', terms, draft)),
      ...ofB.map((draft) => eventOf('B', next.terms, draft)),
    ]);
  });

/** As the ingress stamps them. Ids run against the order of writing: nothing but the stamp may tell what came last (DEC-20). */
function inTheHub(events: readonly StayEvent[]): StayEvent[] {
  const named = events.map((event, index) => {
    const eventId = `e${99 - index}`;
    return { ...event, eventId, inboundId: eventId };
  });
  const taken = named
    .sort((a, b) => a.intakeAt - b.intakeAt)
    .map((event, index) => ({ ...event, intakeStamp: index + 1 }));
  // A counterexample that nobody can read mends nothing.
  return Object.defineProperty(taken, fc.toStringMethod, { value: () => `\n${taken.map(described).join('\n')}\n` });
}

function described(event: StayEvent): string {
  const { stayId, eventId, course, encounter, occurredAt, patient, facts, terms } = event;
  const at = (instant: Instant): string => `${(instant - START) / MINUTE}`;
  const { identities, ...person } = patient;
  return [
    `${stayId} ${eventId} at ${at(event.at)} sent ${at(event.sentAt)} taken ${at(event.intakeAt)} ${course}`,
    ...(occurredAt ? [`EVN-6 ${occurredAt.iso}`] : []),
    ...Object.entries(encounter).map(
      ([name, value]) => `${name} ${(value as StatedTime | null)?.iso ?? String(value)}`,
    ),
    `${identities[0]?.value} ${JSON.stringify(person)}`,
    ...facts.map(({ code, status, scopes, values, stated }) =>
      [code, status, scopes.join('+'), values.join(), stated].join('|'),
    ),
    `${terms.ins} ${terms.legalForm} implied ${terms.impliedNeed.join('+')}`,
  ].join('; ');
}

function eventOf(stayId: 'A' | 'B', terms: Terms, draft: Draft): StayEvent {
  const happened = START + draft.happened * 30 * MINUTE;
  const sentAt = happened + draft.sentAfter * MINUTE;
  const { course } = draft;
  const identities = identitiesOf(draft.who);
  const occurred = written(happened, draft.occurred);
  const start = course === 'admit' || draft.start === 'day' ? written(happened, draft.start) : undefined;
  const end = course === 'discharge' ? written(happened, draft.end) : undefined;
  const field = course === 'admit' ? start : course === 'discharge' ? end : undefined;
  return {
    ...{ eventId: '', inboundId: '', ordinal: 0, revision: 1, intakeStamp: 0 },
    ...{ stayId, patientId: identities[0]?.value ?? '', sender: 'KS', trigger: course, course, terms },
    at: CANCELS[course] ? sentAt : ((occurred ?? field)?.start ?? sentAt),
    sentAt,
    ...(occurred && { occurredAt: occurred }),
    intakeAt: sentAt + draft.takenAfter * MINUTE,
    findings: [],
    patient: { identities, ...nameOf(draft.who), ...draft.said },
    encounter: {
      class: course === 'register' || course === 'to-outpatient' ? 'AMB' : course === 'pre-admit' ? 'PRENC' : 'IMP',
      ward: stayId === 'A' ? 'SE2321000016-1001' : 'SE2321000016-1002',
      ...(start && { start }),
      ...(end && { end }),
      ...(draft.expected !== undefined && {
        expectedDischarge: draft.expected === null ? null : dayOf(draft.expected),
      }),
      ...(draft.leaving && (course === 'discharge' || course === 'update') && { leaving: draft.leaving }),
      ...(draft.visitProtected && { protection: 'unknown' as const }),
    },
    facts: draft.facts.map((fact) => factOf(fact, sentAt)),
  };
}

function identitiesOf(who: Who): Identity[] {
  return [{ first: FIRST, second: SECOND, provisional: PROVISIONAL }[who]];
}

function nameOf(who: Who): Pick<PatientStatement, 'name'> {
  if (who === 'first') return { name: FIRST_NAME };
  return who === 'second' ? { name: SECOND_NAME } : {};
}

/** OBX-14 as written, else the sending; never after it (DEC-21). */
function factOf({ said: [code, values], scopes, status, at }: FactDraft, sentAt: Instant): Fact {
  const instant = at === undefined ? sentAt : START + at * 30 * MINUTE;
  return { code, values, scopes, status, at: Math.min(instant, sentAt), ...(at !== undefined && { stated: `+${at}` }) };
}

function written(instant: Instant, how: Written): StatedTime | undefined {
  if (how === 'absent') return undefined;
  const [year = 0, month = 0, day = 0] = localDate(instant).split('-').map(Number);
  const minutes = (instant - dayStart(year, month, day)) / MINUTE;
  const clock = how === 'minute' ? { hour: Math.floor(minutes / 60), minute: minutes % 60 } : {};
  return sure(statedTime({ year, month, day, ...clock }));
}

function dayOf(halfHours: number): StatedTime {
  return sure(written(START + (halfHours / 2) * HOUR, 'day'));
}

function dayStart(year: number, month: number, day: number): Instant {
  return sure(statedTime({ year, month, day })).start;
}

function sure(time: ReturnType<typeof statedTime> | undefined): StatedTime {
  if (time === undefined || typeof time === 'string') throw new Error('May has no change of clocks');
  return time;
}
