import type { Ground } from '../codes/elements-and-grounds.ts';
import type { PartyId, UnitRole } from '../parties/party.ts';
import type { Instant, StatedTime } from '../time/time.ts';
import type { Course } from './course.ts';
import type { EventFinding, EventOrigin, Terms } from './event-origin.ts';
import type { Fact } from './fact.ts';
import type { NeedScope } from '../codes/scope.ts';
import type { HomeWord, PartyStatement } from './party-event.ts';
import type { EncounterStatement, Merger, PatientStatement } from './statements.ts';

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
  /** What a party, or the ward for the planning, said: its own duties are judged by it (`answers/party-words.ts`). */
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

/**
 * What a party, or the operator, decides of who is told of a stay (rules 12.2, 12.7, RTE-23). It is an event of the stay like a
 * message of the ward: router and watcher keep and fold it with the others, so that both see the same recipients.
 *
 *   returned         wrongly addressed; perhaps the right party (RET)
 *   case-owned       the party says whose the case is: that beats the address (RTE-23)
 *   recipient-added  the party adds a recipient of its own (rules 12.7)
 *   released         the operator's: a need that no rule may send goes to this recipient
 *   call-recorded    a recipient was told beside the hub: it is told nothing more or less by that (TEK-02)
 *   directory-changed  the hub's own: by the directory that is in force from here on others are told (RTE-24)
 *   undone           an earlier one of the same party, or of the operator, never was
 */
export type RoutingStatement =
  | { readonly kind: 'returned'; readonly by: PartyId; readonly proposal?: PartyId }
  | { readonly kind: 'case-owned'; readonly by: PartyId; readonly owner: PartyId; readonly desk?: string }
  | {
      readonly kind: 'recipient-added';
      readonly by: PartyId;
      readonly recipient: PartyId;
      /** What the party lets a provider of home care know, and on which grounds. */
      readonly home?: HomeWord;
      readonly grounds?: readonly Ground[];
    }
  | {
      readonly kind: 'released';
      readonly by: typeof OPERATOR;
      readonly recipient: PartyId;
      readonly scopes: readonly NeedScope[];
      readonly ground: Ground;
      readonly role?: UnitRole;
    }
  | {
      readonly kind: 'call-recorded';
      readonly by: typeof OPERATOR;
      readonly recipient: PartyId;
      readonly at: Instant;
      /** Code of `CodeSystem/notice`: what was told, where the record says it. */
      readonly notice?: string;
      readonly channel?: string;
      /** The ward that made the call recorded it: it may see what it has said itself. */
      readonly byWard?: true;
    }
  | {
      readonly kind: 'directory-changed';
      readonly by: typeof DIRECTORY;
      readonly version: string;
      readonly at: Instant;
    }
  | { readonly kind: 'undone'; readonly by: PartyId; readonly eventId: string };

/** Who speaks where no party does; no party has these ids. */
export const OPERATOR = 'operator';
export const DIRECTORY = 'directory';
