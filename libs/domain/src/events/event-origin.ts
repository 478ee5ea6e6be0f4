import type { Instant } from '../time/time.ts';

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
  /** The person whom the message names was looked up in the register of persons (SEC-20), and whether it has one; absent: not. */
  readonly register?: RegisterAnswer;
}

/** What a register of persons answered when it was asked for somebody. */
export const REGISTER_ANSWERS = ['found', 'unknown'] as const;
export type RegisterAnswer = (typeof REGISTER_ANSWERS)[number];
