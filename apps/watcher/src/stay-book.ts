import { HOUR, upgradeStoredEvent, type Instant } from '#libs/domain';
import type { TaskRecord } from '#libs/fhir';
import type { Tx } from '#libs/persistence';
import { storedDeviation } from './deviation-diff.ts';
import type { KeptEvent } from './event-set.ts';
import { hourOf } from './habit.ts';
import { patientsIn, readKin, readPersons } from './kin.ts';
import type { Silences } from './silence.ts';
import type { StayFile, Surroundings } from './stay-file.ts';
import {
  DEADLINES_OF_STAYS,
  DEVIATIONS_OF_STAYS,
  EVENTS_OF_STAYS,
  LOCK_STAYS,
  RECEIPTS_OF_STAYS,
  REMINDERS_OF_STAYS,
  SUSPECTED_STAYS,
} from './stay.queries.ts';
import type { Statement } from './query.ts';

interface Body {
  readonly stay_id: string;
  readonly body: string;
}
interface EventRow extends Body {
  readonly published_at: number;
}
interface NamedInstant {
  readonly stay_id: string;
  readonly name: string;
  readonly at: Instant;
}

/**
 * Locks stays in the order of their ids and reads their files, under that lock: what another transaction changed
 * meanwhile is seen. In: stay ids, each once or more. Out: a file each; a stay not known yet has an empty one.
 */
export async function openFiles(tx: Tx, stayIds: Iterable<string>): Promise<Map<string, StayFile>> {
  const ids = [...new Set(stayIds)];
  if (ids.length === 0) return new Map();
  const created = await tx.query<{ stay_id: string }>(LOCK_STAYS([ids]));
  const fresh = new Set(created.rows.map((row) => row.stay_id));
  const kept = ids.filter((id) => !fresh.has(id));
  const [events, deviations, reminders, deadlines, receipts] =
    kept.length === 0 ? NOTHING_KEPT : await readKept(tx, kept);
  return new Map(
    ids.map((stayId): [string, StayFile] => [
      stayId,
      {
        stayId,
        events: new Map((events.get(stayId) ?? []).map(eventOf)),
        deviations: (deviations.get(stayId) ?? []).map((row) => storedDeviation(row.body)),
        reminders: (reminders.get(stayId) ?? []).map((row) => JSON.parse(row.body) as TaskRecord),
        deadlines: new Map((deadlines.get(stayId) ?? []).map((row) => [row.name, row.at])),
        receipts: new Map((receipts.get(stayId) ?? []).map((row) => [row.name, row.at])),
      },
    ]),
  );
}

type ByStay<Row> = ReadonlyMap<string, readonly Row[]>;
type Kept = [ByStay<EventRow>, ByStay<Body>, ByStay<Body>, ByStay<NamedInstant>, ByStay<NamedInstant>];

const NOTHING_KEPT: Kept = [new Map(), new Map(), new Map(), new Map(), new Map()];

async function readKept(tx: Tx, stayIds: string[]): Promise<Kept> {
  const read = async <Row extends { stay_id: string }>(of: Statement): Promise<ByStay<Row>> =>
    Map.groupBy((await tx.query<Row>(of([stayIds]))).rows, (row) => row.stay_id);
  return Promise.all([
    read<EventRow>(EVENTS_OF_STAYS),
    read<Body>(DEVIATIONS_OF_STAYS),
    read<Body>(REMINDERS_OF_STAYS),
    read<NamedInstant>(DEADLINES_OF_STAYS),
    read<NamedInstant>(RECEIPTS_OF_STAYS),
  ]);
}

function eventOf(row: EventRow): [string, KeptEvent] {
  // A state of the version before holds events as that had them, until a replay has read their messages anew.
  const event = upgradeStoredEvent(JSON.parse(row.body));
  return [event.eventId, { event, publishedAt: row.published_at }];
}

/**
 * What other stays, `rejected` and the habits of senders bring to these files. Read after the events of the batch are
 * written: a claim or a resolving message in the batch itself counts.
 */
export async function surroundingsOf(
  tx: Tx,
  files: readonly StayFile[],
  silences: Silences,
  watermark: Instant,
): Promise<(file: StayFile) => Surroundings> {
  const persons = new Map(files.map((file) => [file, patientsOf(file)]));
  const everyone = [...new Set([...persons.values()].flat())];
  if (everyone.length === 0) return () => ({ kin: [], suspected: false });
  const [{ transferred, protectionFor }, suspicions, silent] = await Promise.all([
    readPersons(tx, everyone),
    tx.query<{ stay_id: string }>(SUSPECTED_STAYS([files.map((file) => file.stayId)])),
    silences.silentAt(tx, watermark),
  ]);
  const kin = await readKin(tx, transferred);
  const suspected = new Set(suspicions.rows.map((row) => row.stay_id));
  return (file) => ({
    protection: protectionFor(persons.get(file) ?? []),
    kin: kin.filter(({ events }) => patientsIn(events).some((id) => persons.get(file)?.includes(id))),
    suspected: suspected.has(file.stayId),
    ...(silent.size > 0 &&
      sendersOf(file).some((sender) => silent.has(sender)) && { silentUntil: nextHour(watermark) }),
  });
}

const sendersOf = (file: StayFile): string[] => [...file.events.values()].map((kept) => kept.event.sender);
const nextHour = (at: Instant): Instant => hourOf(at) + HOUR;

export function patientsOf(file: StayFile): string[] {
  return patientsIn([...file.events.values()].map((kept) => kept.event));
}
