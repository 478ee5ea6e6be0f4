import { continuedHistories } from './continuation.ts';
import type { Outage } from './deadlines.ts';
import type { Directory, Party } from './directory.ts';
import type {
  EncounterStatement,
  Fact,
  FactCode,
  PatientStatement,
  Scope,
  StayEvent,
  Terms,
  Trigger,
} from './event.ts';
import { historyOf, type History, type PersonProtection } from './history.ts';
import { judgedTime } from './judged-time.ts';
import { statedTime } from './local-time.ts';
import { parametersOn } from './rules/parameters.ts';
import type { Instant, StatedTime } from './time.ts';

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
};

export const SOLNA = '0184';
export const JARVA = '0180-jarva';
export const REGION_CLINIC = 'SE2321000016-2001';
export const PRIVATE_CLINIC = 'SE5560000001-2002';

const PARTIES: readonly Party[] = [
  party(SOLNA, 'Solna stad', 'municipality', 'municipal-authority'),
  party('0183', 'Sundbybergs stad', 'municipality', 'municipal-authority'),
  party(JARVA, 'Järva stadsdelsnämnd', 'district-board', 'municipal-authority'),
  party(REGION_CLINIC, 'Solna vårdcentral', 'clinic', 'region-authority'),
  party(PRIVATE_CLINIC, 'Privata husläkarna', 'clinic', 'private'),
];

function party(id: string, name: string, kind: Party['kind'], legalForm: Party['legalForm']): Party {
  return { id, name, kind, legalForm, from: '2018-01-01', source: 'test' };
}

export const DIRECTORY: Directory = {
  party: (id) => PARTIES.find((one) => one.id === (id === '0180-rinkeby-kista' ? JARVA : id)),
  isDivided: (municipality) => municipality === '0180',
};

export interface Statement {
  /** MSH-7. */
  readonly sent: string;
  /** When the hub took it in; the sent time when left out. */
  readonly intake?: string;
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

export function message(trigger: Trigger, statement: Statement): StayEvent {
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
    sentAt: may(statement.sent),
    ...(statement.occurred && { occurredAt: stated(statement.occurred) }),
    intakeAt: may(statement.intake ?? statement.sent),
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
    ownTime: true,
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
  return continuedHistories(
    stays,
    (date) => parametersOn(date),
    (stayId, continuation) =>
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
    case 'UTS':
      return content.dischargedAt.iso;
    case 'INFO':
      return content.text;
  }
}
