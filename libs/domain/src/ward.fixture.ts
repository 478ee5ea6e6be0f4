import { continuedHistories } from './acts/continuation.ts';
import { historyOf, type History } from './acts/history.ts';
import type { Course } from './events/course.ts';
import type { Fact, FactCode } from './events/fact.ts';
import type { Scope } from './codes/scope.ts';
import type { EncounterStatement, PatientStatement } from './events/statements.ts';
import type { StayEvent } from './events/stay-event.ts';
import type { Terms } from './events/event-origin.ts';
import type { PersonProtection } from './person/protection.ts';
import { PartyDirectory } from './parties/directory.ts';
import type { Party } from './parties/party.ts';
import { parametersOn } from './rules/parameters.ts';
import { judgedTime, type Outage } from './rules/judged-time.ts';
import { type Instant, statedTime, type StatedTime } from './time/time.ts';

/** A ward of a test: writes the events of one stay, with the hour of 4 May 2026 as its clock. */

/** `04 10:30` = 4 May 2026 10:30 in Stockholm (summer time). */
export function may(text: string): Instant {
  const [day = '', clock = '00:00'] = text.split(' ');
  return Date.parse(`2026-05-${day}T${clock.length === 5 ? `${clock}:00` : clock}+02:00`);
}

export function stated(text: string): StatedTime {
  const [day = '', clock] = text.split(' ');
  const [hour, minute] = clock?.split(':').map(Number) ?? [];
  const time = statedTime({ year: 2026, month: 5, day: Number(day), hour, minute });
  if (typeof time === 'string') throw new Error(time);
  return time;
}

export const TERMS: Terms = {
  organisation: 'SE2321000016-1000',
  careProvider: 'Region Stockholm',
  legalForm: 'region-authority',
  ins: 'auto',
  impliedNeed: [],
  info: 'here',
  clock: 'trusted',
  connectedFrom: '2018-01-01',
};

export const SOLNA = '0184';
export const JARVA = '0180-jarva';
export const REGION_CLINIC = 'SE2321000016-2001';
export const PRIVATE_CLINIC = 'SE5560000001-2002';

/** The directory's rows, for tests that add to them. */
export const PARTIES: readonly Party[] = [
  { ...party('0180', 'Stockholms stad', 'municipality', 'municipal-authority'), divided: true },
  party(SOLNA, 'Solna stad', 'municipality', 'municipal-authority'),
  party('0183', 'Sundbybergs stad', 'municipality', 'municipal-authority'),
  party(JARVA, 'Järva stadsdelsnämnd', 'district-board', 'municipal-authority'),
  party('0180-farsta', 'Farsta stadsdelsnämnd', 'district-board', 'municipal-authority'),
  {
    ...party('0180-rinkeby-kista', 'Rinkeby-Kista stadsdelsnämnd', 'district-board', 'municipal-authority'),
    ...{ to: '2023-06-30', successor: JARVA },
  },
  party(REGION_CLINIC, 'Solna vårdcentral', 'clinic', 'region-authority'),
  party(PRIVATE_CLINIC, 'Privata husläkarna', 'clinic', 'private'),
];

function party(id: string, name: string, kind: Party['kind'], legalForm: Party['legalForms'][number]): Party {
  return { id, name, kind, legalForms: [legalForm], from: '2018-01-01', source: 'test' };
}

export const DIRECTORY = new PartyDirectory({ version: 'ward', parties: PARTIES });

export interface Statement {
  /** MSH-7. */
  readonly sent: string;
  /** When the hub took it in; the sent time when left out. */
  readonly intake?: string;
  /** Stamp of intake; made of the intake and the order in which the test wrote its messages when left out. */
  readonly stamp?: number;
  readonly id?: string;
  readonly facts?: readonly Fact[];
  readonly patient?: Partial<PatientStatement>;
  readonly encounter?: EncounterStatement;
  readonly occurred?: string;
  readonly terms?: Partial<Terms>;
  readonly stay?: string;
  readonly person?: string;
}

let count = 0;

/** Courses by the trigger that most senders use for them. */
const COURSES = {
  A01: 'admit',
  A02: 'move',
  A03: 'discharge',
  A05: 'pre-admit',
  A06: 'to-inpatient',
  A07: 'to-outpatient',
  A08: 'update',
  A11: 'cancel-admission',
  A12: 'cancel-move',
  A13: 'cancel-discharge',
  A16: 'planned-end',
  A21: 'leave-start',
  A22: 'leave-end',
  A25: 'cancel-planned-end',
} as const satisfies Record<string, Course>;

/** Where the default dialect places a message in time: EVN-6, else A01 PV1-44, A03 PV1-45, else MSH-7. */
function placeOf(trigger: keyof typeof COURSES, { sent, occurred, encounter }: Statement): Instant {
  if (occurred) return stated(occurred).start;
  const start = encounter && 'start' in encounter ? encounter.start : stated('04 08:00');
  if (trigger === 'A01' && start) return start.start;
  return trigger === 'A03' && encounter?.end ? encounter.end.start : may(sent);
}

export function message(trigger: keyof typeof COURSES, statement: Statement): StayEvent {
  const eventId = statement.id ?? `e${String(++count).padStart(6, '0')}`;
  return {
    eventId,
    inboundId: eventId,
    ordinal: 0,
    revision: 1,
    stayId: statement.stay ?? 'stay',
    patientId: statement.person ?? 'patient',
    sender: 'KS',
    trigger,
    course: COURSES[trigger],
    at: placeOf(trigger, statement),
    sentAt: may(statement.sent),
    ...(statement.occurred && { occurredAt: stated(statement.occurred) }),
    intakeAt: may(statement.intake ?? statement.sent),
    intakeStamp: statement.stamp ?? may(statement.intake ?? statement.sent) * 1000 + (count % 1000),
    findings: [],
    terms: { ...TERMS, ...statement.terms },
    patient: {
      identities: [
        { type: 'personnummer', system: 'http://electronichealth.se/identifier/personnummer', value: '191212121212' },
      ],
      name: { family: 'Tolvansson', given: ['Tolvan'] },
      address: { lines: ['Provgatan 1'], postalCode: '17100', city: 'Solna', municipality: SOLNA },
      listedClinic: REGION_CLINIC,
      ...statement.patient,
    },
    encounter: { class: 'IMP', start: stated('04 08:00'), ...statement.encounter },
    facts: statement.facts ?? [],
  };
}

export const expecting = (day: string): EncounterStatement => ({ expectedDischarge: stated(day) });

export function fact(code: FactCode, values: string | readonly string[], at: string, more: Partial<Fact> = {}): Fact {
  return {
    code,
    values: typeof values === 'string' ? [values] : values,
    scopes: [],
    status: 'F',
    at: may(at),
    stated: at,
    ...more,
  };
}

export const need = (values: string | readonly string[], at: string, more: Partial<Fact> = {}): Fact =>
  fact('NEED', values, at, more);

export const consent = (value: 'Y' | 'N', at: string, ...scopes: Scope[]): Fact =>
  fact('CONSENT', value, at, { scopes });

export function history(
  events: readonly StayEvent[],
  outages: readonly Outage[] = [],
  protection?: PersonProtection,
): History {
  return historyOf({
    ...(protection && { protection }),
    events,
    directory: DIRECTORY,
    parameters: (date) => parametersOn(date),
    judge: (event) => judgedTime(event, parametersOn('2026-05-04'), outages),
  });
}

/** The histories of all stays that these events are of, each with what the others bring to it. */
export function histories(events: readonly StayEvent[]): Map<string, History> {
  const byStay = Map.groupBy(events, (event) => event.stayId);
  const stays = [...byStay].map(([stayId, own]) => ({ stayId, events: own }));
  return continuedHistories(stays, { parameters: (date) => parametersOn(date) }, (stayId, continuation) =>
    historyOf({
      events: byStay.get(stayId) ?? [],
      directory: DIRECTORY,
      parameters: (date) => parametersOn(date),
      judge: (event) => judgedTime(event, parametersOn('2026-05-04')),
      continuation,
    }),
  );
}

/** What every party has in force at the end, one line each: recipient, kind, what it says. */
export function inForce(events: readonly StayEvent[]): string[] {
  return history(events)
    .acts.filter((act) => !act.ended)
    .map((act) => `${act.recipient} ${act.kind} ${said(act.content)}`);
}

function said(content: History['acts'][number]['content']): string {
  switch (content.kind) {
    case 'INS':
      return `${content.expectedDischarge?.iso ?? '-'} ${content.ownNeed.join('+')}`;
    case 'BUT':
      return content.expectedDischarge.iso;
    case 'UTK':
      return new Date(content.readySince).toISOString();
    case 'OPT-DECISION':
      return new Date(content.decidedAt).toISOString();
    case 'UTS':
      return content.dischargedAt.iso;
    case 'INFO':
      return content.text;
    case 'HOME':
      return `away ${content.awayFrom?.iso ?? '-'} home ${content.homeFrom?.iso ?? '-'}`;
  }
}

/** An admission with a need of social services, and when the discharge is expected, but for what a test says. */
export const admission = (more: Parameters<typeof message>[1] | object = {}): StayEvent =>
  message('A01', { sent: '04 08:30', facts: [need('SOC', '04 08:15')], encounter: expecting('10'), ...more });
