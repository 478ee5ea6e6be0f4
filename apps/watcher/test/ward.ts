import {
  PartyDirectory,
  type Fact,
  type FactCode,
  type Instant,
  type Party,
  type StatedTime,
  type StayEvent,
} from '#libs/domain';
import { IdMaker } from '#libs/platform';
import { COURSE_OF, placeOf, type TestTrigger } from '../../../test/messages/course-of.ts';

/** Events of an invented ward, by hand: times are `04 08:30` of May 2026, local (UTC+2). */
export const ids = new IdMaker(Buffer.alloc(32, 7));

export const ORGANISATION = 'SE2321000016-0001';
export const SOLNA = '0184';

export function may(text: string): Instant {
  const [day = '', time = '00:00'] = text.split(' ');
  const instant = Date.parse(`2026-05-${day}T${time}+02:00`);
  if (Number.isNaN(instant)) throw new Error(`no time: ${text}`);
  return instant;
}

export function stated(text: string): StatedTime {
  const start = may(text);
  return { iso: `${new Date(start).toISOString().slice(0, 16)}Z`, precision: 'minute', start, end: start + 60_000 };
}

export function fact(code: FactCode, value: string, at: string, more: Partial<Fact> = {}): Fact {
  return { code, scopes: [], values: [value], status: 'F', at: may(at), stated: at, ...more };
}
export const need = (value: string, at: string): Fact => fact('NEED', value, at);
export const consent = (value: string, at: string): Fact => fact('CONSENT', value, at);
export const info = (at: string): Fact => fact('INFO', 'text', at, { scopes: ['SOC'] });

const keys = new Map<string, string>();
/** Id of the stay of a visit, and the key that its messages have. */
export function stayOf(visit: string): string {
  const stayId = ids.stay(ORGANISATION, visit);
  keys.set(stayId, keyOf(visit));
  return stayId;
}
export const keyOf = (visit: string): string => ids.spreadKey(ORGANISATION, visit);
export const keyOfStay = (stayId: string): string => keys.get(stayId) ?? stayId;

export interface Told {
  readonly visit?: string;
  readonly person?: string;
  readonly sent: string;
  /** When the hub took it in; when it was sent, unless said. */
  readonly intake?: string;
  readonly facts?: readonly Fact[];
  readonly revision?: number;
  readonly encounter?: Partial<StayEvent['encounter']>;
  readonly patient?: Partial<StayEvent['patient']>;
  readonly terms?: Partial<StayEvent['terms']>;
  /** Sets apart messages that are alike in all else. */
  readonly text?: string;
}

/** A message about the stay of a visit that began on 4 May at 08:00, discharge expected on the 10th. */
export function message(trigger: TestTrigger, told: Told): StayEvent {
  const { visit = 'v1', person = '191212121212', sent, facts = [], revision = 1000 } = told;
  const bytes = Buffer.from(JSON.stringify([trigger, visit, person, sent, facts, told.text]));
  const inboundId = ids.inbound('KS', bytes);
  const sentAt = may(sent);
  const intakeAt = may(told.intake ?? sent);
  const encounter: StayEvent['encounter'] = {
    class: 'IMP',
    start: stated('04 08:00'),
    expectedDischarge: stated('10 12:00'),
    ...(trigger === 'A03' ? { leaving: 'home' as const } : {}),
    ...told.encounter,
  };
  return {
    eventId: ids.event(inboundId, 0),
    inboundId,
    ordinal: 0,
    revision,
    stayId: stayOf(visit),
    patientId: ids.patient('pnr', person),
    sender: 'KS',
    trigger,
    course: COURSE_OF[trigger],
    at: placeOf(trigger, { encounter, sentAt }),
    sentAt,
    intakeAt,
    intakeStamp: intakeAt * 1000,
    findings: [],
    terms: {
      organisation: ORGANISATION,
      careProvider: 'Region Stockholm',
      legalForm: 'region-authority',
      ins: 'auto',
      impliedNeed: [],
      info: 'here',
      clock: 'trusted',
      connectedFrom: '2018-01-01',
      ...told.terms,
    },
    patient: {
      identities: [
        { type: 'personnummer', system: 'http://electronichealth.se/identifier/personnummer', value: person },
      ],
      name: { family: 'Test', given: ['Tolvan'] },
      address: { lines: ['Gatan 1'], municipality: SOLNA },
      ...told.patient,
    },
    encounter,
    facts,
  };
}

const PARTY: Party = {
  id: SOLNA,
  name: 'Solna',
  kind: 'municipality',
  legalForms: ['municipal-authority'],
  from: '2018-01-01',
  source: 'test',
};
export const directory = new PartyDirectory({ version: 'ward', parties: [PARTY] });
