import type { Instant, PersonProtection, Protection } from '#libs/domain';

/** An event that says that its patient is protected: it holds for all stays of that person (domain.md 12.6). */
export interface ProtectionClaim {
  readonly patientId: string;
  readonly eventId: string;
  readonly label: Protection;
  /** Intake of the event. */
  readonly since: Instant;
}

/** Since when, and under which label, a person is protected. Pure in the set of claims: their order does not matter. */
export function protectionOf(claims: readonly ProtectionClaim[]): PersonProtection | undefined {
  const [first, ...later] = [...claims].sort((a, b) => a.since - b.since || (a.eventId < b.eventId ? -1 : 1));
  if (!first) return undefined;
  // A kind that is known says more than `unknown`; both are held as the strictest.
  const named = first.label === 'unknown' ? later.find((claim) => claim.label !== 'unknown') : undefined;
  return { label: named?.label ?? first.label, since: first.since };
}
