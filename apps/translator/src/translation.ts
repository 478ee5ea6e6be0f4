import type { CaseEvent, OperatorEvent, Instant, PartyEvent } from '#libs/domain';
import type { EventRaw, SenderEvent } from '#libs/fhir';
import type { Agreement, County } from '#libs/county';
import { fault, type Fault, type FaultName, type IdMaker } from '#libs/platform';

/*
 * What a reader takes and gives. Every way in ends as one record on `inbound`; its kind says what the bytes are, and one reader
 * per kind (`translate-record.ts`) makes events of them. After the readers nobody knows which way a message came.
 */

/**
 * Grows with every change of meaning in this app. An event's revision is the agreement's times a thousand plus this, so
 * that a replay after a mend of either replaces what was read before (architecture 2.5).
 */
export const TRANSLATOR_REVISION = 10;

/** The revision of an event that was read by an agreement, or by none (0). */
export function revisionOf(agreement: Pick<Agreement, 'revision'> | undefined): number {
  return (agreement?.revision ?? 0) * 1000 + TRANSLATOR_REVISION;
}

/** A message as it lies on `inbound`. */
export interface Arrival {
  readonly inboundId: string;
  /** Who sent it: an agreement's id, or the party that the ingress authenticated. */
  readonly sender: string;
  readonly bytes: Buffer;
  readonly intakeAt: Instant;
  readonly intakeStamp: number;
}

/** What a reader may look into. */
export interface TranslatorParts {
  readonly county: Pick<County, 'agreement' | 'directory'>;
  readonly ids: IdMaker;
}

/** An event, and what its message carried beside it that no rule needs. */
export interface TranslatedEvent {
  readonly event: SenderEvent;
  readonly raw: EventRaw;
}

/** The events of a message of a sender, one at least and in the order of their ordinals, or all that hinders it (SAL-1). */
export type SenderTranslation =
  | { readonly kind: 'events'; readonly events: readonly TranslatedEvent[] }
  | (Rejected & { readonly kind: 'rejection' });

/**
 * The events of a message, whoever wrote it. What a party says is an answer, by whichever way it came; what was told beside
 * the hub is a record of it (TEK-02).
 */
export type Translation =
  | SenderTranslation
  | { readonly kind: 'party-events'; readonly events: readonly PartyEvent[] }
  | { readonly kind: 'operator-events'; readonly events: readonly OperatorEvent[] }
  | { readonly kind: 'case-events'; readonly events: readonly CaseEvent[] };

/** A message that cannot be taken. `trigger` and `controlId` (MSH-10) as the sender wrote them, where they could be read. */
export interface Rejected {
  readonly faults: readonly Fault[];
  readonly trigger?: string | undefined;
  readonly controlId?: string | undefined;
}

/**
 * Reads the bytes of one kind. Pure but for the tables it is given: the same bytes, agreement and secret give the same events
 * on every replay. What a reader throws is a bug of ours, and rejects the message.
 */
export type Reader = (arrival: Arrival, parts: TranslatorParts) => Translation;

/** A rejection for one reason. */
export function rejectedFor(name: FaultName, place?: string): SenderTranslation {
  return { kind: 'rejection', faults: [fault(name, place)] };
}

/** The rejection of a message whose events no record holds, with what its sender knows it by. */
export function tooLarge(translation: Exclude<Translation, { readonly kind: 'rejection' }>): SenderTranslation {
  const [first] = translation.kind === 'events' ? translation.events : [];
  const named = first && { trigger: first.event.trigger, controlId: first.raw.controlId };
  return { kind: 'rejection', faults: [fault('event-too-large')], ...named };
}
