import {
  protectionBy,
  upgradeStoredEvent,
  type PersonProtection,
  type PersonStay,
  type ProtectionClaim,
  type StayEvent,
} from '#libs/domain';
import type { Tx } from '#libs/persistence';
import { EVENTS_OF_STAYS, PROTECTION_CLAIMS, STAYS_OF_PERSONS } from './stay.queries.ts';

/** One of the stays that may go on in each other (DEC-08), with what its judgement needs of its person. */
export interface Kin extends PersonStay {
  readonly protection?: PersonProtection | undefined;
}

export interface ClaimRow {
  readonly patient_id: string;
  /** Null, with the rest: no claim, but the person has a transfer. */
  readonly event_id: string | null;
  readonly protection: ProtectionClaim['label'] | null;
  readonly intake_at: number | null;
}

/** What is said of persons wherever it was said. */
export interface OfPersons {
  readonly transferred: readonly string[];
  /** Under which label, and since when, somebody known by these ids is protected. */
  readonly protectionFor: (persons: readonly string[]) => PersonProtection | undefined;
}

/** Reads who is protected and who was ever transferred. In: patient ids. */
export async function readPersons(tx: Tx, persons: readonly string[]): Promise<OfPersons> {
  const { rows } = await tx.query<ClaimRow>(PROTECTION_CLAIMS([persons]));
  const claims = Map.groupBy(rows.flatMap(claimOf), (claim) => claim.patientId);
  return {
    transferred: rows.filter((row) => row.event_id === null).map((row) => row.patient_id),
    protectionFor: (ids) => protectionBy(ids.flatMap((id) => claims.get(id) ?? [])),
  };
}

function claimOf(row: ClaimRow): ProtectionClaim[] {
  const { patient_id: patientId, event_id: eventId, protection: label, intake_at: since } = row;
  return eventId === null || label === null || since === null ? [] : [{ patientId, eventId, label, since }];
}

/**
 * The stays of these persons, as they are stored. Who changes one of them holds the locks of all (`apply-events.ts`), so a
 * reader that holds the lock of one sees the others as they were when that one was last judged, or later.
 */
export async function readKin(tx: Tx, transferred: readonly string[]): Promise<readonly Kin[]> {
  if (transferred.length === 0) return [];
  const { rows } = await tx.query<{ stay_id: string }>(STAYS_OF_PERSONS([transferred]));
  const stays = [...new Set(rows.map((row) => row.stay_id))];
  const read = await tx.query<{ stay_id: string; body: string }>(EVENTS_OF_STAYS([stays]));
  const byStay = Map.groupBy(read.rows, (row) => row.stay_id);
  const kin = [...byStay].map(([stayId, own]) => ({
    stayId,
    events: own.map((row) => upgradeStoredEvent(JSON.parse(row.body))),
  }));
  const { protectionFor } = await readPersons(tx, [...new Set(kin.flatMap(({ events }) => patientsIn(events)))]);
  return kin.map((one) => ({ ...one, protection: protectionFor(patientsIn(one.events)) }));
}

/** The ids that the person is known by in these events. */
export function patientsIn(events: readonly StayEvent[]): string[] {
  return [...new Set(events.map((event) => event.patientId))];
}
