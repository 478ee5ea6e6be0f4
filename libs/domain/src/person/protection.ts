import type { Protection } from '../events/statements.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { Instant } from '../time/time.ts';

/** Of two protections the one that says more: a kind that is known says more than `unknown`; both are held as the strictest. */
export function strictest(known: Protection | undefined, stated: Protection | undefined): Protection | undefined {
  return known === undefined || known === 'unknown' ? (stated ?? known) : known;
}

/** Since when, and under which label, a person is protected in every stay (rules 12.6; DEC-23). */
export interface PersonProtection {
  readonly label: Protection;
  /** Intake of the event that stated it. */
  readonly since: Instant;
}

/** An event that says that its patient is protected: it holds for all stays of that person. */
export interface ProtectionClaim extends PersonProtection {
  readonly patientId: string;
  readonly eventId: string;
}

/** The claim that an event makes of the person, if any. Protection of one visit is none (DEC-23). */
export function claimOf(event: StayEvent): ProtectionClaim | undefined {
  const { patientId, eventId, intakeAt } = event;
  const label = event.patient.protection;
  return label && { patientId, eventId, label, since: intakeAt };
}

/** What the claims about one person say together. Pure in the set of claims: their order does not matter. */
export function protectionBy(claims: Iterable<ProtectionClaim>): PersonProtection | undefined {
  const [first, ...later] = [...claims].sort((a, b) => a.since - b.since || (a.eventId < b.eventId ? -1 : 1));
  if (!first) return undefined;
  const named = first.label === 'unknown' ? later.find((claim) => claim.label !== 'unknown') : undefined;
  return { label: named?.label ?? first.label, since: first.since };
}

/** True when two are the same protection. */
export function sameProtection(a: PersonProtection | undefined, b: PersonProtection | undefined): boolean {
  return a?.since === b?.since && a?.label === b?.label;
}

/** The ids by which a stay knows its person, and since when (`knownSince`). */
export type KnownSince = ReadonlyMap<string, Instant>;

/**
 * What protects the person in one stay: what any stay has claimed of the person (rules 12.6), from when that was claimed, but
 * not before this stay was known to be that person's: what was told until then was told of somebody not known to be protected.
 * @param known the ids by which the stay knows its person
 * @param claims of whomever; those about others say nothing
 */
export function protectionIn(known: KnownSince, claims: Iterable<ProtectionClaim>): PersonProtection | undefined {
  return protectionBy(
    [...claims].flatMap((claim) => {
      const since = known.get(claim.patientId);
      return since === undefined ? [] : [{ ...claim, since: Math.max(claim.since, since) }];
    }),
  );
}
