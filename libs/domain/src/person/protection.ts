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
  /** Intake of the operator's word that lifted it; absent: it holds. */
  readonly until?: Instant;
  /** One that was lifted before. */
  readonly before?: PersonProtection;
}

/** What a claim says that a protection is lifted. */
export const LIFTED = 'lifted';

/** An event that says that its patient is protected, or is not any more: it holds for all stays of that person. */
export interface ProtectionClaim {
  readonly patientId: string;
  readonly eventId: string;
  readonly label: Protection | typeof LIFTED;
  readonly since: Instant;
}

/** True of a person who is protected still. */
export function isProtected(protection: PersonProtection | undefined): boolean {
  return protection !== undefined && protection.until === undefined;
}

/** The protection of a person at an instant. */
export function protectionAt(protection: PersonProtection | undefined, now: Instant): PersonProtection | undefined {
  for (let one = protection; one; one = one.before) {
    if (one.since <= now && (one.until === undefined || now < one.until)) return one;
  }
  return undefined;
}

/** The claim that an event makes of the person, if any. Protection of one visit is none (DEC-23). */
export function claimOf(event: StayEvent): ProtectionClaim | undefined {
  const { patientId, eventId, intakeAt } = event;
  const label = event.beside?.lifted ? LIFTED : event.patient.protection;
  return label && { patientId, eventId, label, since: intakeAt };
}

/** What the claims about one person say together. Pure in the set of claims: their order does not matter. */
export function protectionBy(claims: Iterable<ProtectionClaim>): PersonProtection | undefined {
  return periodsOf([...claims].sort(bySince));
}

function bySince(a: ProtectionClaim, b: ProtectionClaim): number {
  return a.since - b.since || (a.eventId < b.eventId ? -1 : 1);
}

/**
 * unprotected -> protected      claimed by whomever; a kind that becomes known later is that of the whole period
 * protected -> unprotected      lifted
 */
function periodsOf(ordered: readonly ProtectionClaim[]): PersonProtection | undefined {
  let latest: PersonProtection | undefined;
  for (const { label, since } of ordered) {
    if (label === LIFTED) {
      if (latest && latest.until === undefined)
        latest = latest.since < since ? { ...latest, until: since } : latest.before;
    } else if (latest && latest.until === undefined) {
      if (latest.label === 'unknown') latest = { ...latest, label };
    } else latest = { label, since, ...(latest && { before: latest }) };
  }
  return latest;
}

/** True when two are the same protection. */
export function sameProtection(a: PersonProtection | undefined, b: PersonProtection | undefined): boolean {
  if (!a || !b) return a === b;
  return a.since === b.since && a.label === b.label && a.until === b.until && sameProtection(a.before, b.before);
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
  // In the order in which they were made: what was lifted before the stay was known to be this person's is lifted in it.
  const held = [...claims].sort(bySince).flatMap((claim) => {
    const since = known.get(claim.patientId);
    return since === undefined ? [] : [{ ...claim, since: Math.max(claim.since, since) }];
  });
  return periodsOf(held.sort((a, b) => a.since - b.since));
}
