import type { Encounter } from 'fhir/r4.js';
import type { Instant } from '#libs/domain';
import { IDENTIFIER_SYSTEM, readStay, type StatedStay, type StayRecord } from '#libs/fhir';
import type { InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { readJson, rowOf } from '../view/columns.ts';
import { distinctRows, writeRows } from '../view/rows.queries.ts';
import type { NewRow } from '../view/row.ts';
import { HUB_KEY, HUB_SCHEMA } from './schema.ts';
import { claimCommunications, keepStays, lockStays, protectStays, voidStays, type KnownStay } from './stays.queries.ts';

/** Records that are news, and what is known of each stay after them. */
interface News {
  readonly records: readonly StayRecord[];
  readonly stays: ReadonlyMap<string, KnownStay>;
}

/**
 * Applies records of `stays` to the sender's and the operator's view, within the batch's transaction: Encounter and Patient
 * as the sender stated them, and the lines on who was told why. An older version of a stay changes nothing, wherever it comes.
 * @throws UnreadableRecord for a record that is no stay
 */
export async function applyStays(tx: Tx, records: readonly InRecord[], now: Instant): Promise<void> {
  const read = records.map((record) => readJson(record, readStay));
  const before = await lockStays(
    tx,
    read.map(({ stayId }) => stayId),
  );
  const news = newsAmong(read, before);
  const changed = [...new Set(news.records.map(({ stayId }) => stayId))].flatMap((id) => news.stays.get(id) ?? []);
  const last = new Map(news.records.map((record) => [record.stayId, record]));
  const emptied = [...last.values()].filter(({ stated }) => stated === undefined).map(({ stayId }) => stayId);
  const found = changed.filter(({ stayId }) => before.get(stayId)?.organisation === undefined);
  const labelled = changed.filter((stay) => before.get(stay.stayId)?.protection !== stay.protection);
  // Sent together; they run in this order.
  await Promise.all([
    keepStays(tx, changed),
    writeRows(tx, HUB_SCHEMA, HUB_KEY, distinctRows(rowsOf(news, now))),
    voidStays(tx, emptied, now),
    claimCommunications(tx, found),
    protectStays(tx, labelled, now),
  ]);
}

function newsAmong(read: readonly StayRecord[], before: ReadonlyMap<string, KnownStay>): News {
  const stays = new Map(before);
  const records = read.filter((record) => {
    const known = stays.get(record.stayId);
    if (known === undefined || record.version <= known.version) return false;
    stays.set(record.stayId, after(known, record));
    return true;
  });
  return { records, stays };
}

function after(
  known: KnownStay,
  { version, stated, protection, told, withheld, findings, calls, decision, earlier }: StayRecord,
): KnownStay {
  const visitId = stated && visitIdOf(stated.encounter);
  return {
    ...known,
    // What is absent is not written.
    ...{ version, lines: JSON.stringify({ told, withheld, findings, calls, decision, earlier }) },
    ...(stated && { organisation: stated.organisation, subject: stated.patient.id }),
    ...(visitId !== undefined && { visitId }),
    // A label is lifted by a person, never by a record (DEC-23).
    protection: known.protection ?? protection,
  };
}

function visitIdOf({ identifier }: Encounter): string | undefined {
  return identifier?.find(({ system }) => system === IDENTIFIER_SYSTEM.visit)?.value;
}

/** What each stay looks like now; one that is as it was keeps its version (rows.queries.ts). */
function rowsOf({ records, stays }: News, updatedAt: Instant): NewRow[] {
  return records.flatMap(({ stayId, stated }) => {
    if (stated === undefined) return [];
    const known = stays.get(stayId);
    const place = { audience: stated.organisation, updatedAt, protection: known?.protection };
    return [rowOf(withVisit(stated, known?.visitId), place), rowOf(stated.patient, place)];
  });
}

/** The router of the version before kept no visit id, but this view did: it goes on showing it. */
function withVisit({ encounter }: StatedStay, visitId: string | undefined): Encounter {
  if (visitId === undefined || encounter.identifier !== undefined) return encounter;
  return { ...encounter, identifier: [{ system: IDENTIFIER_SYSTEM.visit, value: visitId }] };
}
