import type { Instant, StatedTime } from '../time/time.ts';
import type { Course } from './course.ts';
import type { EventFinding } from './event-finding.ts';
import type { Fact } from './fact.ts';
import type { RoutingStatement } from './routing-statement.ts';
import type { EncounterStatement, Merger, PatientStatement } from './statements.ts';
import type { Terms } from './terms.ts';

/** What every event says of where it comes from and when the hub took it in. */
export interface EventOrigin {
  readonly eventId: string;
  readonly inboundId: string;
  readonly ordinal: number;
  /** Of agreement and translator, ever growing: a higher one replaces all events of the same inbound id. */
  readonly revision: number;
  /** When the hub took it in; of duplicates the earliest. */
  readonly intakeAt: Instant;
  /** Stamp of the ingress, strictly growing per connection: of events equal in all else, the one taken in last holds (DEC-20). */
  readonly intakeStamp: number;
}

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
}

/** What an event that is no message of the ward is besides an update. */
export interface Beside {
  /** Ids that the person is known by, where a merger has made them one. */
  readonly persons?: readonly string[];
  readonly merged?: Merger;
  readonly routing?: RoutingStatement;
  /** The operator has lifted the person's protection; `ofVisit`: also that of this visit alone (DEC-23). */
  readonly lifted?: { readonly ofVisit: boolean };
}
