import type { Instant } from '../county/county-time.ts';
import type { Home, Person } from '../county/people.ts';
import type { Hospital } from '../county/hospitals.ts';

export type Trigger = 'A01' | 'A03' | 'A08' | 'A11' | 'A13';
export type Scope = 'SOC' | 'KHSL' | 'ROV';

/** One OBX of the default dialect. */
export interface FactLine {
  readonly code: 'NEED' | 'INS' | 'CONSENT' | 'BASIS' | 'INFO' | 'READY';
  readonly value: readonly string[];
  readonly scopes?: readonly Scope[];
  /** OBX-11; `F` unless said. */
  readonly status?: 'F' | 'C' | 'D';
  /** OBX-14, to the second. */
  readonly at?: Instant;
}

/** What a ward writes in one message. What is undefined is left empty: nothing new is said of it. */
export interface WardMessage {
  readonly hospital: Hospital;
  readonly visit: string;
  readonly controlId: string;
  readonly trigger: Trigger;
  /** MSH-7. */
  readonly sent: Instant;
  /** EVN-6. */
  readonly occurred?: Instant;
  readonly person: Person;
  /** False: the name is missing. */
  readonly withName: boolean;
  readonly familyName?: string;
  readonly home?: Home;
  readonly clinic?: string;
  /** PV1-2. */
  readonly class: 'I' | 'E';
  readonly admitted: Instant;
  readonly discharged?: Instant;
  /** PV2-9 as written. */
  readonly expected?: string;
  /** PV1-36, table 0112. */
  readonly leaving?: string;
  /** PID-30. */
  readonly dead?: boolean;
  /** How the ward says that the person is protected: PV2-22 or a code of ARV-3. */
  readonly protection?: 'PV2-22' | 'SEKR' | 'SKYDD' | 'FING';
  readonly facts: readonly FactLine[];
  /** MSH-18. */
  readonly charset: Charset;
}

export type Charset = 'UNICODE UTF-8' | '8859/1';
