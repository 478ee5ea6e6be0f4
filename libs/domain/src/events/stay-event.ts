import type { Instant, StatedTime } from '../time/time.ts';
import type { Course } from './course.ts';
import type { EventOrigin } from './event-origin.ts';
import type { EventFinding } from './event-finding.ts';
import type { Fact } from './fact.ts';
import type { PartyStatement } from './party-event.ts';
import type { RoutingStatement } from './routing-statement.ts';
import type { EncounterStatement, Merger, PatientStatement } from './statements.ts';
import type { Terms } from './terms.ts';
import type { PartyId } from '../routing/party.ts';

/** One message of a sender about one stay, as the translator understood it. The unit of every fold. */
export interface StayEvent extends EventOrigin {
  readonly stayId: string;
  /** HMAC of the patient's first identity: the lock and the join of what holds for all stays of a person. */
  readonly patientId: string;
  /** Id of the sender's agreement (MSH-4). */
  readonly sender: string;
  /** What the sender calls the message (`A08`, a code of a form). Shown, and compared as text; it decides nothing. */
  readonly trigger: string;
  readonly course: Course;
  /** Where it stands in the order of time: the field that its trigger's row names, an imprecise time at its start. */
  readonly at: Instant;
  /** MSH-7. */
  readonly sentAt: Instant;
  /** EVN-6, when the sender states it. */
  readonly occurredAt?: StatedTime;
  readonly terms: Terms;
  readonly patient: PatientStatement;
  readonly encounter: EncounterStatement;
  readonly facts: readonly Fact[];
  /** What was not right in the message (SAL-5). */
  readonly findings: readonly EventFinding[];
  /**
   * No message of the ward: it was said of the person beside any stay (`person/person-in-stay.ts`), or of the stay by those
   * who are told of it, and is read here as an update.
   */
  readonly beside?: Beside;
  /** It was said of another stay, which the operator has joined to this one (`person/joined-stays.ts`). */
  readonly joined?: JoinedFrom;
}

/** Where an event of a joined stay comes from. */
export interface JoinedFrom {
  /** The stay that the message named. */
  readonly stay: string;
  /** What the message did to that stay. */
  readonly course: Course;
  /** Intake of the word that the two are one. */
  readonly since: Instant;
}

/** What an event that is no message of the ward is besides an update. */
export interface Beside {
  /** Ids that the person is known by, where a merger has made them one. */
  readonly persons?: readonly string[];
  readonly merged?: Merger;
  readonly routing?: RoutingStatement;
  /** The operator has lifted the person's protection; `ofVisit`: also that of this visit alone (DEC-23). */
  readonly lifted?: { readonly ofVisit: boolean };
  /** What a party, or the ward for the planning, said: its own duties are judged by it (`stay/party-words.ts`). */
  readonly word?: PartyWord;
}

/** What a party said of a stay, without free text. */
export interface PartyWord {
  readonly party: PartyId;
  /** Id of the Communication that it is about; absent when it is about the stay as a whole. */
  readonly about?: string;
  readonly says: PartyStatement;
}

/** True of what a party or the operator said: it came under no sender's agreement, and names no person. */
export function isPartysOrOperators({ beside }: StayEvent): boolean {
  return beside?.routing !== undefined || beside?.word !== undefined;
}
