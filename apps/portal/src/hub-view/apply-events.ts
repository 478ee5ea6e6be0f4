import { parametersOn, type Instant, type Protection, type StayEvent } from '#libs/domain';
import { IDENTIFIER_SYSTEM, isUnreadable, readEventBundle, type Unreadable } from '#libs/fhir';
import type { InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import type { IdMaker } from '#libs/platform';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { rowOf } from '../view/columns.ts';
import { distinctRows } from '../view/distinct-rows.ts';
import { readJson } from '../view/read-json.ts';
import { writeRows } from '../view/rows.queries.ts';
import type { NewRow } from '../view/row.ts';
import { EventSet, type KeptEvent } from './event-set.ts';
import { HUB_KEY, HUB_SCHEMA } from './schema.ts';
import { senderStay } from './sender-stay.ts';
import {
  claimCommunications,
  keepEvents,
  loadEvents,
  lockPersons,
  lockStays,
  protectPersons,
  removeEvents,
  voidStays,
  type KnownStay,
} from './stays.queries.ts';

function readKept(value: unknown): KeptEvent | Unreadable {
  const event = readEventBundle(value);
  if (isUnreadable(event)) return event;
  return { event: { ...event, facts: [] }, visitId: visitIdOf(value as Bundle<FhirResource>) };
}

/** PV1-19: the one thing of the Encounter that no rule needs, so that `StayEvent` has no place for it. */
function visitIdOf(bundle: Bundle<FhirResource>): string | undefined {
  const encounter = bundle.entry?.map(({ resource }) => resource).find((one) => one?.resourceType === 'Encounter');
  return encounter?.identifier?.find(({ system }) => system === IDENTIFIER_SYSTEM.visit)?.value;
}

/** Patient.id in the view of an event's sender: of the organisation and the identity (architecture 2.4). */
function subjectOf(ids: IdMaker, event: StayEvent): string {
  const identity = event.patient.identities[0];
  return ids.patientOf(event.terms.organisation, identity?.system ?? '', identity?.value ?? '');
}

/** The labels that events state, by person; every person is named, since every one is locked. */
function statedLabels(kept: readonly KeptEvent[]): Map<string, Protection | undefined> {
  const labels = new Map<string, Protection | undefined>();
  for (const { event } of kept) {
    labels.set(event.patientId, event.patient.protection ?? labels.get(event.patientId));
  }
  return labels;
}

/**
 * Applies records of `events` to the sender's and the operator's view, within the batch's transaction: Encounter and
 * Patient as the sender stated them.
 * @throws UnreadableRecord for a record that is no event
 */
export async function applyEvents(tx: Tx, records: readonly InRecord[], now: Instant, ids: IdMaker): Promise<void> {
  const kept = records.map((record) => readJson(record, readKept));
  const stated = statedLabels(kept);
  const labels = await lockPersons(tx, stated);
  const { stays, stored } = await storedStays(tx, kept, [...knownStays(kept, labels, ids).values()]);
  const set = new EventSet(stored);
  for (const one of kept) set.add(one);
  const seen = new Set(stored.map(({ event }) => event.stayId));
  const unseen = [...stays.values()].filter(({ stayId }) => !seen.has(stayId));
  const protectedPersons = [...stated].filter(([, label]) => label !== undefined).map(([patientId]) => patientId);
  // Sent together; they run in this order.
  await Promise.all([
    ...keep(tx, set, now, stays),
    writeRows(tx, HUB_SCHEMA, HUB_KEY, distinctRows(rowsOf(set, stays, now, ids))),
    claimCommunications(tx, unseen),
    protectPersons(tx, protectedPersons, now),
  ]);
}

/** The batch's stays with all their events, and the stays that a mended translation takes an event from. */
async function storedStays(tx: Tx, kept: readonly KeptEvent[], known: readonly KnownStay[]) {
  const stays = await lockStays(tx, known);
  const inboundIds = kept.map(({ event }) => event.inboundId);
  const stored = await loadEvents(tx, [...stays.keys()], inboundIds);
  const left = [...new Set(stored.map(({ event }) => event.stayId))].filter((stayId) => !stays.has(stayId));
  if (left.length === 0) return { stays, stored };
  const others = await lockStays(
    tx,
    left.map((stayId) => ({ stayId })),
  );
  const all = new Map([...stays, ...others]);
  return { stays: all, stored: await loadEvents(tx, [...all.keys()], inboundIds) };
}

function knownStays(
  kept: readonly KeptEvent[],
  labels: ReadonlyMap<string, Protection>,
  ids: IdMaker,
): Map<string, KnownStay> {
  return new Map(
    kept.map(({ event }): [string, KnownStay] => {
      const { stayId, patientId, terms } = event;
      const subject = subjectOf(ids, event);
      return [
        stayId,
        { stayId, patientId, subject, organisation: terms.organisation, protection: labels.get(patientId) },
      ];
    }),
  );
}

function keep(tx: Tx, set: EventSet, now: Instant, stays: ReadonlyMap<string, KnownStay>): Promise<void>[] {
  const left = set.stays();
  const emptied = [...stays.keys()].filter((stayId) => !left.has(stayId));
  return [removeEvents(tx, set.removed()), keepEvents(tx, set.put()), voidStays(tx, emptied, now)];
}

/** What each stay looks like now; one that is as it was keeps its version (rows.queries.ts). */
function rowsOf(set: EventSet, stays: ReadonlyMap<string, KnownStay>, now: Instant, ids: IdMaker): NewRow[] {
  return [...set.stays()].flatMap(([stayId, kept]) => {
    const events = kept.map(({ event }) => event);
    const last = events.at(-1);
    if (last === undefined) return [];
    const visitId = kept.findLast((one) => one.visitId !== undefined)?.visitId;
    const { encounter, patient } = senderStay(events, subjectOf(ids, last), visitId, (date) => parametersOn(date));
    const protection = stays.get(stayId)?.protection;
    const place = { audience: last.terms.organisation, updatedAt: now, ...(protection && { protection }) };
    return [rowOf(encounter, place), rowOf(patient, place)];
  });
}
