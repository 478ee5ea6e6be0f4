import { createHash } from 'node:crypto';
import type { Fact, FactCode, Protection, Scope, StatedTime, StayEvent } from '#libs/domain';
import { MINUTE } from '#libs/domain';
import { IDENTIFIER_SYSTEM } from '#libs/fhir';
import { COURSE_OF, placeOf, type TestTrigger } from '../../../test/messages/course-of.ts';

/** 2026-05-04 08:00 in Stockholm, a Monday. */
export const MONDAY = Date.UTC(2026, 4, 4, 6);

/** A UUID that a text always gives. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function at(instant: number): StatedTime {
  // The fixtures stand in May: two hours before UTC.
  const iso = `${new Date(instant + 120 * MINUTE).toISOString().slice(0, 16)}+02:00`;
  return { iso, precision: 'minute', start: instant, end: instant + MINUTE };
}

/** A day without an hour, as PV2-9 often has it. */
function day(date: string): StatedTime {
  const start = Date.parse(`${date}T00:00:00+02:00`);
  return { iso: date, precision: 'day', start, end: start + 24 * 60 * MINUTE };
}

export interface FactDraft {
  readonly code: FactCode;
  readonly values: readonly string[];
  readonly scopes?: readonly Scope[];
  readonly status?: Fact['status'];
  readonly at?: number;
}

export interface EventDraft {
  /** Names the message: the same name is the same message. */
  readonly name: string;
  readonly trigger: TestTrigger;
  /** Minutes after Monday 08:00, when it was sent and taken in. */
  readonly minute: number;
  readonly facts?: readonly FactDraft[];
  readonly expected?: string;
  readonly stay?: string;
  readonly person?: string;
  readonly revision?: number;
  readonly intakeMinute?: number;
  readonly protection?: Protection;
  /** Of this visit alone (PV2-22). */
  readonly visitProtection?: Protection;
  readonly municipality?: string | null;
  readonly district?: string;
  readonly clinic?: string | null;
  readonly leaving?: StayEvent['encounter']['leaving'];
  readonly sender?: string;
  /** HSA-id of the ward. */
  readonly ward?: string;
  /** Minutes after Monday 08:00 when the stay began; half an hour before it when left out. */
  readonly start?: number;
}

export const BERGA = 'SE2321000016-2001';

/** An event of a stay on Södertörn that began on Monday 07:30; what a draft leaves out is an ordinary person's. */
export function stayEvent(draft: EventDraft): StayEvent {
  const sentAt = MONDAY + draft.minute * MINUTE;
  const stay = draft.stay ?? 'stay';
  const municipality = draft.municipality === undefined ? '0184' : draft.municipality;
  const clinic = draft.clinic === undefined ? BERGA : draft.clinic;
  const intakeAt = MONDAY + (draft.intakeMinute ?? draft.minute) * MINUTE;
  const encounter: StayEvent['encounter'] = {
    class: 'IMP',
    // A case goes on at another unit only (DEC-31).
    ward: draft.ward ?? (stay === 'stay' ? 'SE2321000016-1001' : `SE2321000016-${uuidOf(stay).slice(0, 8)}`),
    start: at(MONDAY + (draft.start ?? -30) * MINUTE),
    ...(draft.trigger === 'A03' && { end: at(sentAt) }),
    ...(draft.expected !== undefined && { expectedDischarge: day(draft.expected) }),
    ...(draft.leaving && { leaving: draft.leaving }),
    ...(draft.visitProtection && { protection: draft.visitProtection }),
  };
  return {
    eventId: uuidOf(`event ${stay} ${draft.name}`),
    inboundId: uuidOf(`inbound ${stay} ${draft.name}`),
    ordinal: 0,
    revision: draft.revision ?? 1000,
    stayId: uuidOf(stay),
    patientId: uuidOf(draft.person ?? 'person'),
    sender: draft.sender ?? 'KS',
    trigger: draft.trigger,
    course: COURSE_OF[draft.trigger],
    at: placeOf(draft.trigger, { encounter, sentAt }),
    sentAt,
    intakeAt,
    intakeStamp: intakeAt * 1000,
    findings: [],
    terms: {
      organisation: 'SE2321000016-1000',
      careProvider: 'Region Stockholm',
      legalForm: 'region-authority',
      ins: 'auto',
      impliedNeed: [],
      info: 'here',
      clock: 'trusted',
      connectedFrom: '2018-01-01',
    },
    patient: {
      identities: [{ type: 'personnummer', system: IDENTIFIER_SYSTEM.personnummer, value: '191212121212' }],
      name: { family: 'Tolvansson', given: ['Tolvan'] },
      ...(municipality !== null && {
        address: { lines: ['Gatan 1'], municipality, ...(draft.district && { district: draft.district }) },
      }),
      ...(clinic !== null && { listedClinic: clinic }),
      ...(draft.protection && { protection: draft.protection }),
    },
    encounter,
    facts: (draft.facts ?? []).map((fact) => ({
      code: fact.code,
      scopes: fact.scopes ?? [],
      values: fact.values,
      status: fact.status ?? 'F',
      at: fact.at ?? sentAt,
      ...(fact.at !== undefined && { stated: String(fact.at) }),
    })),
  };
}

/** Where the events of a test came from: one partition. */
export const ORIGIN = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, part: 0 };

export const NEED_BOTH: FactDraft = { code: 'NEED', values: ['SOC', 'ROV'] };
export const CONSENT: FactDraft = { code: 'CONSENT', values: ['Y'] };
export const REFUSED: FactDraft = { code: 'CONSENT', values: ['N'] };
export const READY: FactDraft = { code: 'READY', values: ['Y'] };
export const NOT_READY: FactDraft = { code: 'READY', values: ['N'] };

/** An admission with a need, as most tests begin. */
export const A01: EventDraft = { name: 'a01', trigger: 'A01', minute: 0, facts: [NEED_BOTH], expected: '2026-05-10' };
/** An update of that stay; it says again what the admission said, unless told otherwise. */
export const a08 = (name: string, minute: number, more: Partial<EventDraft>): EventDraft => ({
  ...{ name, minute, trigger: 'A08', expected: '2026-05-10' },
  ...more,
});

export const INFO: FactDraft = { code: 'INFO', values: ['Mat på bordet'], scopes: ['SOC'] };
/** A clinic that is told nothing without a stated ground: so the ground is the same in every order. */
export const PRIVATE = 'SE5560000001-2002';
/** The patient is sent on to another ward's care. */
export function moved(name: string, minute: number): EventDraft {
  return { name, trigger: 'A03', minute, leaving: 'transfer' };
}
/** A message of the stay that goes on with the case; it states no need of its own unless said. */
export function goesOn(name: string, minute: number, more: Partial<EventDraft>): EventDraft {
  return { name, trigger: 'A01', minute, stay: 'second', start: 12, sender: 'DS', ...more };
}
