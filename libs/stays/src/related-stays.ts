import { knownSince, patientsIn, protectionIn, type PersonProtection, type PersonStay } from '#libs/domain';
import type { Reader, StayStore } from './stay-store.ts';

/** One of the stays that may go on in each other (DEC-08), with what its history needs of its person. */
export interface RelatedStay extends PersonStay {
  readonly protection?: PersonProtection | undefined;
}

/**
 * All stays of these persons as they are stored, and of whoever else those stays know them as. Locks nothing. Who changes one
 * of them holds the locks of all ({@link lockAndLoad}), so a reader that holds the lock of one sees the others as they were
 * when that one was last changed, or later.
 */
export async function relatedStays(
  reader: Reader,
  store: StayStore,
  patientIds: readonly string[],
): Promise<readonly RelatedStay[]> {
  if (patientIds.length === 0) return [];
  const kept = await store.eventsOf(reader, await store.staysOf(reader, patientIds));
  const events = kept.map(({ event }) => event);
  const everyone = [...new Set([...patientIds, ...patientsIn(events)])];
  if (everyone.length > patientIds.length) return relatedStays(reader, store, everyone);
  const { claims } = await store.personsOf(reader, everyone);
  return [...Map.groupBy(events, (event) => event.stayId)].map(([stayId, own]) => ({
    stayId,
    events: own,
    protection: protectionIn(knownSince(own), claims),
  }));
}
