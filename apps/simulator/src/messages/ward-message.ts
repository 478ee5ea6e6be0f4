import type { Instant } from '../county/county-time.ts';
import type { Hospital } from '../county/hospitals.ts';
import type { Home, Person } from '../county/people.ts';

/** What a ward's system sends of a visit. */
export type VisitTrigger =
  | 'A01'
  | 'A02'
  | 'A03'
  | 'A04'
  | 'A05'
  | 'A06'
  | 'A07'
  | 'A08'
  | 'A11'
  | 'A12'
  | 'A13'
  | 'A14'
  | 'A16'
  | 'A21'
  | 'A22'
  | 'A25';
/** What it sends of a person beside any visit: such a message names none. */
export type PersonTrigger = 'A18' | 'A28' | 'A31' | 'A34' | 'A40';
export type Trigger = VisitTrigger | PersonTrigger;
export type Scope = 'SOC' | 'KHSL' | 'ROV';

/** One OBX of the default dialect. */
export interface FactLine {
  readonly code:
    | 'NEED'
    | 'INS'
    | 'CONSENT'
    | 'BASIS'
    | 'INFO'
    | 'READY'
    | 'REFERRAL'
    | 'COMPULSORY'
    | 'OPTDECISION'
    | 'CARETYPE'
    | 'HOMECARE'
    | 'PATINFO'
    | 'CHECK';
  readonly value: readonly string[];
  readonly scopes?: readonly Scope[];
  /** OBX-11; `F` unless said. */
  readonly status?: FactStatus;
  /** OBX-14, to the second. */
  readonly at?: Instant;
  /** OBX-14, the local day of this moment alone. */
  readonly on?: Instant;
}

type FactStatus = 'F' | 'C' | 'D' | 'W';

/** What a ward writes in one message. What is undefined is left empty: nothing new is said of it. */
export interface WardMessage {
  readonly hospital: Hospital;
  /** PV1-3.4; the hospital's first ward unless said. */
  readonly ward?: string;
  readonly visit: string;
  readonly controlId: string;
  readonly trigger: Trigger;
  /** MSH-7. */
  readonly sent: Instant;
  /** EVN-6. */
  readonly occurred?: Instant | undefined;
  /** EVN-2 as written; when it was sent unless said. */
  readonly recorded?: string;
  readonly person: Person;
  /** MRG-1: who turned out to be the person. */
  readonly mergedWith?: Person;
  /** False: the name is missing. */
  readonly withName: boolean;
  readonly familyName?: string;
  /** PID-7 as written; the person's own unless said. */
  readonly born?: string;
  readonly home?: Home;
  readonly clinic?: string;
  /** PV1-2. */
  readonly class: 'I' | 'E' | 'O' | 'P';
  readonly admitted: Instant;
  /** How PV1-44 gives it: to the second unless said. */
  readonly admissionGiven?: 'to-the-day' | 'not-at-all';
  readonly discharged?: Instant;
  /** PV2-9 as written. */
  readonly expected?: string;
  /** PV1-36, table 0112. */
  readonly leaving?: string | undefined;
  /** PID-30, `Y` or `N`. */
  readonly dead?: boolean;
  /** How the ward says that the person is protected: PV2-22, or a code of ARV-3, which may be none of the table. */
  readonly protection?: 'PV2-22' | 'SEKR' | 'SKYDD' | 'FING' | 'SKYDDAD' | undefined;
  readonly facts: readonly FactLine[];
  /** MSH-18. */
  readonly charset: Charset;
  /** What the bytes really are; what MSH-18 says unless said. */
  readonly writtenAs?: Charset;
}

export type Charset = 'UNICODE UTF-8' | '8859/1';

interface Timed {
  readonly at?: Instant;
  readonly on?: Instant;
  readonly status?: FactStatus;
}

/** The need that the doctor judged; an empty list is `NONE`: judged, and there is none. */
export function need(scopes: readonly Scope[], timed: Timed = {}): FactLine {
  return { code: 'NEED', value: scopes.length === 0 ? ['NONE'] : scopes, ...timed };
}

/** Consent, for all or for some scopes. */
export function consent(answer: 'Y' | 'N', scopes: readonly Scope[] = [], timed: Timed = {}): FactLine {
  return { code: 'CONSENT', value: [answer], scopes, ...timed };
}

/** Another ground than consent (rules 8.2). */
export function basis(code: string): FactLine {
  return { code: 'BASIS', value: [code] };
}

/** The ward orders the admission notice (agreements with `ins=ordered`): for all, or for some scopes alone. */
export function order(scopes: readonly Scope[] = []): FactLine {
  return { code: 'INS', value: ['Y'], scopes };
}

/** Ready to leave, or not any more. */
export function ready(answer: 'Y' | 'N', timed: Timed = {}): FactLine {
  return { code: 'READY', value: [answer], ...timed };
}

/** Information at discharge; without scopes it is the region's open care that it is for. */
export function info(
  scopes: readonly Scope[],
  text = 'Åter hem. Se över läkemedel & hjälpmedel.',
  timed: Timed = {},
): FactLine {
  return { code: 'INFO', value: [text], scopes, ...timed };
}
